import { type Bytes, ByteVector, decodeUtf8, encodeUtf8, TarsDecodeException } from '@tarsier/framework';
import type { Delivery } from '../hub/delivery.js';
import type { HubMessage } from '../hub/hub-message.js';
import type { LabelMatch } from '../hub/labels.js';

/** A push on its way between nodes. */
export interface PushRecord {
  /** Who made it, and its number there. */
  readonly node: string;
  readonly number: number;
  readonly address: string;
  readonly topic: string;
  readonly delivery: Delivery;
  readonly key: string;
  readonly where: LabelMatch | undefined;
  readonly payload: Uint8Array;
}

/** The head as JSON, with short names. */
interface Head {
  readonly n: string;
  readonly i: number;
  readonly a: string;
  readonly t?: string;
  readonly d?: Delivery;
  readonly k?: string;
  readonly w?: LabelMatch;
}

const SIZE_BYTES = 4;

/** `| size of the head: uint32 BE | head as JSON | payload |` */
export function encodePush(node: string, number: number, message: HubMessage): Uint8Array {
  const { address, topic, delivery, key, where } = message;
  const head: Head = {
    n: node,
    i: number,
    a: address,
    ...(topic !== '' && { t: topic }),
    ...(delivery !== 'reliable' && { d: delivery }),
    ...(key !== '' && { k: key }),
    ...(where !== undefined && { w: where }),
  };
  const text = encodeUtf8(JSON.stringify(head));
  const payload = plainBytes(message.payload);
  const all = new Uint8Array(SIZE_BYTES + text.length + payload.length);
  new DataView(all.buffer).setUint32(0, text.length);
  all.set(text, SIZE_BYTES);
  all.set(payload, SIZE_BYTES + text.length);
  return all;
}

function plainBytes(bytes: Bytes): Uint8Array {
  return bytes instanceof ByteVector ? bytes.data() : bytes;
}

/** @throws TarsDecodeException for bytes that are no push: something else writes to the log. */
export function decodePush(bytes: Uint8Array): PushRecord {
  try {
    const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
    const head = JSON.parse(decodeUtf8(bytes.subarray(SIZE_BYTES, SIZE_BYTES + size))) as unknown;
    checkHead(head);
    return {
      node: head.n,
      number: head.i,
      address: head.a,
      topic: head.t ?? '',
      delivery: head.d ?? 'reliable',
      key: head.k ?? '',
      where: head.w,
      payload: bytes.subarray(SIZE_BYTES + size),
    };
  } catch (error) {
    throw new TarsDecodeException('an entry of the engine is no push; does something else use the same name there?', {
      cause: error,
    });
  }
}

const DELIVERIES: readonly unknown[] = [undefined, 'reliable', 'latest', 'volatile'];

/** Everything that is done with a push later relies on it: a filter or a class that is none would throw where no caller stands. */
function checkHead(head: unknown): asserts head is Head {
  if (typeof head !== 'object' || head === null) throw new TypeError('the head is no object');
  const { n, i, a, t, d, k, w } = head as Record<keyof Head, unknown>;
  const isSound =
    typeof n === 'string' &&
    Number.isSafeInteger(i) &&
    typeof a === 'string' &&
    (t === undefined || typeof t === 'string') &&
    DELIVERIES.includes(d) &&
    (k === undefined || typeof k === 'string') &&
    (w === undefined || isMatch(w));
  if (!isSound) throw new TypeError('the head lacks a field, or one of them is of another type');
}

function isMatch(value: unknown): value is LabelMatch {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((one: unknown) => (Array.isArray(one) ? one.every(isLabel) : isLabel(one)));
}

function isLabel(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Names a push among all nodes. */
export function pushId({ node, number }: { readonly node: string; readonly number: number }): string {
  return `${node}-${number}`;
}
