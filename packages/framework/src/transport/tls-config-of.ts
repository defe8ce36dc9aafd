import { TarsException } from '@tarsier/protocol';
import type { AdapterConfig } from '../adapter/adapter-config.js';
import type { ServerTlsConfig } from './server-tls-config.js';

/** The TLS part of an adapter's configuration; reading the configuration has seen to it that `ssl` and `wss` have one. */
export function tlsConfigOf(config: AdapterConfig): ServerTlsConfig {
  if (config.tls !== undefined) return config.tls;
  throw new TarsException(`adapter ${config.name} has no certificate; set cert and key`, {
    code: 'TARSIER_CONFIG_MISSING',
    where: { key: 'cert' },
  });
}
