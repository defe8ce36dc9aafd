import type { TarsConfig } from '@tarsier/protocol';
import { LOG } from '../log/log.js';
import { adapterKeys, type ConfigKey, serverKeys } from './config-keys.js';
import { SERVER_DOMAIN } from './server-domain.js';

/** Names every key of the server and adapter sections that has no effect: none is ignored in silence. */
export function warnOfKeys(config: TarsConfig): void {
  warnOf(config, SERVER_DOMAIN, serverKeys);
  for (const name of config.getDomainVector(SERVER_DOMAIN)) warnOf(config, `${SERVER_DOMAIN}/${name}`, adapterKeys);
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
