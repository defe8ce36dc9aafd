import { escapeConfig } from './config-escape.js';
import { domainNameProblem } from './config-path.js';
import { type ConfigPosition, configError, quoteConfig } from './config-position.js';

/** One `key = value`; the position is that of the key, if it came from a text. */
export interface ConfigParam {
  readonly value: string;
  readonly position: ConfigPosition | undefined;
}

/** A node of the configuration tree: keys and sub-domains, each in their order. Source: TC_ConfigDomain. */
export class ConfigDomain {
  readonly position: ConfigPosition | undefined;
  readonly params: Map<string, ConfigParam> = new Map();
  readonly domains: Map<string, ConfigDomain> = new Map();
  /** The trimmed lines that the keys were read from, repeated keys included. */
  readonly lines: string[] = [];

  constructor(position?: ConfigPosition) {
    this.position = position;
  }

  /** The domain that names lead to, or undefined. */
  find(names: readonly string[]): ConfigDomain | undefined {
    return names.reduce((domain: ConfigDomain | undefined, name) => domain?.domains.get(name), this);
  }

  /** The sub-domain of a name, made if there is none. */
  open(name: string, position?: ConfigPosition): ConfigDomain {
    let domain = this.domains.get(name);
    if (domain === undefined) {
      domain = new ConfigDomain(position);
      this.domains.set(name, domain);
    }
    return domain;
  }

  /** The domain that names lead to, made if there is none. */
  openAll(names: readonly string[]): ConfigDomain {
    const problem = names.map(domainNameProblem).find((found) => found !== undefined);
    if (problem !== undefined) throw configError(problem);
    return names.reduce((domain: ConfigDomain, name) => domain.open(name), this);
  }

  /** Takes over what another domain has; on a key that both have, `update` says whether the other's value counts. */
  merge(other: ConfigDomain, update: boolean): void {
    if (other === this) return;
    for (const [key, param] of other.params) {
      if (update || !this.params.has(key)) this.params.set(key, param);
    }
    for (const line of other.lines) this.lines.push(line);
    for (const [name, domain] of other.domains) this.open(name, domain.position).merge(domain, update);
  }

  /** Adds the text of this domain's content, line by line, to `out`. */
  write(out: string[], indent = ''): void {
    for (const [key, param] of this.params) out.push(indent + writeParam(key, param));
    for (const [name, domain] of this.domains) {
      out.push(`${indent}<${name}>`);
      domain.write(out, `${indent}  `);
      out.push(`${indent}</${name}>`);
    }
  }
}

/** The line of a key; one with an empty value stands alone, as TARS writes it. */
function writeParam(key: string, param: ConfigParam): string {
  const refuse = (what: string) =>
    configError(`key ${quoteConfig(key)} cannot be written: ${what}`, param.position, { key });
  if (/^[<#]/.test(key)) throw refuse(`a line that begins with "${key.charAt(0)}" is not read as a key`);
  if (/^ | $/.test(key)) throw refuse('spaces around a key are lost');
  if (/^ | $/.test(param.value)) throw refuse(`spaces around its value ${quoteConfig(param.value)} are lost`);
  return param.value === '' && key !== '' ? escapeConfig(key) : `${escapeConfig(key)}=${escapeConfig(param.value)}`;
}
