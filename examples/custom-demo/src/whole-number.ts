import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number, 1 or more. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number from 1 to 999999999 is expected.');
}
