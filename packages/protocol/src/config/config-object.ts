import { ConfigDomain } from './config-domain.js';
import { domainNameProblem, MAX_CONFIG_DEPTH } from './config-path.js';
import { configError } from './config-position.js';

/** A configuration as a plain object: a nested object is a domain, everything else a key with its value. */
export interface ConfigObject {
  readonly [name: string]: string | number | boolean | ConfigObject;
}

function fill(domain: ConfigDomain, object: ConfigObject, path: string, depth: number): void {
  if (depth > MAX_CONFIG_DEPTH) {
    const limit = `at most ${MAX_CONFIG_DEPTH} domains may be nested`;
    throw configError(`the configuration object is nested too deep, or contains itself; ${limit}`);
  }
  for (const [name, value] of Object.entries<unknown>(object)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const problem = domainNameProblem(name);
      if (problem !== undefined) throw configError(`${problem}, in ${path || '/'}`);
      fill(domain.open(name), value as ConfigObject, `${path}/${name}`, depth + 1);
    } else {
      domain.params.set(name, { value: valueText(value, `${path || '/'}<${name}>`), position: undefined });
    }
  }
}

function valueText(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'y' : 'n';
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  const found = Array.isArray(value) ? 'an array' : typeof value === 'number' || value === null ? value : typeof value;
  throw configError(
    `${path} of the configuration object is ${found}; expected a string, finite number, boolean or object`,
    undefined,
    { key: path },
  );
}

/**
 * The configuration tree of a plain object. Booleans become `y` and `n`.
 *
 * @throws ConfigException for a value of another type, a domain name that cannot be written, or nesting too deep.
 */
export function domainFromObject(object: ConfigObject): ConfigDomain {
  const root = new ConfigDomain();
  fill(root, object, '', 0);
  return root;
}
