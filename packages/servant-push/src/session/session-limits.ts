import { TarsException } from '@tarsier/framework';

/** How long sessions are kept, how many, and what a client may ask for. */
export interface SessionLimits {
  /** How long a client may be away, in ms; 30000 unless told. */
  readonly windowMs: number;
  /** Sessions without a connection that are kept; 100000 unless told. Beyond it the address that has most of them loses its oldest. */
  readonly maxAway: number;
  /** How many of them one user may have; 100 unless told. Beyond it the oldest of this user ends. */
  readonly maxAwayPerUser: number;
  /** How many of them one address may have (of IPv6: one /64); as `maxAway` unless told. Beyond it the oldest of this address ends. */
  readonly maxAwayPerAddress: number;
  /** Groups of a member beyond which its client is refused another one; 2000 unless told. What the program joins is not refused. */
  readonly maxGroups: number;
  /** Bytes of the name of a group that a client may ask for, in UTF-8; 256 unless told. */
  readonly maxNameBytes: number;
  /** Bytes of the credentials of a client; 8192 unless told, 65535 at most. */
  readonly maxCredentialBytes: number;
  /** Requests of one connection that may wait for the one before them; 1000 unless told. Beyond it the connection is closed. */
  readonly maxWaiting: number;
  /** How long `identify`, `maySubscribe` and `mayKeep` may take, in ms; 3000 unless told. Then the client is told "later". */
  readonly decisionMs: number;
}

/** Every limit with its default, and the least and the most that make sense. */
const table: Readonly<Record<keyof SessionLimits, readonly [normal: number, min: number, max: number]>> = {
  // The time to live in engines is three times as long, and all of it is given to timers.
  windowMs: [30_000, 0, 700_000_000],
  maxAway: [100_000, 0, 16_000_000],
  maxAwayPerUser: [100, 1, 16_000_000],
  maxAwayPerAddress: [100_000, 1, 16_000_000],
  maxGroups: [2000, 0, 1_000_000],
  maxNameBytes: [256, 1, 65_535],
  maxCredentialBytes: [8192, 0, 65_535],
  maxWaiting: [1000, 1, 1_000_000],
  decisionMs: [3000, 1, 2_147_483_647],
};

/** The names of all limits. */
export const sessionLimitNames: readonly (keyof SessionLimits)[] = Object.keys(table) as (keyof SessionLimits)[];

/**
 * The limits with their defaults.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` that names the one that is wrong, or that there is not.
 */
export function sessionLimits(options: Partial<SessionLimits> = {}): SessionLimits {
  for (const name of Object.keys(options)) {
    if (!(name in table)) throw invalid(name, `no option; there are ${sessionLimitNames.join(', ')}`);
  }
  const limits: Record<string, number> = {};
  for (const name of sessionLimitNames) {
    const [normal, min, max] = table[name];
    const { [name]: value = normal } = options;
    if (!(Number.isInteger(value) && value >= min && value <= max)) {
      throw invalid(name, `must be an integer from ${min} to ${max}, found ${String(value)}`);
    }
    limits[name] = value;
  }
  if (options.maxAwayPerAddress === undefined) limits['maxAwayPerAddress'] = Math.max(1, limits['maxAway'] ?? 0);
  return limits as unknown as SessionLimits;
}

function invalid(name: string, problem: string): TarsException {
  return new TarsException(`PushHub: sessions.${name} ${problem.startsWith('no ') ? 'is ' : ''}${problem}`, {
    code: 'TARSIER_INVALID_ARGUMENT',
    where: { key: `sessions.${name}` },
  });
}
