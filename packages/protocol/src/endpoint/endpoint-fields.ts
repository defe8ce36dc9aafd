import { EndpointParseException } from '../errors/exceptions.js';

/** The protocol words of endpoints. `tcp`, `udp` and `ssl` are those of TARS; `ws` and `wss` are WebSocket. */
export const endpointTypes = ['tcp', 'udp', 'ssl', 'ws', 'wss'] as const;

/** How an endpoint is reached. */
export type EndpointType = (typeof endpointTypes)[number];

/** What an endpoint is made of; everything but `type`, `host` and `port` has a default. */
export interface EndpointInit {
  readonly type: EndpointType;
  /** IPv4 or IPv6 literal without brackets, name, `*` for all IPv4 interfaces, or with port 0 the path of a Unix socket. */
  readonly host: string;
  /** 0..65535; 0 means a Unix socket. */
  readonly port: number;
  /** Of a server: idle timeout of its connections. Default 3000. */
  readonly timeoutMs?: number;
  /** Grid routing state. Default 0. */
  readonly grid?: number;
  /** Quality of service of the socket. Default 0. */
  readonly qos?: number;
  /** Static weight, -1 for none (default); counts only when `weightType` is not 0, and is then 0..100. */
  readonly weight?: number;
  /** 0 round robin (default), 1 static weight. */
  readonly weightType?: number;
  /** 0 none (default), 1 access key and secret key. */
  readonly authType?: number;
  /** Path of the WebSocket URL, from its `/`. Default `/`; only for `ws` and `wss`. */
  readonly path?: string;
}

/** An init with its defaults filled in. */
export type EndpointFields = Required<EndpointInit>;

/** The fields that are numbers. */
export type NumberField = 'port' | 'timeoutMs' | 'grid' | 'qos' | 'weight' | 'weightType' | 'authType';

/** The fields that are numbers, by their flags. */
export const numberFlags: ReadonlyMap<string, NumberField> = new Map([
  ['-p', 'port'],
  ['-t', 'timeoutMs'],
  ['-g', 'grid'],
  ['-q', 'qos'],
  ['-w', 'weight'],
  ['-v', 'weightType'],
  ['-e', 'authType'],
]);

/** What is wrong with a number, as "expected …"; undefined when nothing is. */
export function numberProblem(field: NumberField, value: number | undefined): string | undefined {
  const max = { port: 65_535, authType: 1 }[field as string] ?? 2_147_483_647;
  if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max) return undefined;
  return `expected an integer from 0 to ${max}`;
}

/** Whether a protocol is WebSocket, hence has a path. */
export function isWebSocket(type: EndpointType): boolean {
  return type === 'ws' || type === 'wss';
}

/** Whether a text is an IPv6 address, a zone such as `%eth0` included. */
export function isIPv6Literal(text: string): boolean {
  // The last 32 bits may be written as IPv4.
  const plain = text.replace(/%.+$/, '').replace(/:(\d{1,3}\.){3}\d{1,3}$/, ':0:0');
  const halves = plain.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const hasAll = halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8;
  return hasAll && groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
}

/** The end of a path that would begin another endpoint in a list. */
const separatorLike: RegExp = new RegExp(`:(${endpointTypes.join('|')})$`);
const separatorProblem = 'expected no protocol word after a colon at the end, because it begins an endpoint of a list';

/** What is wrong with a host, as "expected …"; undefined when nothing is. */
export function hostProblem(host: string): string | undefined {
  if (host === '') return 'expected a host that is not empty';
  if (host.startsWith('-')) return 'expected a host that does not begin with -';
  if (/\s/.test(host)) return 'expected a host without white space';
  // A path may hold colons. Elsewhere a colon is IPv6, or the port written as in a URL.
  if (host.includes(':') && !host.includes('/') && !isIPv6Literal(host)) {
    return 'expected a name or an IPv4 or IPv6 address without brackets (the port goes after -p)';
  }
  return separatorLike.test(host) ? separatorProblem : undefined;
}

/** What is wrong with a WebSocket path, as "expected …"; undefined when nothing is. */
export function pathProblem(path: string): string | undefined {
  if (!/^\/[^\s#]*$/.test(path)) return 'expected a path that begins with / and has neither white space nor #';
  return separatorLike.test(path) ? separatorProblem : undefined;
}

/** Fills the defaults in and brings the weight into its range. Checks nothing. */
export function withDefaults(init: EndpointInit): EndpointFields {
  const weightType = init.weightType ?? 0;
  const weight = init.weight ?? -1;
  return {
    type: init.type,
    host: init.host === '*' ? '0.0.0.0' : init.host,
    port: init.port,
    timeoutMs: init.timeoutMs ?? 3000,
    grid: init.grid ?? 0,
    qos: init.qos ?? 0,
    weight: weightType !== 0 && (weight === -1 || weight > 100) ? 100 : weight,
    weightType,
    authType: init.authType ?? 0,
    path: init.path ?? (isWebSocket(init.type) ? '/' : ''),
  };
}

/**
 * Checks fields that a program gives.
 *
 * @throws EndpointParseException that names the field, with `where.key`.
 */
export function checkInit(init: EndpointInit): void {
  const fail = (key: keyof EndpointInit, problem: string): never => {
    const value: unknown = init[key];
    const found = typeof value === 'string' ? JSON.stringify(value) : String(value);
    throw new EndpointParseException(`endpoint field ${key}: ${problem}, found ${found}`, { where: { key } });
  };
  if (!endpointTypes.includes(init.type)) fail('type', `expected one of ${endpointTypes.join(', ')}`);
  const host = typeof init.host === 'string' ? hostProblem(init.host) : 'expected a text';
  if (host !== undefined) fail('host', host);
  for (const key of numberFlags.values()) {
    const value = init[key];
    const isDefault = key === 'weight' ? value === undefined || value === -1 : key !== 'port' && value === undefined;
    const problem = isDefault ? undefined : numberProblem(key, value);
    if (problem !== undefined) fail(key, problem);
  }
  if (init.path === undefined || init.path === '') {
    if (init.path === '' && isWebSocket(init.type)) fail('path', 'expected a path that begins with /');
    return;
  }
  if (!isWebSocket(init.type)) fail('path', 'expected none, because only ws and wss have a path');
  const path = typeof init.path === 'string' ? pathProblem(init.path) : 'expected a text';
  if (path !== undefined) fail('path', path);
}
