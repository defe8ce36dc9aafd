import { TarsException, type Where } from '@tarsier/protocol';

/** What one call may be given. */
export interface CallOptions {
  /** Deadline in ms from the call on, whatever phase it is in; default is that of the proxy. Not raised to `min-timeout`. */
  readonly timeoutMs?: number;
  /** The same under its short name; `timeoutMs` wins. */
  readonly timeout?: number;
  /** Ends the call with `TARSIER_ABORTED`. A request that was sent is not taken back from the server. */
  readonly signal?: AbortSignal;
}

/** The longest time in ms that a call or connect may be given. */
export const MAX_TIMEOUT_MS = 2_147_483_647;

/**
 * Checks a time in ms given by the program.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT`.
 */
export function checkTimeoutMs(name: string, value: number, where: Where): number {
  if (typeof value === 'number' && value > 0 && value <= MAX_TIMEOUT_MS) return value;
  throw new TarsException(
    `${where.object ?? 'proxy'}: ${name} must be a number of ms above 0, found ${String(value)}`,
    {
      code: 'TARSIER_INVALID_ARGUMENT',
      where,
    },
  );
}
