import { ConfigException, TarsException } from '@tarsier/protocol';
import type { TransportOptions } from './transport-options.js';

const OWN_PROXY = 'a browser goes through the proxy that it is set up with';

/** In a browser certificates and proxies are its own concern: properties for TLS have no effect, and a forward proxy is refused. */
export const transportOptions: TransportOptions = {
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
