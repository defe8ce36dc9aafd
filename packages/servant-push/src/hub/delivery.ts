/**
 * What becomes of a push for a member that is behind, because it reads slower than it is sent to. Members that keep up get every push at
 * once, whatever its class.
 *
 * - `reliable` (default): it waits, in order; at the limit the policy of the class says what happens. With sessions it can be got again after
 *   a reconnect.
 * - `latest`: it waits, and takes the place of what waits under the same key: only the newest value matters.
 * - `volatile`: it is dropped.
 */
export type Delivery = 'reliable' | 'latest' | 'volatile';

/** What happens when more would wait for a member than may. */
export type OverflowPolicy = 'close' | 'drop-oldest' | 'drop-newest';

/** What may wait for one member, of one class of delivery. */
export interface DeliveryLimits {
  /** Bytes of all that waits. */
  readonly bytes: number;
  /** How many pushes; of `latest`: how many keys. */
  readonly pushes: number;
  /** How long the oldest may wait, in ms; 0: no limit. */
  readonly ageMs: number;
  /** `close` ends the connection; the others drop a push, and say so. */
  readonly policy: OverflowPolicy;
}

/** The limits of a hub. */
export interface HubLimits {
  readonly reliable: DeliveryLimits;
  readonly latest: DeliveryLimits;
  readonly volatile: DeliveryLimits;
  /** Bytes that wait for all members together; what is shared counts for each. */
  readonly totalBytes: number;
}

export const defaultHubLimits: HubLimits = {
  reliable: { bytes: 1_048_576, pushes: 10_000, ageMs: 30_000, policy: 'close' },
  latest: { bytes: 262_144, pushes: 1000, ageMs: 0, policy: 'drop-oldest' },
  volatile: { bytes: 0, pushes: 0, ageMs: 0, policy: 'drop-newest' },
  totalBytes: 268_435_456,
};

/** Some of the limits; the others keep their defaults. */
export interface HubLimitOptions {
  readonly reliable?: Partial<DeliveryLimits>;
  readonly latest?: Partial<DeliveryLimits>;
  readonly volatile?: Partial<DeliveryLimits>;
  readonly totalBytes?: number;
}
