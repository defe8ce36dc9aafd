import { deserialize, serialize } from 'node:v8';
import { lengthField, type PacketParser, TarsDecodeException } from '@tarsier/framework';
import type { LogEntry, LogInfo, StoredRecord } from '../cluster/engine.js';

/** What a node asks of the broker; those with an `id` are answered. */
export type BrokerRequest =
  | { readonly op: 'hello'; readonly id: number; readonly node: string }
  | { readonly op: 'log'; readonly id: number }
  | { readonly op: 'entryAt'; readonly id: number; readonly sequence: number }
  | { readonly op: 'renew'; readonly id: number; readonly epoch: string }
  | { readonly op: 'follow'; readonly after: number }
  | { readonly op: 'append'; readonly id: number; readonly entry: LogEntry }
  | { readonly op: 'cast'; readonly id: number; readonly channel: string; readonly bytes: Uint8Array }
  | { readonly op: 'listen' | 'unlisten'; readonly channel: string }
  | {
      readonly op: 'put';
      readonly id: number;
      readonly key: string;
      readonly record: StoredRecord;
      readonly ttlMs: number;
      readonly isNew: boolean;
    }
  | { readonly op: 'get'; readonly id: number; readonly key: string }
  | { readonly op: 'remove'; readonly id: number; readonly key: string; readonly version: number }
  | { readonly op: 'lease'; readonly id: number; readonly ttlMs: number }
  | { readonly op: 'nodes'; readonly id: number };

/** What the broker tells a node. */
export type BrokerNews =
  | { readonly re: number; readonly value: unknown }
  | { readonly re: number; readonly error: string }
  | { readonly ev: 'entry'; readonly entry: BrokerEntry }
  | { readonly ev: 'cast'; readonly channel: string; readonly bytes: Uint8Array }
  /** For whoever takes the place of the broker: a value was stored, or removed. */
  | { readonly ev: 'value'; readonly key: string; readonly value: BrokerValue | undefined }
  /** The same: what the log is now. */
  | { readonly ev: 'log'; readonly info: LogInfo };

/** One entry of the log, and which of which node it is: whoever takes the place of the broker must know it again. */
export interface BrokerEntry {
  readonly node: string;
  readonly number: number;
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** A value of the broker, and how long it is kept. */
export interface BrokerValue {
  readonly record: StoredRecord;
  readonly ttlMs: number;
}

const MAX_BYTES = 268_435_456;
const framing = lengthField({ bytes: 4, includesHeader: true, max: MAX_BYTES, strip: true });

/** Cuts what comes over the socket into messages. */
export const brokerParser: PacketParser = framing;

/** The processes of one machine run the same program, and the socket is theirs alone: the format of V8 will do. */
export function encodeMessage(message: BrokerRequest | BrokerNews): Uint8Array {
  return framing.encode(serialize(message));
}

/** What `encodeMessage` was given at the other side. @throws TarsDecodeException for bytes that it has not made. */
export function decodeMessage(bytes: Uint8Array): unknown {
  try {
    return deserialize(bytes);
  } catch (error) {
    throw new TarsDecodeException(
      'a message of the meeting socket cannot be read; look whether all processes run one version of the program',
      { cause: error },
    );
  }
}
