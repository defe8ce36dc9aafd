import { MAX_COUNT, MAX_DURATION_MS } from '@tarsier/protocol';
import { parseInteger, parseSize } from '@tarsier/protocol/internal';

/** What a value is, hence how it is read and checked. */
export type KeyKind =
  | 'count'
  | 'duration'
  | 'bytes'
  | 'boolean'
  | 'word'
  | 'addresses'
  | 'endpoint'
  | 'object'
  | 'path'
  | 'text';

/** The endpoints on which a key can act; a key without it acts on all. */
export type ActsOn = 'tls' | 'webSocket' | 'address';

/** What is known of a configuration key. */
export interface ConfigKey<Kind extends KeyKind = KeyKind> {
  readonly kind: Kind;
  /** Default, as it would be written; empty for none. */
  readonly default: string;
  /** Unit or form of the value, as the page of the configuration says it. */
  readonly form: string;
  readonly meaning: string;
  /** Of a number: the default as a number. */
  readonly initial?: number;
  /** Of a number: its bounds. */
  readonly min?: number;
  readonly max?: number;
  /** Of a word: what it may be. Of a count: what it may be instead of a number. */
  readonly words?: readonly string[];
  /** The server section's value counts for adapters that have none. */
  readonly isShared?: true;
  readonly on?: ActsOn;
  /** It decides who is let in, or what others may see: where it cannot act, the server does not start. */
  readonly protects?: true;
}

/** The kind of the key whose value has this type in an object. */
type KindOf<T> = [T] extends [boolean]
  ? 'boolean'
  : [T] extends [number]
    ? 'count' | 'duration'
    : string extends T
      ? number extends T
        ? 'bytes'
        : 'addresses' | 'endpoint' | 'object' | 'path' | 'text'
      : number extends T
        ? 'count'
        : 'word';

/** A key for each option of a section: one that is missing, or of another kind, does not compile. */
export type KeyTable<Section> = { readonly [K in keyof Section]-?: ConfigKey<KindOf<NonNullable<Section[K]>>> };

type Extra = Partial<Pick<ConfigKey, 'min' | 'max' | 'words' | 'on' | 'protects' | 'form'>>;

/** Keys of the largest kinds of value. */
const MAX_BYTES = Number.MAX_SAFE_INTEGER;

/** A number of things. */
export function count(initial: string, meaning: string, extra: Extra = {}): ConfigKey<'count'> {
  const bounds = { min: 0, max: MAX_COUNT, initial: parseInteger(initial) };
  return { kind: 'count', default: initial, form: 'number', meaning, ...bounds, ...extra };
}

/** A time in ms, within what a timer can hold. */
export function duration(initial: string, meaning: string, extra: Extra = {}): ConfigKey<'duration'> {
  const bounds = { min: 0, max: MAX_DURATION_MS, initial: parseInteger(initial) };
  return { kind: 'duration', default: initial, form: 'ms', meaning, ...bounds, ...extra };
}

/** A number of bytes, as `10M`. */
export function bytes(initial: string, meaning: string, extra: Extra = {}): ConfigKey<'bytes'> {
  const bounds = { min: 0, max: MAX_BYTES, initial: parseSize(initial) };
  return { kind: 'bytes', default: initial, form: 'size', meaning, ...bounds, ...extra };
}

/** A yes or no. */
export function yesNo(initial: 'y' | 'n', meaning: string, extra: Extra = {}): ConfigKey<'boolean'> {
  return { kind: 'boolean', default: initial, form: 'yes or no', meaning, ...extra };
}

/** One of some words. */
export function word(initial: string, words: readonly string[], meaning: string, extra: Extra = {}): ConfigKey<'word'> {
  const all = words.map((one) => `\`${one}\``);
  const form = `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
  return { kind: 'word', default: initial, form, meaning, words, ...extra };
}

/** A text of a form of its own. */
export function text<Kind extends 'endpoint' | 'object' | 'path' | 'text' | 'addresses'>(
  kind: Kind,
  form: string,
  initial: string,
  meaning: string,
  extra: Extra = {},
): ConfigKey<Kind> {
  return { kind, default: initial, form, meaning, ...extra };
}

/** The key of an adapter that counts for all of them in the server section. */
export function ofServer<Kind extends KeyKind>(key: ConfigKey<Kind>): ConfigKey<Kind> {
  return {
    ...key,
    default: 'that of the server',
    meaning: 'as in the server section, for this adapter',
    isShared: true,
  };
}
