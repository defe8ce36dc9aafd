import { decodeDefaults, type Endpoint } from '@tarsier/protocol';
import { THIS_MACHINE } from '../adapter/access-list.js';
import type { AdapterConfig } from '../adapter/adapter-config.js';
import { isSocketPath } from '../transport/socket-path.js';

/** Object name of the administration port, as in TARS. */
export const ADMIN_OBJECT = 'AdminObj';

const MIB = 1024 * 1024;

/**
 * The adapter behind the key `local`. Whoever may connect may end the server, so without `adminallow` these are the programs of this
 * machine only, wherever it listens.
 *
 * Source: the AdminAdapter of Application::initializeServer (TarsCpp).
 */
export function adminAdapterConfig(endpoint: Endpoint, allow: string): AdapterConfig {
  return {
    name: 'AdminAdapter',
    servant: ADMIN_OBJECT,
    endpoint,
    // A Unix socket has no addresses; the rights of its file decide.
    allow: allow === '' && !isSocketPath(endpoint) ? THIS_MACHINE : allow,
    deny: '',
    order: 'allow,deny',
    maxConns: 64,
    maxConnsPerIp: 0,
    ipv6PrefixBits: 64,
    queueCap: 64,
    queueTimeoutMs: 60_000,
    protocol: 'not_tars',
    idleMs: endpoint.timeoutMs,
    emptyConnMs: 10_000,
    maxReceiveBytes: 16 * 1024,
    decodeLimits: decodeDefaults,
    tarsVersions: undefined,
    packetMs: 10_000,
    maxPacketRate: 0,
    maxRequests: 16,
    maxDatagramPackets: 1,
    maxSendBytes: 64 * MIB,
    maxSendPackets: 0,
    maxSendAgeMs: 60_000,
    minSendBytes: 1024,
    sendPolicy: 'close',
    isOrdered: true,
    handshakeTimeoutMs: 10_000,
    sendsExceptionTexts: false,
  };
}
