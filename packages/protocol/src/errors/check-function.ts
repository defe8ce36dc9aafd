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
