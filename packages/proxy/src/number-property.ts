import { ConfigException, MAX_DURATION_MS } from '@tarsier/protocol';

/**
 * Name, default, smallest and largest value of a property that is a number: an integer, unless the largest is 1.
 * Without bounds it is a time in ms above 0.
 */
export type NumberProperty = readonly [name: string, initial: number, min?: number, max?: number];

/** @throws ConfigException that names the property, for a text that is no such number. */
export function checkNumber([key, , min = 1, max = MAX_DURATION_MS]: NumberProperty, text: string): void {
  const [form, kind] = max === 1 ? [/^\d+(\.\d+)?$/, 'a number'] : [/^\d+$/, 'an integer'];
  const number = form.test(text) ? Number(text) : -1;
  if (number >= min && number <= max) return;
  throw new ConfigException(`property ${key}: expected ${kind} from ${min} to ${max}, found "${text}"`, {
    where: { key },
  });
}
