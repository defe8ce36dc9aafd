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
    const head = JSON.parse(decodeUtf8(bytes.subarray(SIZE_BYTES, SIZE_BYTES + size))) as Head;
    if (typeof head.n !== 'string' || typeof head.i !== 'number' || typeof head.a !== 'string') {
      throw new TypeError('the head has no node, number or address');
    }
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

/** Names a push among all nodes. */
export function pushId({ node, number }: { readonly node: string; readonly number: number }): string {
  return `${node}-${number}`;
}
