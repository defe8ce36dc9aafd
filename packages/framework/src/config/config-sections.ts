import type { TarsConfig } from '@tarsier/protocol';
import type { AdapterSection, ApplicationConfig } from './application-config.js';
import { adapterKeys, serverKeys } from './config-keys.js';
import { ConfigSection } from './config-section.js';
import { SERVER_DOMAIN } from './server-domain.js';

/** The server section of a configuration. */
export type ServerSection = ConfigSection<Omit<ApplicationConfig, 'adapters' | 'client'>>;

/** The section of an adapter. */
export type AdapterKeysSection = ConfigSection<Omit<AdapterSection, 'sni'>>;

/** Reads the server section. */
export function serverSection(config: TarsConfig): ServerSection {
  return new ConfigSection(config, SERVER_DOMAIN, serverKeys);
}

/** Reads the section of an adapter, and what it shares with the server section. */
export function adapterSection(config: TarsConfig, name: string): AdapterKeysSection {
  return new ConfigSection(config, `${SERVER_DOMAIN}/${name}`, adapterKeys, SERVER_DOMAIN);
}
