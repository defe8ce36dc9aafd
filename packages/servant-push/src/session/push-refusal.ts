import { RefusalCode, type SessionRefusal } from './session-refusal.js';

/** Longer texts are cut: they are sent. */
const MAX_REASON = 500;
const MAX_CODE = 64;

/** More about a {@link PushRefusal}. */
export interface PushRefusalOptions {
  /** A word for the program of the client, of up to 64 characters; `refused` unless told. */
  readonly code?: string;
  /** The client asks again by itself, after a while. False unless told: it stops. */
  readonly isLater?: boolean;
}

/**
 * A refusal with its reason, to be returned or thrown by `identify`, `maySubscribe` and `mayKeep` of a `PushServant`.
 *
 * ```ts
 * return new PushRefusal('the token has expired', { code: 'token-expired' });
 * ```
 */
export class PushRefusal implements SessionRefusal {
  readonly reason: string;
  readonly code: string;
  readonly isLater: boolean;

  /** @param reason is shown to the user of the client; what is longer than 500 characters is cut. */
  constructor(reason: string, { code = RefusalCode.REFUSED, isLater = false }: PushRefusalOptions = {}) {
    this.reason = reason.slice(0, MAX_REASON);
    this.code = code.slice(0, MAX_CODE);
    this.isLater = isLater;
  }
}

/** What a hook of the program has decided could not be known: it threw, or took too long. */
export const UNDECIDED: PushRefusal = new PushRefusal('it cannot be decided now', {
  code: RefusalCode.LATER,
  isLater: true,
});
