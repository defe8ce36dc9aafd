import { configError, quoteConfig } from './config-position.js';

/** How deep domains may be nested, everywhere. */
export const MAX_CONFIG_DEPTH = 100;

/** A path taken apart. */
interface ConfigPath {
  /** Names of the domains, from the root. */
  readonly domains: readonly string[];
  /** The key in `<…>`; undefined for the path of a domain. */
  readonly key: string | undefined;
}

/**
 * Parses `/a/b` and `/a/b<key>`; extra slashes are tolerated, `/` alone is the root.
 *
 * @throws ConfigException for a path without `/` in front, one with `<` but no `>` at the end, or one too deep.
 * Source: TC_ConfigDomain::parseDomainName.
 */
export function parseConfigPath(path: string): ConfigPath {
  if (!path.startsWith('/')) {
    throw configError(`configuration path ${quoteConfig(path)} does not begin with "/"`, undefined, { key: path });
  }
  const less = path.indexOf('<');
  if (less >= 0 && !path.endsWith('>')) {
    throw configError(`configuration path ${quoteConfig(path)} has a "<" and does not end with ">"`, undefined, {
      key: path,
    });
  }
  const domains = (less < 0 ? path : path.slice(0, less)).split('/').filter((name) => name !== '');
  if (domains.length > MAX_CONFIG_DEPTH) {
    throw configError(
      `configuration path ${quoteConfig(path)} names ${domains.length} domains; at most ${MAX_CONFIG_DEPTH} may be nested`,
      undefined,
      { key: path },
    );
  }
  return { domains, key: less < 0 ? undefined : path.slice(less + 1, -1) };
}

/** The domains of a path that must not name a key. */
export function parseDomainPath(path: string): readonly string[] {
  const { domains, key } = parseConfigPath(path);
  if (key === undefined) return domains;
  throw configError(
    `configuration path ${quoteConfig(path)} names a key where a domain is meant; leave "<${key}>" out`,
  );
}

/** The domains and the key of a path that must name a key. */
export function parseKeyPath(path: string): { readonly domains: readonly string[]; readonly key: string } {
  const { domains, key } = parseConfigPath(path);
  if (key !== undefined) return { domains, key };
  throw configError(`configuration path ${quoteConfig(path)} names no key; write it as ${quoteConfig(`${path}<key>`)}`);
}

/** What is wrong with the name of a domain; undefined when nothing is. */
export function domainNameProblem(name: string): string | undefined {
  if (name === '') return 'a domain needs a name';
  const bad = /[/<>\r\n]/.exec(name);
  if (bad !== null) return `the domain name ${quoteConfig(name)} contains ${JSON.stringify(bad[0])}`;
  if (/^[ \t]|[ \t]$/.test(name)) return `the domain name ${quoteConfig(name)} begins or ends with a blank`;
  return undefined;
}
