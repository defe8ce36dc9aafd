import type { Endpoint, TarsConfig } from '@tarsier/protocol';
import { booleanValue, configKeyError } from '@tarsier/protocol/internal';
import { LOG } from '../log/log.js';
import { isSocketPath } from '../transport/socket-path.js';
import type { ActsOn, ConfigKey } from './config-key.js';
import type { ConfigSection } from './config-section.js';
import { type AdapterKeysSection, serverSection } from './config-sections.js';
import { adapterKeysRefused } from './keys-without-effect.js';

const needs: Readonly<Record<ActsOn, string>> = {
  tls: 'an endpoint with TLS (ssl or wss)',
  webSocket: 'an endpoint over WebSocket (ws or wss)',
  address: 'an endpoint whose peers have addresses: for a Unix socket the rights of its file decide',
};

function actsOn(on: ActsOn, endpoint: Endpoint): boolean {
  const { type } = endpoint;
  if (on === 'tls') return type === 'ssl' || type === 'wss';
  if (on === 'webSocket') return type === 'ws' || type === 'wss';
  return !isSocketPath(endpoint);
}

/** Whether a value asks for anything: a key that is set to no restricts nobody. */
function isDemand(config: TarsConfig, domain: string, key: string, { kind }: ConfigKey): boolean {
  if (config.get(`${domain}<${key}>`) === '') return false;
  return kind !== 'boolean' || booleanValue(config, domain, key, false);
}

/** Looks for keys of a section itself that none of the endpoints can act on. */
function checkKeys<Section>(section: ConfigSection<Section>, endpoints: readonly Endpoint[], where: string): void {
  const { config, domain } = section;
  for (const [key, entry] of Object.entries(section.keys) as [keyof Section & string, ConfigKey][]) {
    const { on } = entry;
    if (on === undefined || !isDemand(config, domain, key, entry)) continue;
    if (endpoints.some((endpoint) => actsOn(on, endpoint))) continue;
    const reason = `it needs ${needs[on]}, and ${where}`;
    if (entry.protects) {
      throw configKeyError(config, domain, key, `cannot act: ${reason}; change the endpoint, or leave the key out`);
    }
    LOG.warn('a configuration key has no effect', {
      key: `${domain}<${key}>`,
      reason,
      ...config.positionOf(`${domain}<${key}>`),
    });
  }
}

/**
 * Looks for keys of an adapter that its endpoint gives no effect: those that restrict who is let in stop the start, others are warned of.
 *
 * @throws ConfigException with file, line and key.
 */
export function checkAdapterKeys(section: AdapterKeysSection, endpoint: Endpoint): void {
  const { config, domain } = section;
  for (const [key, reason] of Object.entries(adapterKeysRefused)) {
    if (config.get(`${domain}<${key}>`) !== '')
      throw configKeyError(config, domain, key, `cannot act: ${reason}; leave it out`);
  }
  checkKeys(section, [endpoint], `this one is ${endpoint.toString()}`);
}

/**
 * Looks for keys of the server section that no adapter gives an effect. Belongs after all adapters are known, declared ones included.
 *
 * @throws ConfigException with file, line and key.
 */
export function checkServerKeys(config: TarsConfig, endpoints: readonly Endpoint[]): void {
  checkKeys(serverSection(config), endpoints, 'no adapter has one');
}
