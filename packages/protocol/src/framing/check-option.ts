import { TarsException } from '../errors/tars-exception.js';

/**
 * Checks a number that a framing is configured with.
 *
 * @throws TarsException (`TARSIER_INVALID_ARGUMENT`) when it is not an integer from `min` to `max`.
 */
export function checkOption(framing: string, name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new TarsException(`${framing}: ${name} is ${value}; it must be an integer from ${min} to ${max}`, {
    code: 'TARSIER_INVALID_ARGUMENT',
    where: { key: name },
  });
}
