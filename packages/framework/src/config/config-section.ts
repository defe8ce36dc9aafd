import type { ConfigException, TarsConfig } from '@tarsier/protocol';
import {
  booleanValue,
  configValueError,
  durationMsValue,
  integerValue,
  lowerAscii,
  sizeValue,
} from '@tarsier/protocol/internal';
import type { ConfigKey, KeyTable } from './config-key.js';

/** The names of the keys of a section whose value has a type in an object. */
type NamesOf<Section, T> = {
  [K in keyof Section]-?: Extract<NonNullable<Section[K]>, T> extends never ? never : K;
}[keyof Section] &
  string;

/** The words that a key may be. */
type WordOf<Section, K extends keyof Section> = Extract<NonNullable<Section[K]>, string>;

/**
 * A domain of the configuration, read through the table of its keys: that is where kind, default and bounds of a value are known, and
 * nowhere else.
 */
export class ConfigSection<Section> {
  readonly config: TarsConfig;
  /** Its path, as `/tars/application/server`. */
  readonly domain: string;
  readonly keys: KeyTable<Section>;
  /** Where keys are looked for that this section shares and does not have. */
  readonly #parent: string;

  /** @param parent the domain that has the keys which this one shares; itself unless given. */
  constructor(config: TarsConfig, domain: string, keys: KeyTable<Section>, parent: string = domain) {
    this.config = config;
    this.domain = domain;
    this.keys = keys;
    this.#parent = parent;
  }

  /** Whether a key stands in this section, or in that which it shares it with, and is not empty. */
  has(key: keyof Section & string): boolean {
    return this.config.get(`${this.#placeOf(key)}<${key}>`) !== '';
  }

  /** Whether a key stands in this section itself, and is not empty. */
  hasOwn(key: keyof Section & string): boolean {
    return this.config.get(`${this.domain}<${key}>`) !== '';
  }

  /**
   * A number: a count, a duration in ms or bytes, by the kind of the key.
   *
   * @param otherwise instead of the default, where another value decides about it.
   * @throws ConfigException for another text, or a number out of the bounds of the key.
   */
  number(key: NamesOf<Section, number>, otherwise?: number): number {
    const { kind, initial = 0, min, max }: ConfigKey = this.keys[key];
    const bounds = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
    const read = kind === 'bytes' ? sizeValue : kind === 'duration' ? durationMsValue : integerValue;
    return read(this.config, this.#placeOf(key), key, otherwise ?? initial, bounds);
  }

  /**
   * A yes or no.
   *
   * @throws ConfigException for another text.
   */
  flag(key: NamesOf<Section, boolean>): boolean {
    return booleanValue(this.config, this.#placeOf(key), key, this.keys[key].default === 'y');
  }

  /** A text; the given one, or an empty one, where there is none. */
  text(key: NamesOf<Section, string>, otherwise = ''): string {
    return this.config.get(`${this.#placeOf(key)}<${key}>`) || otherwise;
  }

  /**
   * One of the words of a key, in any case.
   *
   * @throws ConfigException for another.
   */
  word<K extends NamesOf<Section, string>>(key: K): WordOf<Section, K> {
    const { default: initial, words = [], form }: ConfigKey = this.keys[key];
    const given = lowerAscii(this.text(key, initial));
    const found = words.find((one) => lowerAscii(one) === given);
    if (found === undefined) throw this.error(key, form.replaceAll('`', ''));
    return found as WordOf<Section, K>;
  }

  /** The exception for the value of a key, with file, line and what was expected. */
  error(key: keyof Section & string, expected: string, cause?: unknown): ConfigException {
    return configValueError(this.config, this.#placeOf(key), key, expected, cause);
  }

  /** The domain that the value of a key comes from. */
  #placeOf(key: keyof Section & string): string {
    const isElsewhere = this.keys[key].isShared === true && !this.hasOwn(key);
    return isElsewhere && this.config.get(`${this.#parent}<${key}>`) !== '' ? this.#parent : this.domain;
  }
}
