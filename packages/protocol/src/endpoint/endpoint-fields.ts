import { EndpointParseException } from '../errors/exceptions.js';

/** The protocol words of endpoints. `tcp`, `udp` and `ssl` are those of TARS; `ws` and `wss` are WebSocket. */
export const endpointTypes = ['tcp', 'udp', 'ssl', 'ws', 'wss'] as const;

/** How an endpoint is reached. */
export type EndpointType = (typeof endpointTypes)[number];

/**
 * What is looked up before an endpoint is called: nothing (the host is called as it is), the addresses of its host, or the SRV records
 * of its host, which name hosts and ports, and the addresses of those.
 */
export type Discovery = '' | 'dns' | 'srv';

/** What an endpoint is made of; everything but `type`, `host` and `port` has a default. */
export interface EndpointInit {
  readonly type: EndpointType;
  /** IPv4 or IPv6 literal without brackets, name, `*` for all IPv4 interfaces, or with port 0 the path of a Unix socket. */
  readonly host: string;
  /** 0..65535; 0 means a Unix socket, or that SRV records tell the port. */
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
  /** Of a client: nodes of a rank are called only while none of a lower one is usable, 0..65535. Default 0. */
  readonly rank?: number;
  /** What the server is called, when that is not `host`: for TLS, and in the WebSocket URL. Only for `ssl`, `ws` and `wss`. */
  readonly serverName?: string;
  /** What is looked up before it is called. Default nothing. */
  readonly discovery?: Discovery;
}

/** An init with its defaults filled in. */
export type EndpointFields = Required<EndpointInit>;

/** The fields that are numbers. */
export type NumberField = 'port' | 'timeoutMs' | 'grid' | 'qos' | 'weight' | 'weightType' | 'authType' | 'rank';
/** The fields that are texts, but for the type. */
export type TextField = 'host' | 'path' | 'serverName' | 'discovery';

const INT32_MAX = 2_147_483_647;

/** The largest value of each number; the smallest is 0. */
export const largest: Readonly<Record<NumberField, number>> = {
  port: 65_535,
  timeoutMs: INT32_MAX,
  grid: INT32_MAX,
  qos: INT32_MAX,
  weight: INT32_MAX,
  weightType: INT32_MAX,
  authType: 1,
  rank: 65_535,
};

/** Whether a field is a number. */
export function isNumber(field: NumberField | TextField): field is NumberField {
  return field in largest;
}

/** What each flag means, in the order in which they are printed. */
export const flags: ReadonlyMap<string, NumberField | TextField> = new Map([
  ['-h', 'host'],
  ['-p', 'port'],
  ['-t', 'timeoutMs'],
  ['-g', 'grid'],
  ['-q', 'qos'],
  ['-w', 'weight'],
  ['-v', 'weightType'],
  ['-e', 'authType'],
  ['-u', 'path'],
  ['-r', 'rank'],
  ['-n', 'serverName'],
  ['-d', 'discovery'],
]);

/** Whether a protocol is WebSocket, hence has a path. */
export function isWebSocket(type: EndpointType): boolean {
  return type === 'ws' || type === 'wss';
}

/** Whether servers of a protocol have names: for the certificate, or for the WebSocket handshake. */
export function isNamed(type: EndpointType): boolean {
  return type !== 'tcp' && type !== 'udp';
}

/** Whether endpoints of a type have such a field. */
export function hasField(type: EndpointType, field: NumberField | TextField): boolean {
  if (field === 'path') return isWebSocket(type);
  return field !== 'serverName' || isNamed(type);
}

/** Whether a text is an IPv6 address, a zone such as `%eth0` included. */
export function isIPv6Literal(text: string): boolean {
  const percent = text.indexOf('%');
  if (percent === text.length - 1) return false;
  const halves = (percent < 0 ? text : text.slice(0, percent)).split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  let count = groups.length;
  const tail = groups.at(-1);
  if (tail?.includes('.')) {
    if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(tail)) return false;
    groups.pop();
    count++;
  }
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
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
function pathProblem(path: string): string | undefined {
  if (!/^\/[^\s#]*$/.test(path)) return 'expected a path that begins with / and has neither white space nor #';
  return separatorLike.test(path) ? separatorProblem : undefined;
}

/** What may be looked up, and stand in a URL: no address, no path, no port. */
const isName = (text: string): boolean => /^(?=.*[^\d.*])(?!-)[^\s:/?#@]+$/.test(text);

/** What is wrong with each text, as "expected …"; undefined when nothing is. */
export const problemsOf: Readonly<Record<TextField, (text: string) => string | undefined>> = {
  host: hostProblem,
  path: pathProblem,
  serverName: (text) => (isName(text) ? undefined : 'expected a name'),
  discovery: (text) => (text === 'dns' || text === 'srv' ? undefined : 'expected dns or srv'),
};

/** The field that makes it impossible to look an endpoint up, and why; undefined when none does. */
export function discoveryProblem({ discovery, host, port }: EndpointInit): ['host' | 'port', string] | undefined {
  if (!discovery) return undefined;
  const given = `with -d ${discovery}`;
  if (!isName(host)) return ['host', `expected a name ${given}`];
  // Addresses bring no port, SRV records do.
  const needsPort = discovery === 'dns';
  return port > 0 === needsPort ? undefined : ['port', `expected ${needsPort ? 'a' : 'no'} port ${given}`];
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
    rank: init.rank ?? 0,
    serverName: init.serverName ?? '',
    discovery: init.discovery ?? '',
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
  for (const key of Object.keys(problemsOf) as TextField[]) {
    const text: unknown = init[key];
    const isOptional = key === 'path' ? text === undefined || !isWebSocket(init.type) : key !== 'host';
    if (isOptional && (text ?? '') === '') continue;
    if (!hasField(init.type, key)) fail(key, `expected none with ${init.type}`);
    const problem = typeof text === 'string' ? problemsOf[key](text) : 'expected a text';
    if (problem !== undefined) fail(key, problem);
  }
  if (init.port === undefined) fail('port', `expected an integer from 0 to ${largest.port}`);
  for (const key of Object.keys(largest) as NumberField[]) {
    const value = init[key];
    if (value === undefined || (key === 'weight' && value === -1)) continue;
    if (!Number.isInteger(value) || value < 0 || value > largest[key]) {
      fail(key, `expected an integer from 0 to ${largest[key]}`);
    }
  }
  const lookup = discoveryProblem(init);
  if (lookup !== undefined) fail(...lookup);
}
