import { Endpoint, type TarsConfig } from '@tarsier/protocol';
import { booleanValue, configValueError, durationMsValue, integerValue, sizeValue } from '@tarsier/protocol/internal';
import type { AccessOrder } from '../adapter/access-list.js';
import type { AdapterConfig } from '../adapter/adapter-config.js';
import type { SendPolicy } from '../connection/connection-limits.js';
import type { ServerBaseInfo } from '../server-config.js';
import { readAddresses } from './read-addresses.js';
import { readTls } from './read-tls.js';
import { readWebSocket } from './read-web-socket.js';
import { SERVER_DOMAIN } from './server-domain.js';

/** TARS packets may have 100 MiB; who needs more than this says so. */
const RECEIVE_LIMIT = 16 * 1024 * 1024;

/**
 * The adapters of the server section, in its order.
 *
 * @throws ConfigException or ConfigNoParamException with file, line and key.
 */
export function readAdapterConfigs(config: TarsConfig, info: ServerBaseInfo): AdapterConfig[] {
  return config.getDomainVector(SERVER_DOMAIN).map((name) => readAdapterConfig(config, name, info));
}

/** One adapter section. */
export function readAdapterConfig(config: TarsConfig, name: string, info: ServerBaseInfo): AdapterConfig {
  const domain = `${SERVER_DOMAIN}/${name}`;
  const servant = config.getRequired(`${domain}<servant>`);
  const prefix = `${info.Application}.${info.ServerName}.`;
  if (!servant.startsWith(prefix) || servant.length === prefix.length) {
    throw configValueError(config, domain, 'servant', `a name that begins with ${prefix}, as app and server are set`);
  }
  const endpoint = readEndpoint(config, domain, info);
  const { type } = endpoint;
  const isTls = type === 'ssl' || type === 'wss';
  const maxReceiveBytes = sizeValue(config, domain, 'recvbufferlimit', RECEIVE_LIMIT, { min: 1 });
  return {
    name,
    servant,
    endpoint,
    allow: readAddresses(config, domain, 'allow'),
    deny: readAddresses(config, domain, 'deny'),
    order: readOrder(config, domain),
    maxConns: integerValue(config, domain, 'maxconns', 128, { min: 0 }),
    maxConnsPerIp: integerValue(config, domain, 'maxconnsperip', 0, { min: 0 }),
    ipv6PrefixBits: integerValue(config, domain, 'ipv6prefix', 64, { min: 1, max: 128 }),
    queueCap: Math.max(0, integerValue(config, domain, 'queuecap', 10_240)),
    queueTimeoutMs: durationMsValue(config, domain, 'queuetimeout', 10_000),
    protocol: config.get(`${domain}<protocol>`) || undefined,
    idleMs: endpoint.timeoutMs,
    emptyConnMs: durationMsValue(config, domain, 'emptyconntimeout', info.EmptyConnTimeout),
    packetMs: durationMsValue(config, domain, 'packettimeout', 0),
    maxPacketRate: integerValue(config, domain, 'maxpacketrate', 0, { min: 0 }),
    maxReceiveBytes,
    maxSendBytes: sizeValue(config, domain, 'backpacketlimit', info.BackPacketLimit, { min: 1 }),
    maxSendPackets: integerValue(config, domain, 'backpacketcount', info.BackPacketCount, { min: 0 }),
    maxSendAgeMs: durationMsValue(config, domain, 'backpacketage', info.BackPacketAge),
    minSendBytes: sizeValue(config, domain, 'backpacketmin', info.BackPacketMin),
    sendPolicy: readSendPolicy(config, domain),
    isOrdered: readOrdered(config, domain, type),
    handshakeTimeoutMs: durationMsValue(config, domain, 'handshaketimeout', 10_000),
    ...(isTls && { tls: readTls(config, domain) }),
    ...((type === 'ws' || type === 'wss') && { webSocket: readWebSocket(config, domain, maxReceiveBytes) }),
  };
}

function readEndpoint(config: TarsConfig, domain: string, info: ServerBaseInfo): Endpoint {
  const text = config.getRequired(`${domain}<endpoint>`);
  let endpoint: Endpoint;
  try {
    endpoint = Endpoint.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw configValueError(
      config,
      domain,
      'endpoint',
      `an endpoint such as tcp -h 127.0.0.1 -p 10099 -t 60000 (${why})`,
      error,
    );
  }
  if (endpoint.discovery !== '') {
    throw configValueError(config, domain, 'endpoint', 'an address to listen on, without -d: clients look names up');
  }
  if (endpoint.host !== 'localip') return endpoint;
  const { type, port, timeoutMs, path } = endpoint;
  return Endpoint.of({ type, host: info.LocalIp, port, timeoutMs, path });
}

function readOrdered(config: TarsConfig, domain: string, type: string): boolean {
  const isOrdered = booleanValue(config, domain, 'ordered', false);
  if (!isOrdered || type !== 'udp') return isOrdered;
  throw configValueError(config, domain, 'ordered', 'n with a udp endpoint: datagrams have no order');
}

function readOrder(config: TarsConfig, domain: string): AccessOrder {
  const order = config.get(`${domain}<order>`, 'allow,deny').toLowerCase();
  const words = order
    .split(/[;,\s]+/)
    .filter((word) => word !== '')
    .join(',');
  if (words === '' || words === 'allow,deny') return 'allow,deny';
  if (words === 'deny,allow') return 'deny,allow';
  throw configValueError(config, domain, 'order', 'allow,deny or deny,allow');
}

function readSendPolicy(config: TarsConfig, domain: string): SendPolicy {
  const policy = config.get(`${domain}<sendpolicy>`).toLowerCase() || 'close';
  if (policy === 'drop') return 'drop-newest';
  if (policy === 'close' || policy === 'drop-newest' || policy === 'drop-oldest' || policy === 'wait') return policy;
  throw configValueError(config, domain, 'sendpolicy', 'close, drop-newest, drop-oldest or wait');
}
