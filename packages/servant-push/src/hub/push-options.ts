import type { Delivery } from './delivery.js';

/** How one push is delivered. */
export interface PushOptions {
  /** `reliable` unless told. */
  readonly delivery?: Delivery;
  /** Of `latest`: what it is the newest value of, within its address; '' unless told. */
  readonly key?: string;
  /** What the encoder is told that it is about; the name of the group unless told, or of the user. */
  readonly topic?: string;
}
