import type { TarsConfig } from '@tarsier/protocol';
import { LOG } from '../log/log.js';
import { adapterKeys, type ConfigKey, serverKeys } from './config-keys.js';
import { HOSTS_DOMAIN, SERVER_DOMAIN } from './server-domain.js';

/** The keys of a host in `sni`. */
const hostKeys: Readonly<Record<string, ConfigKey>> = {
  cert: { default: '', form: 'PEM file', meaning: 'certificate of the host' },
  key: { default: '', form: 'PEM file', meaning: 'key of the certificate' },
};

/** Names every key and domain of the server and adapter sections that has no effect: none is ignored in silence. */
export function warnOfKeys(config: TarsConfig): void {
  warnOf(config, SERVER_DOMAIN, serverKeys);
  for (const name of config.getDomainVector(SERVER_DOMAIN)) warnOfAdapter(config, `${SERVER_DOMAIN}/${name}`);
}

function warnOfAdapter(config: TarsConfig, adapter: string): void {
  warnOf(config, adapter, adapterKeys);
  warnOfDomains(config, adapter, [HOSTS_DOMAIN]);
  const hosts = `${adapter}/${HOSTS_DOMAIN}`;
  warnOf(config, hosts, {});
  for (const name of config.getDomainVector(hosts)) {
    warnOf(config, `${hosts}/${name}`, hostKeys);
    warnOfDomains(config, `${hosts}/${name}`, []);
  }
}

function warnOfDomains(config: TarsConfig, parent: string, known: readonly string[]): void {
  for (const name of config.getDomainVector(parent)) {
    if (known.includes(name)) continue;
    const domain = `${parent}/${name}`;
    const reason = 'no such domain is known here';
    LOG.warn('a configuration domain has no effect', { domain, reason, ...config.positionOf(domain) });
  }
}

function warnOf(config: TarsConfig, domain: string, known: Readonly<Record<string, ConfigKey>>): void {
  for (const key of config.getDomainKey(domain)) {
    const info = Object.hasOwn(known, key)
      ? known[key]
      : Object.hasOwn(known, key.toLowerCase()) && known[key.toLowerCase()];
    const reason = !info ? 'no such key is known' : info.unsupported;
    if (reason === undefined) continue;
    const position = config.positionOf(`${domain}<${key}>`);
    LOG.warn('a configuration key has no effect', { key: `${domain}<${key}>`, reason, ...position });
  }
}
