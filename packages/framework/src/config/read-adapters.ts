import { Endpoint, type TarsConfig } from '@tarsier/protocol';
import { lowerAscii } from '@tarsier/protocol/internal';
import type { AccessOrder } from '../adapter/access-list.js';
import { type AdapterConfig, admittedOf } from '../adapter/adapter-config.js';
import type { SendPolicy } from '../connection/connection-limits.js';
import { LOG } from '../log/log.js';
import type { ServerBaseInfo } from '../server-config.js';
import { checkAdapterKeys } from './check-restrictions.js';
import { type AdapterKeysSection, adapterSection } from './config-sections.js';
import { readAddresses } from './read-addresses.js';
import { readTls } from './read-tls.js';
import { readWebSocket } from './read-web-socket.js';
import { SERVER_DOMAIN } from './server-domain.js';

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
  const section = adapterSection(config, name);
  const servant = config.getRequired(`${section.domain}<servant>`);
  const prefix = `${info.Application}.${info.ServerName}.`;
  if (!servant.startsWith(prefix) || servant.length === prefix.length) {
    throw section.error('servant', `a name that begins with ${prefix}, as app and server are set`);
  }
  const endpoint = readEndpoint(section, info);
  checkAdapterKeys(section, endpoint);
  const { type } = endpoint;
  const isTls = type === 'ssl' || type === 'wss';
  const queueCap = Math.max(0, section.number('queuecap'));
  const maxReceiveBytes = section.number('recvbufferlimit');
  return {
    name,
    servant,
    endpoint,
    allow: readAddresses(section, 'allow'),
    deny: readAddresses(section, 'deny'),
    order: readOrder(section),
    maxConns: section.number('maxconns'),
    maxConnsPerIp: section.number('maxconnsperip'),
    ipv6PrefixBits: section.number('ipv6prefix'),
    queueCap,
    maxRequests: readMaxRequests(section, queueCap),
    maxDatagramPackets: section.number('packetsperdatagram') || Number.POSITIVE_INFINITY,
    queueTimeoutMs: section.number('queuetimeout'),
    protocol: section.text('protocol') || undefined,
    idleMs: endpoint.timeoutMs,
    emptyConnMs: section.number('emptyconntimeout'),
    packetMs: section.number('packettimeout'),
    maxPacketRate: section.number('maxpacketrate'),
    maxReceiveBytes,
    decodeLimits: { maxUnits: section.number('decodelimit'), timeMs: section.number('decodetime') },
    tarsVersions: readVersions(section),
    maxSendBytes: section.number('backpacketlimit'),
    maxSendPackets: section.number('backpacketcount'),
    maxSendAgeMs: section.number('backpacketage'),
    minSendBytes: section.number('backpacketmin'),
    sendPolicy: readSendPolicy(section),
    isOrdered: readOrdered(section, type),
    sendsExceptionTexts: section.flag('exceptiontexts'),
    handshakeTimeoutMs: section.number('handshaketimeout'),
    ...(isTls && { tls: readTls(section) }),
    ...((type === 'ws' || type === 'wss') && { webSocket: readWebSocket(section, maxReceiveBytes) }),
  };
}

/** One connection gets half of what all may have at most, so that it cannot have others refused. */
function readMaxRequests(section: AdapterKeysSection, queueCap: number): number {
  const half = Math.max(1, Math.floor(admittedOf(queueCap) / 2));
  const most = section.keys.queuecapperconn.initial ?? half;
  return section.number('queuecapperconn', Math.min(most, half)) || Number.POSITIVE_INFINITY;
}

const versions: ReadonlySet<number> = new Set([1, 2, 3, 5]);

function readVersions(section: AdapterKeysSection): ReadonlySet<number> | undefined {
  const wanted = section
    .text('tarsversions')
    .split(/[;,\s]+/)
    .filter((one) => one !== '');
  if (wanted.length === 0) return undefined;
  const read = new Set(wanted.map(Number));
  if ([...read].every((version) => versions.has(version))) return read;
  throw section.error('tarsversions', 'some of 1, 2, 3 and 5, separated by ;');
}

function readEndpoint(section: AdapterKeysSection, info: ServerBaseInfo): Endpoint {
  const text = section.config.getRequired(`${section.domain}<endpoint>`);
  let endpoint: Endpoint;
  try {
    endpoint = Endpoint.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw section.error('endpoint', `an endpoint such as tcp -h 127.0.0.1 -p 10099 -t 60000 (${why})`, error);
  }
  if (endpoint.discovery !== '') {
    throw section.error('endpoint', 'an address to listen on, without -d: clients look names up');
  }
  if (endpoint.authType !== 0) {
    throw section.error(
      'endpoint',
      `-e 0 or no -e: -e ${endpoint.authType} demands authentication, which this version does not support, and a server that demands it must not serve everybody`,
    );
  }
  if (endpoint.unknownFlags.length > 0) {
    const position = section.config.positionOf(`${section.domain}<endpoint>`);
    LOG.warn('flags of an endpoint have no effect', {
      adapter: section.domain,
      flags: endpoint.unknownFlags,
      ...position,
    });
  }
  if (endpoint.host !== 'localip') return endpoint;
  const { type, port, timeoutMs, path } = endpoint;
  return Endpoint.of({ type, host: info.LocalIp, port, timeoutMs, path });
}

function readOrdered(section: AdapterKeysSection, type: string): boolean {
  const isOrdered = section.flag('ordered');
  if (!isOrdered || type !== 'udp') return isOrdered;
  throw section.error('ordered', 'n with a udp endpoint: datagrams have no order');
}

function readOrder(section: AdapterKeysSection): AccessOrder {
  const words = lowerAscii(section.text('order', 'allow,deny'))
    .split(/[;,\s]+/)
    .filter((word) => word !== '')
    .join(',');
  if (words === '' || words === 'allow,deny') return 'allow,deny';
  if (words === 'deny,allow') return 'deny,allow';
  throw section.error('order', 'allow,deny or deny,allow');
}

function readSendPolicy(section: AdapterKeysSection): SendPolicy {
  const policy = section.word('sendpolicy');
  return policy === 'drop' ? 'drop-newest' : policy;
}
