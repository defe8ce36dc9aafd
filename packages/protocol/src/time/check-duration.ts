import { TarsException, type Where } from '../errors/tars-exception.js';

/** The longest time that a timer can hold, in ms: what is longer would fire at once. */
export const MAX_DURATION_MS = 2_147_483_647;

/** The largest count that may be set: what an int of TARS holds. */
export const MAX_COUNT = 2_147_483_647;

/** The bounds of a number that a program gives, and what a message about it names. */
export interface NumberRules {
  /** Default 1: a time that may be 0 says so. */
  readonly min?: number;
  /** Default {@link MAX_DURATION_MS} or {@link MAX_COUNT}. */
  readonly max?: number;
  /** What the exception carries besides its text, as `{ object: 'App.Server.Obj' }`. */
  readonly where?: Where;
}

function refuse(name: string, expected: string, value: unknown, where: Where): TarsException {
  const found = typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : describe(value);
  return new TarsException(`${name} must be ${expected}, found ${found}`, {
    code: 'TARSIER_INVALID_ARGUMENT',
    where: { key: name, ...where },
  });
}

function describe(value: unknown): string {
  return typeof value === 'number' || typeof value === 'bigint' || value === undefined || value === null
    ? String(value)
    : typeof value;
}

function isWithin(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

/**
 * Checks a time in ms that a program gives, before any timer sees it. Everything that takes a time calls this: Node would turn
 * what is too long, negative or not a number into 1 ms.
 *
 * @param name as the program wrote it, for the message.
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` for anything but an integer within the bounds.
 */
export function checkDurationMs(name: string, value: unknown, rules: NumberRules = {}): number {
  const { min = 1, max = MAX_DURATION_MS, where = {} } = rules;
  if (isWithin(value, min, max)) return value;
  throw refuse(name, `a whole number of ms from ${min} to ${max}`, value, where);
}

/**
 * Checks a count, or a number of bytes, that a program gives.
 *
 * @param name as the program wrote it, for the message.
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` for anything but an integer within the bounds.
 */
export function checkCount(name: string, value: unknown, rules: NumberRules = {}): number {
  const { min = 1, max = MAX_COUNT, where = {} } = rules;
  if (isWithin(value, min, max)) return value;
  throw refuse(name, `an integer from ${min} to ${max}`, value, where);
}

/** What a timer is given: a sum of times may be more than it can hold, and waits as long as it can then. */
export function timerMs(ms: number): number {
  return Math.min(Math.max(1, Math.ceil(ms)), MAX_DURATION_MS);
}
