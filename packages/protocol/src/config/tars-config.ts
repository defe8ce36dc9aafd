import { ConfigNoParamException } from '../errors/exceptions.js';
import type { ConfigDomain, ConfigParam } from './config-domain.js';
import { type ConfigObject, domainFromObject } from './config-object.js';
import { parseConfigPath, parseDomainPath, parseKeyPath } from './config-path.js';
import { atPosition, type ConfigPosition, quoteConfig } from './config-position.js';
import { parseTarsConfig } from './tars-config-parser.js';

/**
 * A configuration in the TARS format: nested domains with keys and values.
 *
 * Paths are `/tars/application/server` for a domain and `/tars/application/server<app>` for a key; `/` is the root.
 * Every method that takes a path throws ConfigException for one that is malformed. Keys and domains keep their order.
 *
 * Source: TC_Config (util/include/util/tc_config.h).
 */
export class TarsConfig {
  readonly #root: ConfigDomain;

  private constructor(root: ConfigDomain) {
    this.#root = root;
  }

  /**
   * Reads a text. A byte order mark and CRLF are tolerated.
   *
   * @param options `file`: its name, for messages.
   * @throws ConfigException, as `server.conf:12:3: …`, with `where.file`, `where.line` and `where.column`.
   */
  static parse(text: string, options: { readonly file?: string } = {}): TarsConfig {
    return new TarsConfig(parseTarsConfig(text, options.file));
  }

  /**
   * Makes a configuration of a plain object, as `{ tars: { application: { server: { app: 'Test' } } } }`.
   *
   * @throws ConfigException that names the path of a value that is no string, finite number, boolean or object.
   */
  static fromObject(object: ConfigObject): TarsConfig {
    return new TarsConfig(domainFromObject(object));
  }

  /** The value of a key, or the fallback when the key or its domain is missing. */
  get(path: string, fallback = ''): string {
    return this.#param(path)?.value ?? fallback;
  }

  /**
   * The value of a key that must be there. Source: TC_Config::operator[].
   *
   * @throws ConfigNoParamException that names the key and the domain.
   */
  getRequired(path: string): string {
    const param = this.#param(path);
    if (param !== undefined) return param.value;
    const { domains, key } = parseKeyPath(path);
    const domain = this.#root.find(domains);
    const place = `/${domains.join('/')}`;
    const what =
      domain === undefined
        ? `domain ${place}, which has to hold the key ${quoteConfig(key)}, is missing`
        : `key ${quoteConfig(key)} is missing in ${place}; add a line "${key} = …"`;
    throw new ConfigNoParamException(atPosition(domain?.position) + what, {
      where: { ...domain?.position, key: path },
    });
  }

  /** Whether a key is there, with whatever value. */
  has(path: string): boolean {
    return this.#param(path) !== undefined;
  }

  /** Keys and values of a domain; empty for a domain that is missing. The map is a copy. */
  getDomainMap(path: string): Map<string, string> {
    const map = new Map<string, string>();
    for (const [key, param] of this.#domain(path)?.params ?? []) map.set(key, param.value);
    return map;
  }

  /** The keys of a domain; empty for a domain that is missing. */
  getDomainKey(path: string): string[] {
    return [...(this.#domain(path)?.params.keys() ?? [])];
  }

  /** The lines with keys of a domain, trimmed and otherwise as they were read; none for keys that were set later. */
  getDomainLine(path: string): string[] {
    return [...(this.#domain(path)?.lines ?? [])];
  }

  /** The names of the sub-domains; empty for a domain that is missing. */
  getDomainVector(path: string): string[] {
    return [...(this.#domain(path)?.domains.keys() ?? [])];
  }

  /** Whether a domain is there; for `/`, whether there is any domain. */
  hasDomainVector(path: string): boolean {
    const domain = this.#domain(path);
    return domain === this.#root ? domain.domains.size > 0 : domain !== undefined;
  }

  /** Whether a domain is there. The root always is. */
  hasDomain(path: string): boolean {
    return this.#domain(path) !== undefined;
  }

  /**
   * Where a key or a domain was first read, for messages about its value; undefined for what is missing or was not
   * read from a text. Of a repeated key it is the place of the last one, whose value counts.
   */
  positionOf(path: string): ConfigPosition | undefined {
    const { domains, key } = parseConfigPath(path);
    const domain = this.#root.find(domains);
    return key === undefined ? domain?.position : domain?.params.get(key)?.position;
  }

  /** Sets a key, making its domains when needed. */
  set(path: string, value: string): void {
    const { domains, key } = parseKeyPath(path);
    this.#root.openAll(domains).params.set(key, { value, position: undefined });
  }

  /** Removes a key; says whether it was there. */
  erase(path: string): boolean {
    const { domains, key } = parseKeyPath(path);
    return this.#root.find(domains)?.params.delete(key) ?? false;
  }

  /** Removes a domain with all that it holds; says whether it was there. The root cannot be removed. */
  eraseDomain(path: string): boolean {
    const domains = parseDomainPath(path);
    const name = domains.at(-1);
    return name !== undefined && (this.#root.find(domains.slice(0, -1))?.domains.delete(name) ?? false);
  }

  /**
   * Makes a sub-domain.
   *
   * @param create whether to make the domain of `path` when it is missing.
   * @returns false, and does nothing, when that domain is missing and `create` is false.
   */
  insertDomain(path: string, name: string, create = false): boolean {
    const domain = this.#domainToFill(path, create);
    domain?.openAll([name]);
    return domain !== undefined;
  }

  /** Sets several keys of one domain; `create` and the result as in {@link TarsConfig.insertDomain}. */
  insertDomainParam(path: string, params: Iterable<readonly [string, string]>, create = false): boolean {
    const domain = this.#domainToFill(path, create);
    if (domain === undefined) return false;
    for (const [key, value] of params) domain.params.set(key, { value, position: undefined });
    return true;
  }

  /** Takes over what another configuration has; `update`: whether its value counts where both have a key. */
  joinConfig(other: TarsConfig, update: boolean): void {
    this.#root.merge(other.#root, update);
  }

  /**
   * The text of the configuration, which `parse` reads back: two spaces per level, keys before sub-domains.
   *
   * @throws ConfigException for a key or value that no text can express: outer spaces, or a key with `<` or `#` in front.
   * Source: TC_Config::tostr.
   */
  toString(): string {
    const lines: string[] = [];
    this.#root.write(lines);
    // A byte order mark in front would be taken for the text's own; an empty line keeps it as part of the key.
    if (lines[0]?.startsWith('\ufeff')) lines.unshift('');
    return lines.map((line) => `${line}\n`).join('');
  }

  #domain(path: string): ConfigDomain | undefined {
    return this.#root.find(parseDomainPath(path));
  }

  #domainToFill(path: string, create: boolean): ConfigDomain | undefined {
    return create ? this.#root.openAll(parseDomainPath(path)) : this.#domain(path);
  }

  #param(path: string): ConfigParam | undefined {
    const { domains, key } = parseKeyPath(path);
    return this.#root.find(domains)?.params.get(key);
  }
}
