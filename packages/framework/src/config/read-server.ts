import { availableParallelism, networkInterfaces } from 'node:os';
import { basename, extname, join, normalize, sep } from 'node:path';
import type { TarsConfig } from '@tarsier/protocol';
import { booleanValue, configValueError, durationMsValue, integerValue, sizeValue } from '@tarsier/protocol/internal';
import { LogLevel, setLogLevel } from '../log/log.js';
import type { ServerBaseInfo } from '../server-config.js';
import { readAddresses } from './read-addresses.js';
import { SERVER_DOMAIN as SERVER } from './server-domain.js';

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
  const text = (key: string, fallback: string) => config.get(`${SERVER}<${key}>`) || fallback;
  const localIp = text('localip', '') || ownAddress();
  const levelKey = config.get(`${SERVER}<logLevel>`) === '' ? 'loglevel' : 'logLevel';
  const level = text(levelKey, 'INFO').toUpperCase();
  const value = Object.entries(LogLevel).find(([name]) => name === level)?.[1];
  if (value === undefined) throw configValueError(config, SERVER, levelKey, 'NONE, ERROR, WARN, INFO, DEBUG or TARS');
  setLogLevel(value);
  return {
    Application: text('app', 'UNKNOWN'),
    ServerName: text('server', scriptName()),
    NodeName: text('nodename', localIp),
    LocalIp: localIp,
    BasePath: directory(text('basepath', '.')),
    DataPath: directory(text('datapath', '.')),
    LogPath: directory(text('logpath', '.')),
    LogLevel: level,
    ConfigFile: file,
    BackPacketLimit: sizeValue(config, SERVER, 'backpacketlimit', 104_857_600, { min: 1 }),
    BackPacketMin: sizeValue(config, SERVER, 'backpacketmin', 1024),
    BackPacketCount: integerValue(config, SERVER, 'backpacketcount', 0, { min: 0 }),
    BackPacketAge: durationMsValue(config, SERVER, 'backpacketage', 0),
    SendBufferLimit: sizeValue(config, SERVER, 'sendbufferlimit', 1_073_741_824),
    EmptyConnTimeout: durationMsValue(config, SERVER, 'emptyconntimeout', 0),
    DeactivatingTimeout: durationMsValue(config, SERVER, 'deactivating-timeout', 5000),
    Local: text('local', ''),
    AdminAllow: readAddresses(config, SERVER, 'adminallow'),
    CertReload: durationMsValue(config, SERVER, 'certreload', 60_000),
    DrainWindow: durationMsValue(config, SERVER, 'drainwindow', 0),
    GoawayTime: durationMsValue(config, SERVER, 'goawaytime', 1000),
    Workers: readWorkers(config),
    ManualListen: booleanValue(config, SERVER, 'manuallisten', false),
  };
}

/** More processes than this are a slip of the pen. */
const MAX_WORKERS = 1024;

function readWorkers(config: TarsConfig): number {
  if (config.get(`${SERVER}<workers>`).toLowerCase() === 'auto') return availableParallelism();
  return integerValue(config, SERVER, 'workers', 0, { min: 0, max: MAX_WORKERS });
}
