import { shownValue } from '@tarsier/protocol/internal';
import { invalidArgument } from '../call/invalid-argument.js';

/**
 * When a node counts as unhealthy, and when it is tried again.
 *
 * Times are in seconds, as in C++; fractions are allowed. Source: CheckTimeoutInfo (servant/servant/Message.h).
 */
export interface CheckTimeoutInfo {
  /** Failures within the interval that the ratio rule needs; default 1. */
  readonly minTimeoutInvoke: number;
  /** Length of the interval in s that calls and failures are counted over; default 5. */
  readonly checkTimeoutInterval: number;
  /** Failures one after the other, with no answer between, that suffice; default 1. */
  readonly frequenceFailInvoke: number;
  /** Seconds from the first to the last of them, unless `frequenceFailInvoke` is 1; default 3. */
  readonly minFrequenceFailTime: number;
  /** Share of the calls of the interval that has to fail, 0 to 1; default 0.05. */
  readonly radio: number;
  /** Seconds between two attempts at an unhealthy node; default 5. */
  readonly tryTimeInterval: number;
  /** Attempts to connect, one after the other, that may fail before the node is passed over; default 1. */
  readonly maxConnectExc: number;
}

/** The defaults of TARS. */
export const defaultCheckTimeoutInfo: CheckTimeoutInfo = {
  minTimeoutInvoke: 1,
  checkTimeoutInterval: 5,
  frequenceFailInvoke: 1,
  minFrequenceFailTime: 3,
  radio: 0.05,
  tryTimeInterval: 5,
  maxConnectExc: 1,
};

/** The smallest value of each field that is not a number of times, which is at least 1; and the largest of `radio`. */
const smallest: Partial<CheckTimeoutInfo> = {
  checkTimeoutInterval: 0.001,
  minFrequenceFailTime: 0,
  radio: 0,
  tryTimeInterval: 0.001,
};

/**
 * Completes and checks what a program gives.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` that names the field.
 */
export function checkTimeoutInfo(info: Partial<CheckTimeoutInfo>, object: string): CheckTimeoutInfo {
  const known = { ...defaultCheckTimeoutInfo, ...info };
  for (const name of Object.keys(defaultCheckTimeoutInfo) as (keyof CheckTimeoutInfo)[]) {
    const value: unknown = known[name];
    const min = smallest[name] ?? 1;
    const max = name === 'radio' ? 1 : Number.MAX_SAFE_INTEGER;
    if (typeof value === 'number' && value >= min && value <= max) continue;
    const range = name === 'radio' ? 'from 0 to 1' : `of at least ${min}`;
    throw invalidArgument(
      object,
      `${name} must be a number ${range}, found ${shownValue(value)}; see CheckTimeoutInfo`,
      name,
    );
  }
  return known;
}
