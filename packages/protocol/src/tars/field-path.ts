import { type Bytes, ByteVector } from '../buffer/byte-vector.js';
import type { DecodeFault } from './decode-fault.js';
import { WireType } from './wire-type.js';

type FieldNames = Readonly<Record<number, string>>;

/** A container that a fault lies in, and the index in it, or tag, that was come to. */
interface Step {
  readonly kind: 'struct' | 'list' | 'map';
  readonly names: FieldNames | undefined;
  at: number;
}

const payloadBytes: Readonly<Record<number, number>> = {
  [WireType.INT1]: 1,
  [WireType.INT2]: 2,
  [WireType.INT4]: 4,
  [WireType.INT8]: 8,
  [WireType.FLOAT]: 4,
  [WireType.DOUBLE]: 8,
};

/**
 * The path of the field that a fault lies in, as `vec.All.path[3].x`: walks through the bytes up to it once more. What has no name is
 * shown by its tag, as `#7`.
 */
export function fieldPath(
  bytes: Bytes,
  names: { readonly typeName: string; readonly fieldNames: FieldNames },
  fault: DecodeFault,
): string {
  const walk = new FaultWalk(bytes, names.fieldNames, fault);
  return names.typeName + walk.find();
}

class FaultWalk {
  readonly #bytes: Uint8Array;
  readonly #fault: DecodeFault;
  readonly #stop: number;
  #at: number;
  readonly #steps: Step[];
  /** How many of the steps are structs. */
  #structs = 1;

  constructor(bytes: Bytes, fieldNames: FieldNames, fault: DecodeFault) {
    const begin = bytes instanceof ByteVector ? bytes.start : 0;
    this.#bytes = bytes instanceof ByteVector ? bytes.buffer : bytes;
    this.#at = begin;
    this.#stop = begin + fault.offset;
    this.#fault = fault;
    this.#steps = [{ kind: 'struct', names: fieldNames, at: 0 }];
  }

  find(): string {
    this.#fields();
    // The last step is that to the field that was asked for, unless that is an element.
    const last = this.#steps.at(-1) as Step;
    if (last.kind === 'struct') last.at = this.#fault.tag;
    return this.#steps.map(textOf).join('');
  }

  /** True once the fault is reached; the others do the same. */
  #fields(): boolean {
    const step = this.#steps.at(-1) as Step;
    for (;;) {
      if (this.#at >= this.#stop) return true;
      const head = this.#head();
      if ((head & 15) === WireType.STRUCT_END) return false;
      step.at = head >> 4;
      if (this.#value(head & 15)) return true;
    }
  }

  #elements(kind: 'list' | 'map', count: number): boolean {
    // Of the container itself, not of an element: its count.
    if (this.#at > this.#stop || (this.#at === this.#stop && !this.#fault.isMissing)) return true;
    const step: Step = { kind, names: undefined, at: 0 };
    this.#steps.push(step);
    for (; step.at < count; step.at++) {
      if (this.#at >= this.#stop || this.#value(this.#head() & 15)) return true;
      // An element whose value is no good, or the field behind the last one.
      if (this.#at === this.#stop && !this.#fault.isMissing) return true;
    }
    this.#steps.pop();
    return false;
  }

  /** The tag above the type, as in heads of one byte. */
  #head(): number {
    const head = this.#bytes[this.#at++] as number;
    return head >> 4 === 15 ? ((this.#bytes[this.#at++] as number) << 4) | (head & 15) : head;
  }

  #value(type: number): boolean {
    if (this.#at >= this.#stop && !this.#fault.isMissing) return true;
    switch (type) {
      case WireType.STRING1:
        this.#at += 1 + this.#unsigned(1);
        return this.#at > this.#stop;
      case WireType.STRING4:
        this.#at += 4 + this.#unsigned(4);
        return this.#at > this.#stop;
      case WireType.SIMPLE_LIST:
        this.#head();
        this.#at += this.#count();
        return this.#at > this.#stop;
      case WireType.LIST:
        return this.#elements('list', this.#count());
      case WireType.MAP:
        return this.#elements('map', 2 * this.#count());
      case WireType.STRUCT_BEGIN: {
        // From the outermost struct inwards.
        const { structs } = this.#fault;
        this.#steps.push({ kind: 'struct', names: structs[structs.length - this.#structs], at: 0 });
        this.#structs++;
        if (this.#fields()) return true;
        this.#structs--;
        this.#steps.pop();
        return false;
      }
      default:
        this.#at += payloadBytes[type] ?? 0;
        return this.#at > this.#stop;
    }
  }

  #count(): number {
    const type = this.#head() & 15;
    const size = payloadBytes[type] ?? 0;
    this.#at += size;
    return this.#unsigned(size, this.#at - size);
  }

  #unsigned(size: number, from: number = this.#at): number {
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + (this.#bytes[from + i] ?? 0);
    return value;
  }
}

function textOf({ kind, names, at }: Step): string {
  if (at < 0) return '';
  if (kind === 'struct') return `.${names?.[at] ?? `#${at}`}`;
  if (kind === 'list') return `[${at}]`;
  return `[${at >> 1}].${at % 2 === 0 ? 'key' : 'value'}`;
}
