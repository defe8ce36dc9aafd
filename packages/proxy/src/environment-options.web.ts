import { ConfigException, TarsException } from '@tarsier/protocol';
import type { EnvironmentOptions } from './environment-options.js';

const OWN_PROXY = 'a browser goes through the proxy that it is set up with';

/**
 * In a browser certificates, proxies and names are its own concern: properties for TLS and the DNS have no effect, and a forward
 * proxy is refused.
 */
export const environmentOptions: EnvironmentOptions = {
  initial: () => '',
  check(key, text) {
    if (key !== 'proxy' || text === '') return;
    throw new ConfigException(`property proxy: ${OWN_PROXY}; leave it out`, { where: { key } });
  },
  read: () => ({ forwardProxy: undefined, tls: { verify: true } }),
  forwardProxy(_proxy, where) {
    throw new TarsException(`${where.object}: setProxy has no effect here: ${OWN_PROXY}; do not call it`, {
      code: 'TARSIER_INVALID_ARGUMENT',
      where,
    });
  },
};
