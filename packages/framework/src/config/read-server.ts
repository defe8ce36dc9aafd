import { availableParallelism, networkInterfaces } from 'node:os';
import { basename, extname, join, normalize, sep } from 'node:path';
import type { TarsConfig } from '@tarsier/protocol';
import { lowerAscii } from '@tarsier/protocol/internal';
import { LogLevel, setLogLevel } from '../log/log.js';
import type { ServerBaseInfo } from '../server-config.js';
import { type ServerSection, serverSection } from './config-sections.js';
import { readAddresses } from './read-addresses.js';
import { SERVER_DOMAIN } from './server-domain.js';

/** The first IPv4 address of this machine that is not loopback. */
function ownAddress(): string {
  for (const addresses of Object.values(networkInterfaces())) {
    const found = addresses?.find((address) => address.family === 'IPv4' && !address.internal);
    if (found !== undefined) return found.address;
  }
  return '127.0.0.1';
}

function directory(path: string): string {
  const normal = normalize(path);
  return normal.endsWith(sep) ? normal : join(normal, sep);
}

function scriptName(): string {
  const script = process.argv[1] ?? 'server';
  return basename(script, extname(script));
}

/**
 * The server section with its defaults. Sets the log level.
 *
 * @throws ConfigException for a value that is not allowed.
 */
export function readServerInfo(config: TarsConfig, file: string): ServerBaseInfo {
  const server = serverSection(config);
  const localIp = server.text('localip') || ownAddress();
  const level = readLogLevel(server);
  setLogLevel(LogLevel[level]);
  return {
    Application: server.text('app', 'UNKNOWN'),
    ServerName: server.text('server', scriptName()),
    NodeName: server.text('nodename', localIp),
    LocalIp: localIp,
    BasePath: directory(server.text('basepath', '.')),
    DataPath: directory(server.text('datapath', '.')),
    LogPath: directory(server.text('logpath', '.')),
    LogLevel: level,
    ConfigFile: file,
    BackPacketLimit: server.number('backpacketlimit'),
    BackPacketMin: server.number('backpacketmin'),
    BackPacketCount: server.number('backpacketcount'),
    BackPacketAge: server.number('backpacketage'),
    SendBufferLimit: server.number('sendbufferlimit'),
    EmptyConnTimeout: server.number('emptyconntimeout'),
    DeactivatingTimeout: server.number('deactivating-timeout'),
    Local: server.text('local'),
    AdminAllow: readAddresses(server, 'adminallow'),
    CertReload: server.number('certreload'),
    DrainWindow: server.number('drainwindow'),
    GoawayTime: server.number('goawaytime'),
    Workers: readWorkers(server),
    ManualListen: server.flag('manuallisten'),
  };
}

/** TARS writes the key `logLevel`. */
function readLogLevel(server: ServerSection): keyof typeof LogLevel {
  const tarsKey = `${SERVER_DOMAIN}<logLevel>`;
  const { config } = server;
  if (config.get(tarsKey) !== '') config.set(`${SERVER_DOMAIN}<loglevel>`, config.get(tarsKey));
  return server.word('loglevel');
}

function readWorkers(server: ServerSection): number {
  return lowerAscii(server.text('workers')) === 'auto' ? availableParallelism() : server.number('workers');
}
