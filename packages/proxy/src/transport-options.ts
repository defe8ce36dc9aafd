import { ConfigException, TarsException, type Where } from '@tarsier/protocol';
import type { ForwardProxy } from './transport/connect-options.js';

/**
 * Checks a forward proxy given by the program.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT`.
 */
export function checkForwardProxy(proxy: ForwardProxy, where: Where): ForwardProxy {
  const { type, host, port, user, password } = proxy;
  const problem = problemOf(type, host, port);
  if (problem !== undefined) {
    throw new TarsException(`${where.object ?? 'proxy'}: ${problem}`, { code: 'TARSIER_INVALID_ARGUMENT', where });
  }
  return {
    type,
    host,
    port,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
}

function problemOf(type: string, host: string, port: number): string | undefined {
  if (type !== 'socks5' && type !== 'http') return `the type of a proxy must be socks5 or http, found ${type}`;
  if (typeof host !== 'string' || host === '') return `the host of a proxy must be a name or an address, found ${host}`;
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return undefined;
  return `the port of a proxy must be an integer from 1 to 65535, found ${String(port)}`;
}

/** `socks5://user:password@host:port`; the part before the `@` may be left out, and is percent-encoded as in URLs. */
const proxyUrl = /^(socks5|http):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?(\[[^\]]+\]|[^:@/[\]]+):(\d{1,5})\/?$/;

/**
 * The forward proxy that the property `proxy` describes; undefined for an empty text.
 *
 * @throws ConfigException. The text is not quoted, because it may hold a password.
 */
export function parseForwardProxy(text: string): ForwardProxy | undefined {
  if (text === '') return undefined;
  const [, type, user, password, host = '', port] = proxyUrl.exec(text) ?? [];
  const where = { key: 'proxy' };
  try {
    const proxy = {
      type: type as ForwardProxy['type'],
      host: host.replace(/^\[|\]$/g, ''),
      port: Number(port),
      ...(user === undefined ? {} : { user: decodeURIComponent(user) }),
      ...(password === undefined ? {} : { password: decodeURIComponent(password) }),
    };
    return checkForwardProxy(proxy, where);
  } catch (cause) {
    throw new ConfigException('property proxy: expected socks5://USER:PASSWORD@HOST:PORT or http://HOST:PORT', {
      cause,
      where,
    });
  }
}
