import { lowerAscii } from '../buffer/ascii.js';
import type { ConfigException } from '../errors/exceptions.js';
import { MAX_DURATION_MS } from '../time/check-duration.js';
import { configError, quoteConfig } from './config-position.js';
import type { TarsConfig } from './tars-config.js';

/** The range that a number has to lie in, ends included. */
export interface ValueBounds {
  readonly min?: number;
  readonly max?: number;
}

/**
 * The exception for a value that is not allowed, naming the place, the key, the value and what was expected.
 *
 * @param expected as it follows "expected", such as `an integer from 1 to 10`.
 * @param cause what was caught when the value was tried, if anything.
 */
export function configValueError(
  config: TarsConfig,
  domain: string,
  key: string,
  expected: string,
  cause?: unknown,
): ConfigException {
  const path = `${domain}<${key}>`;
  const found = quoteConfig(config.get(path));
  const position = config.positionOf(path);
  const message = `key ${quoteConfig(key)} in ${domain} has the value ${found}; expected ${expected}`;
  return configError(message, position, { key: path }, cause);
}

/**
 * The exception for a key that cannot stand where it stands, whatever its value, which is not quoted: it may be a secret.
 *
 * @param problem as it follows the name of the key, such as `is not known`.
 */
export function configKeyError(config: TarsConfig, domain: string, key: string, problem: string): ConfigException {
  const path = `${domain}<${key}>`;
  return configError(`key ${quoteConfig(key)} in ${domain} ${problem}`, config.positionOf(path), { key: path });
}

function boundsText(what: string, { min, max }: ValueBounds): string {
  if (min !== undefined && max !== undefined) return `${what} from ${min} to ${max}`;
  if (min !== undefined) return `${what} of at least ${min}`;
  return max === undefined ? what : `${what} of at most ${max}`;
}

function isWithin(value: number, { min, max }: ValueBounds): boolean {
  return Number.isSafeInteger(value) && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
}

function integerOf(
  config: TarsConfig,
  domain: string,
  key: string,
  fallback: number,
  bounds: ValueBounds,
  what: string,
): number {
  const text = config.get(`${domain}<${key}>`);
  if (text === '') return fallback;
  const value = parseInteger(text);
  if (!isWithin(value, bounds)) throw configValueError(config, domain, key, boundsText(what, bounds));
  return value;
}

/** The integer that a text is; NaN when it is none. */
export function parseInteger(text: string): number {
  return /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
}

/**
 * An integer. As with all of these functions, a key that is missing or empty gives the fallback, which is not checked.
 *
 * @throws ConfigException for another text, or a number out of its bounds.
 */
export function integerValue(
  config: TarsConfig,
  domain: string,
  key: string,
  fallback: number,
  bounds: ValueBounds = {},
): number {
  return integerOf(config, domain, key, fallback, bounds, 'an integer');
}

/**
 * A duration in milliseconds, written as a plain integer; never negative, and never more than a timer can hold.
 *
 * @throws ConfigException for another text, or a number out of its bounds.
 */
export function durationMsValue(
  config: TarsConfig,
  domain: string,
  key: string,
  fallback: number,
  bounds: ValueBounds = {},
): number {
  return integerOf(
    config,
    domain,
    key,
    fallback,
    { min: 0, max: MAX_DURATION_MS, ...bounds },
    'milliseconds as an integer',
  );
}

const unitBytes: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/**
 * A size in bytes: a number, fractions allowed, and perhaps `K`, `M` or `G` (1024-based, either case) behind it, as
 * `10M` or `1.5G`. Rounded down to whole bytes.
 *
 * @param bounds in bytes.
 * @throws ConfigException for another text, where TarsCpp silently takes the fallback. Source: TC_Common::toSize.
 */
export function sizeValue(
  config: TarsConfig,
  domain: string,
  key: string,
  fallback: number,
  bounds: ValueBounds = {},
): number {
  const text = config.get(`${domain}<${key}>`);
  if (text === '') return fallback;
  const value = parseSize(text);
  if (isWithin(value, bounds)) return value;
  throw configValueError(
    config,
    domain,
    key,
    boundsText('a size in bytes such as 1048576, 512K, 10M or 1.5G,', bounds),
  );
}

/** The bytes that a size such as `10M` stands for; NaN when the text is no size. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMG]?)$/i.exec(text);
  const unit = unitBytes[lowerAscii(match?.[2] ?? '')] ?? Number.NaN;
  return match === null ? Number.NaN : Math.floor(Number(match[1]) * unit);
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['y', true],
  ['1', true],
  ['true', true],
  ['n', false],
  ['0', false],
  ['false', false],
]);

/**
 * A yes or no: `y`, `1`, `true`, `n`, `0` or `false`, in either case.
 *
 * @throws ConfigException for another text.
 */
export function booleanValue(config: TarsConfig, domain: string, key: string, fallback: boolean): boolean {
  const text = config.get(`${domain}<${key}>`);
  if (text === '') return fallback;
  const value = parseBoolean(text);
  if (value === undefined) throw configValueError(config, domain, key, 'one of y, n, 1, 0, true, false');
  return value;
}

/** The yes or no that a text is; undefined when it is neither. */
export function parseBoolean(text: string): boolean | undefined {
  return booleans.get(lowerAscii(text));
}
