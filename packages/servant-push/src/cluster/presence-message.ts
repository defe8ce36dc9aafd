import { decodeUtf8, TarsDecodeException } from '@tarsier/framework';
import type { Counts } from './presence-index.js';

/** What nodes tell each other about who is there; `n` is the sender. */
export type PresenceMessage =
  /** A change. */
  | { readonly k: 'change'; readonly n: string; readonly v: number; readonly c: Counts }
  /** A sign of life, with the version of the last change. */
  | { readonly k: 'beat'; readonly n: string; readonly v: number }
  /** Asks a node for everything. */
  | { readonly k: 'ask'; readonly n: string }
  /** A part of everything. */
  | {
      readonly k: 'all';
      readonly n: string;
      readonly v: number;
      readonly part: number;
      readonly of: number;
      readonly c: Counts;
    }
  /** It leaves. */
  | { readonly k: 'bye'; readonly n: string };

/** Names of nodes are tokens. */
const NODE = /^[\w-]{1,64}$/;

/** @throws TarsDecodeException for what is no message of presence: something else writes to the engine. */
export function decodePresence(bytes: Uint8Array): PresenceMessage {
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(bytes));
  } catch (error) {
    throw none(error);
  }
  if (!isMessage(value)) throw none(undefined);
  return value;
}

function none(cause: unknown): TarsDecodeException {
  return new TarsDecodeException(
    'a message of the engine is no news of a node; does something else use the same name there?',
    {
      cause,
    },
  );
}

function isMessage(value: unknown): value is PresenceMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { k, n, v, c, part, of } = value as Record<string, unknown>;
  if (typeof n !== 'string' || !NODE.test(n)) return false;
  switch (k) {
    case 'ask':
    case 'bye':
      return true;
    case 'beat':
      return isCount(v);
    case 'change':
      return isCount(v) && isCounts(c);
    case 'all':
      return isCount(v) && isCount(part) && isCount(of) && part < of && isCounts(c);
    default:
      return false;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: unknown): value is Counts {
  return (
    Array.isArray(value) &&
    value.every(
      (one: unknown) => Array.isArray(one) && one.length === 2 && typeof one[0] === 'string' && isCount(one[1]),
    )
  );
}
