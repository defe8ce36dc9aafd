import { TarsDecodeException } from '../errors/exceptions.js';

/** What is known of a fault besides its message. */
export interface DecodeFault {
  /** Who read. */
  readonly stream: object;
  readonly offset: number;
  /** Of the field that was asked for; -1 where one should begin and does not. */
  readonly tag: number;
  readonly isMissing: boolean;
  readonly problem: string;
  /** Names of the fields of the structs around it, the innermost first. */
  readonly structs: Readonly<Record<number, string>>[];
}

const faults = new WeakMap<object, DecodeFault>();

/** The exception for a fault. */
export function decodeException(fault: Omit<DecodeFault, 'structs'>): TarsDecodeException {
  const { offset, tag, problem } = fault;
  const field = tag < 0 ? '' : `, tag ${tag}`;
  const exception = new TarsDecodeException(`byte ${offset}${field}: ${problem}`, { where: { offset } });
  faults.set(exception, { ...fault, structs: [] });
  return exception;
}

/** Notes that a fault lies within a struct. Anything else that was thrown is let by. */
export function noteStruct(thrown: unknown, fieldNames: Readonly<Record<number, string>>): void {
  faultOf(thrown)?.structs.push(fieldNames);
}

/** What is known of a fault; undefined for anything else that was thrown. */
export function faultOf(thrown: unknown): DecodeFault | undefined {
  return thrown instanceof TarsDecodeException ? faults.get(thrown) : undefined;
}
