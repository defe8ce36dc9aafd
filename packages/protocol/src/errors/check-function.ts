import { shownValue } from './shown-value.js';
import { TarsException } from './tars-exception.js';

/**
 * Checks a function that a program hands over, where it hands it over.
 *
 * @param taker what it is for, for the message.
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is none.
 */
export function checkFunction(taker: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new TarsException(`${taker} takes a function, found ${shownValue(value)}`, {
    code: 'TARSIER_INVALID_ARGUMENT',
  });
}

/**
 * Checks an object that a program hands over, where it hands it over.
 *
 * @param what it is, for the message.
 * @param needed names of the methods that it must have.
 * @param optional names of those that it may have.
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no object, lacks one, or has a value in its place.
 */
export function checkMethods(
  what: string,
  value: unknown,
  needed: readonly string[],
  optional: readonly string[] = [],
): void {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  const has = (name: string): unknown => (isObject ? (Reflect.get(value, name) as unknown) : undefined);
  for (const name of needed) checkFunction(`${name} of ${what}`, has(name));
  for (const name of optional) if (has(name) !== undefined) checkFunction(`${name} of ${what}`, has(name));
}
