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

/**
 * A field that has a flag: its default, unless it must be given, and its largest value; of a text what is wrong with it, as
 * "expected ...", undefined when nothing is.
 */
export type FieldRule = readonly [
  field: Exclude<keyof EndpointInit, 'type'>,
  initial: number | string | undefined,
  check?: number | ((text: string) => string | undefined),
];

/** Whether a protocol is WebSocket, hence has a path. */
export function isWebSocket(type: EndpointType): boolean {
  return type === 'ws' || type === 'wss';
}

/** Whether servers of a protocol have names: for the certificate, or for the WebSocket handshake. */
export function isNamed(type: EndpointType): boolean {
  return type !== 'tcp' && type !== 'udp';
}

/** Whether endpoints of a type have such a field. */
export function hasField(type: EndpointType, [field]: FieldRule): boolean {
  if (field === 'path') return isWebSocket(type);
  return field !== 'serverName' || isNamed(type);
}

/** Whether a text is an IPv6 address, a zone such as `%eth0` included. */
export function isIPv6Literal(text: string): boolean {
  // The last 32 bits may be written as IPv4.
  const zone = text.indexOf('%');
  const address = zone < 0 || zone === text.length - 1 ? text : text.slice(0, zone);
  const plain = address.replace(/:(\d{1,3}\.){3}\d{1,3}$/, ':0:0');
  const halves = plain.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const hasAll = halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8;
  return hasAll && groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
}

/** The end of a path that would begin another endpoint in a list. */
const separatorLike: RegExp = new RegExp(`:(${endpointTypes.join('|')})$`);
const separatorProblem = 'expected no protocol word after a colon at the end, because it begins an endpoint of a list';

/** What is wrong with a host, as "expected ..."; undefined when nothing is. */
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

/** What is wrong with a WebSocket path, as "expected ..."; undefined when nothing is. */
function pathProblem(path: string): string | undefined {
  if (!/^\/[^\s#]*$/.test(path)) return 'expected a path that begins with / and has neither white space nor #';
  return separatorLike.test(path) ? separatorProblem : undefined;
}

/** What may be looked up, and stand in a URL: no address, no path, no port. */
const isName = (text: string): boolean => /^(?=.*[^\d.*])(?!-)[^\s:/?#@]+$/.test(text);

/** What each flag means, in the order in which they are printed. */
export const flags: ReadonlyMap<string, FieldRule> = new Map<string, FieldRule>([
  ['-h', ['host', undefined, hostProblem]],
  ['-p', ['port', undefined, 65_535]],
  ['-t', ['timeoutMs', 3000]],
  ['-g', ['grid', 0]],
  ['-q', ['qos', 0]],
  ['-w', ['weight', -1]],
  ['-v', ['weightType', 0]],
  ['-e', ['authType', 0, 1]],
  ['-u', ['path', '', pathProblem]],
  ['-r', ['rank', 0, 65_535]],
  ['-n', ['serverName', '', (text) => (isName(text) ? undefined : 'expected a name')]],
  ['-d', ['discovery', '', (text) => (text === 'dns' || text === 'srv' ? undefined : 'expected dns or srv')]],
]);

/** Whether a field is a text. */
export function isText([, , check]: FieldRule): boolean {
  return typeof check === 'function';
}

/** What is wrong with the value of a field, as "expected ..."; undefined when nothing is. */
export function fieldProblem([, , check = 2_147_483_647]: FieldRule, value: unknown): string | undefined {
  if (typeof check === 'function') return typeof value === 'string' ? check(value) : 'expected a text';
  if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= check) return undefined;
  return `expected an integer from 0 to ${check}`;
}

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
  const { type } = init;
  const given = Array.from(flags.values(), ([field, initial]) => [field, init[field] ?? initial]);
  const fields: { -readonly [Key in keyof EndpointFields]: EndpointFields[Key] } = {
    type,
    ...Object.fromEntries(given),
  };
  if (fields.host === '*') fields.host = '0.0.0.0';
  if (isWebSocket(type)) fields.path ||= '/';
  if (fields.weightType !== 0 && (fields.weight === -1 || fields.weight > 100)) fields.weight = 100;
  return fields;
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
  const usual = withDefaults({ type: init.type, host: '', port: -1 });
  for (const rule of flags.values()) {
    const [key, initial] = rule;
    const value: unknown = init[key];
    if (initial !== undefined && (value ?? usual[key]) === usual[key]) continue;
    if (!hasField(init.type, rule)) fail(key, `expected none with ${init.type}`);
    const problem = fieldProblem(rule, value);
    if (problem !== undefined) fail(key, problem);
  }
  const lookup = discoveryProblem(init);
  if (lookup !== undefined) fail(...lookup);
}
