import { ConfigException, TarsException, type Where } from '@tarsier/protocol';
import { lowerAscii, shownValue } from '@tarsier/protocol/internal';
import type { EnvironmentOptions } from './environment-options.js';
import { checkNumber, type NumberProperty } from './number-property.js';
import { ENABLE_SET, registryRefresh, registrySettings, setDivision } from './registry/registry-properties.node.js';
import { checkReportObject, reportNumbers, reportSettings } from './report/report-properties.node.js';
import type { ForwardProxy, TlsOptions } from './transport/connect-options.js';

/**
 * Checks a forward proxy given by the program.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT`.
 */
function checkForwardProxy(proxy: ForwardProxy, where: Where): ForwardProxy {
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
  return `the port of a proxy must be an integer from 1 to 65535, found ${shownValue(port)}`;
}

/** `socks5://user:password@host:port`; the part before the `@` may be left out, and is percent-encoded as in URLs. */
const proxyUrl = /^(socks5|http):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?(\[[^\]]+\]|[^:@/[\]]+):(\d{1,5})\/?$/;

/**
 * The forward proxy that the property `proxy` describes; undefined for an empty text.
 *
 * @throws ConfigException. The text is not quoted, because it may hold a password.
 */
function parseForwardProxy(text: string): ForwardProxy | undefined {
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

const tlsProperties = [
  ['ca', 'ca'],
  ['cert', 'cert'],
  ['key', 'key'],
  ['ciphers', 'ciphers'],
  ['servername', 'tls-servername'],
] as const satisfies readonly (readonly [keyof TlsOptions, string])[];

const VERIFY = 'tls-verify';
const yesOrNo: ReadonlyMap<string, boolean> = new Map([
  ...['y', '1', 'true'].map((text) => [text, true] as const),
  ...['n', '0', 'false'].map((text) => [text, false] as const),
]);

function isYes(text: string): boolean {
  return yesOrNo.get(lowerAscii(text)) === true;
}

function tlsOptions(text: (name: string) => string): TlsOptions {
  const options: Record<string, string> = {};
  for (const [name, property] of tlsProperties) {
    const value = text(property);
    if (value !== '') options[name] = value;
  }
  return { ...options, verify: yesOrNo.get(lowerAscii(text(VERIFY))) !== false };
}

const dnsRefresh: NumberProperty = ['dns-refresh-interval', 30_000, 0];

const numbers: readonly NumberProperty[] = [dnsRefresh, registryRefresh, ...reportNumbers];

/** The properties with a default. */
const initials: ReadonlyMap<string, string> = new Map([
  [VERIFY, 'y'],
  [ENABLE_SET, 'n'],
  ...numbers.map(([name, initial]) => [name, String(initial)] as const),
]);

/** In Node connections may go through a forward proxy, TLS has options, and names and objects can be looked up. */
export const environmentOptions: EnvironmentOptions = {
  initial: (name) => initials.get(name) ?? '',
  check(name, text) {
    // A text that means nothing must not decide whether servers are verified.
    if ((name === VERIFY || name === ENABLE_SET) && !yesOrNo.has(lowerAscii(text))) {
      throw new ConfigException(`property ${name}: expected y or n, found "${text}"`, { where: { key: name } });
    }
    if (name === 'proxy') parseForwardProxy(text);
    checkReportObject(name, text);
    for (const property of numbers) if (name === property[0]) checkNumber(property, text);
  },
  read: (text) => ({
    forwardProxy: parseForwardProxy(text('proxy')),
    dns: { servers: text('dns-servers'), family: text('dns-family'), refreshMs: Number(text(dnsRefresh[0])) },
    tls: tlsOptions(text),
    registry: registrySettings(text, isYes),
    report: reportSettings(text, setDivision(isYes(text(ENABLE_SET)), text('setdivision'))),
  }),
  forwardProxy: checkForwardProxy,
};
