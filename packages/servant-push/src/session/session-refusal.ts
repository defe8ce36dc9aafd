/** Why a client does not get what it has asked for. */
export interface SessionRefusal {
  /** For people. */
  readonly reason: string;
  /** For programs: `refused`, `limit`, `later`, or a word of the program, as `token-expired`. */
  readonly code: string;
  /** It could not be decided now: the client asks again by itself. Otherwise the client stops. */
  readonly isLater: boolean;
}

/** The codes that servants of this package give by themselves. */
export const RefusalCode = {
  /** The program says no. */
  REFUSED: 'refused',
  /** A limit was reached; the reason names it. */
  LIMIT: 'limit',
  /** What decides has failed, or takes too long. */
  LATER: 'later',
} as const;
