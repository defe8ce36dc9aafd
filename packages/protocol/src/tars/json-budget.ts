import { type DecodeBudget, type DecodeLimits, decodeDefaults, LOOK_EVERY } from './decode-budget.js';

/** Of the packet whose JSON is made values of right now. JSON is decoded in one go, so that there is never more than one. */
let current: DecodeBudget | undefined;
/** Characters until the clock is looked at. */
let untilLook = LOOK_EVERY;

/**
 * Lets all that `read` makes of JSON weigh upon a budget. Types of JSON do not hand it on: `fromJson` is called by generated code, and by
 * code that users write.
 */
export function withJsonBudget<T>(budget: DecodeBudget, read: () => T): T {
  const before = current;
  current = budget;
  untilLook = LOOK_EVERY;
  try {
    return read();
  } finally {
    current = before;
  }
}

/** Whether values are made of JSON within a budget right now. */
export function hasJsonBudget(): boolean {
  return current !== undefined;
}

/** What JSON in JSON may cost, as keys of maps are: what is left to the packet, or the defaults. */
export function jsonAllowance(): DecodeLimits {
  return current ?? decodeDefaults;
}

/** Takes units for a container that is about to be made of JSON. @throws TarsDecodeException `TARSIER_DECODE_LIMIT` */
export function chargeJson(units: number): void {
  current?.charge(units);
}

/** Counts what was made of some characters, and looks at the clock in time. @throws TarsDecodeException `TARSIER_DECODE_LIMIT` */
export function countJson(characters: number): void {
  if (current === undefined) return;
  untilLook -= characters;
  if (untilLook <= 0) untilLook = current.look();
}
