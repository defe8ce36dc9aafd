import { MAX_DURATION_MS } from '@tarsier/protocol';
import { shownValue } from '@tarsier/protocol/internal';
import { consistentHashKey, hashKey } from '../endpoints/hash-key.js';
import { CallPlan } from './call-plan.js';
import { invalidArgument } from './invalid-argument.js';

/** What one call may be given. */
export interface CallOptions {
  /** Deadline in ms from the call on, whatever phase it is in; default is that of the proxy. Not raised to `min-timeout`. */
  readonly timeoutMs?: number;
  /** The same under its short name; `timeoutMs` wins. */
  readonly timeout?: number;
  /** Ends the call with `TARSIER_ABORTED`. A request that was sent is not taken back from the server. */
  readonly signal?: AbortSignal;
  /** Calls with the same key go to the same node while the list of nodes stays the same. Source: tars_hash. */
  readonly hash?: number | bigint | string;
  /** As `hash`, and most keys keep their node when the list changes. `hash` wins. Source: tars_consistent_hash. */
  readonly consistentHash?: number | bigint | string;
  /**
   * The call may be served twice. It is made again on another node (the same, if there is no other) when its connection is
   * lost, and on another node when the server answers that it is overloaded (-9) or that the request waited too long there
   * (-6); within the deadline and the retry budget of the proxy. A timeout is not retried: the deadline is over then.
   */
  readonly idempotent?: boolean;
  /** How often an idempotent call may be made again; default 1. Cannot be given without `idempotent: true`. */
  readonly retries?: number;
}

/** The longest time in ms that a call or connect may be given. */
export const MAX_TIMEOUT_MS: number = MAX_DURATION_MS;
const DEFAULT_RETRIES = 1;
const MAX_RETRIES = 100;

/**
 * Checks a time in ms given by the program.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT`.
 */
export function checkTimeoutMs(name: string, value: number, object: string): number {
  if (typeof value === 'number' && value > 0 && value <= MAX_DURATION_MS) return value;
  throw invalidArgument(object, `${name} must be a number of ms above 0, found ${shownValue(value)}`);
}

function retriesOf({ idempotent, retries }: CallOptions, object: string): number {
  if (idempotent !== true) {
    if (retries === undefined || retries === 0) return 0;
    throw invalidArgument(
      object,
      'retries needs idempotent: true, because a server may have served the request that is made again',
    );
  }
  if (retries === undefined) return DEFAULT_RETRIES;
  if (Number.isInteger(retries) && retries >= 0 && retries <= MAX_RETRIES) return retries;
  throw invalidArgument(object, `retries must be an integer from 0 to ${MAX_RETRIES}, found ${shownValue(retries)}`);
}

function checkSignal(signal: AbortSignal | undefined, object: string): void {
  if (signal === undefined || typeof signal?.addEventListener === 'function') return;
  throw invalidArgument(object, `signal must be an AbortSignal, found ${shownValue(signal)}`);
}

/**
 * What options say besides deadline and signal, which is looked at too; undefined when that is nothing.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT`.
 */
export function planOf(options: CallOptions, object: string): CallPlan | undefined {
  const { hash, consistentHash } = options;
  checkSignal(options.signal, object);
  const retries = retriesOf(options, object);
  if (hash !== undefined) return new CallPlan({ balance: 'hash', key: keyOf('hash', hash, object), retries });
  if (consistentHash !== undefined) {
    return new CallPlan({ balance: 'consistentHash', key: keyOf('consistentHash', consistentHash, object), retries });
  }
  return retries === 0 ? undefined : new CallPlan({ balance: 'spread', key: 0, retries });
}

function keyOf(name: 'hash' | 'consistentHash', value: number | bigint | string, object: string): number {
  const isKey = typeof value === 'string' || typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!isKey)
    throw invalidArgument(object, `${name} must be an integer, a bigint or a string, found ${shownValue(value)}`);
  return name === 'hash' ? hashKey(value) : consistentHashKey(value);
}
