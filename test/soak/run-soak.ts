import { createSocket } from 'node:dgram';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import {
  type AdapterSection,
  Application,
  type ByteVector,
  Communicator,
  type Current,
  lengthField,
  Servant,
} from '@tarsier/framework';
import { LOCAL_NAMES, TestAuthority } from '../support/certificates.js';

/** What came of a run. */
export interface SoakReport {
  readonly hostile: number;
  readonly calls: number;
  readonly failed: number;
  readonly p99Ms: number;
  readonly heapGrowth: number;
  /** Open descriptors before and after; -1 where the system does not tell. */
  readonly descriptors: readonly [number, number];
}

const framing = lengthField({ bytes: 4, includesHeader: true, max: 1_000_000, requestId: { offset: 4, bytes: 4 } });

class Echo extends Servant {
  override doRequest(current: Current, response: ByteVector): number {
    response.assign(current.getRequestVector());
    return 0;
  }
}

const KINDS = ['tcp', 'ssl', 'ws', 'wss', 'unix'] as const;
type Kind = (typeof KINDS)[number];
const UPGRADE =
  'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
/** So many hostile connections of each way and transport at a time. */
const AT_ONCE = 3;

/** The ways to be hostile to a stream; each lives until it is destroyed. */
const ways: Readonly<Record<string, (socket: Socket) => void>> = {
  drip: (socket) => {
    const timer = setInterval(() => socket.write('\0'), 200);
    socket.on('close', () => clearInterval(timer));
  },
  'never reads': (socket) => {
    socket.pause();
    const packet = framing.encode('x'.repeat(60_000), 1);
    for (let i = 0; i < 50; i++) socket.write(packet);
  },
  garbage: (socket) => void socket.write(Buffer.alloc(4096, 0xa5)),
  'half a handshake': (socket) => void socket.write(UPGRADE),
  'a refused upgrade': (socket) => void socket.write(`${UPGRADE}Origin: https://evil.example\r\n\r\n`),
  'frames of nonsense': (socket) => {
    socket.write(`${UPGRADE}\r\n`);
    socket.write(Buffer.from('ffff00112233445566', 'hex'));
  },
  reset: (socket) => {
    // Only TCP can be reset, and only by itself.
    const isTcp = !('encrypted' in socket) && socket.remotePort !== undefined;
    if (isTcp) socket.resetAndDestroy();
    else socket.destroy();
  },
};

/** A good client beside hostile ones over every transport, for a time. */
export async function runSoak(ms: number): Promise<SoakReport> {
  const authority = await TestAuthority.create();
  const pair = await authority.issue({ name: 'localhost', names: LOCAL_NAMES });
  const path = join(authority.folder, 's');
  const app = new Application();
  const communicator = new Communicator({ ca: authority.ca, 'async-invoke-timeout': 5000 });
  const before = descriptors();
  const adapters: Record<string, AdapterSection> = {};
  for (const kind of [...KINDS, 'udp'] as const) {
    app.addServant(Echo, `T.S.${kind}Obj`);
    app.addServantProtocol(`T.S.${kind}Obj`, framing);
    const where = kind === 'unix' ? `tcp -h ${path} -p 0` : `${kind} -h 127.0.0.1 -p 0`;
    adapters[`${kind}Adapter`] = {
      servant: `T.S.${kind}Obj`,
      endpoint: `${where} -t 3000`,
      protocol: 'not_tars',
      ...((kind === 'ssl' || kind === 'wss') && pair),
    };
  }
  const held = new Set<Socket>();
  let hostile = 0;
  try {
    await app.main({ app: 'T', server: 'S', loglevel: 'NONE', adapters });
    const endpointOf = (kind: string): string => String(app.getBindAdapter(`${kind}Obj`)?.getEndpoint());
    const portOf = (kind: string): number => app.getBindAdapter(`${kind}Obj`)?.getEndpoint().port ?? 0;
    const good = [...KINDS, 'udp'].map((kind) => {
      const proxy = communicator.stringToProxy(`T.S.${kind}Obj@${endpointOf(kind)}`);
      return proxy.setProtocol(framing.proxyProtocol);
    });
    const isSecure = (kind: Kind): boolean => kind === 'ssl' || kind === 'wss';
    const open = (kind: Kind, way: string): void => {
      const raw = kind === 'unix' ? connect(path) : connect(portOf(kind), '127.0.0.1');
      // Every second one of TLS gets through the handshake, and is hostile behind it.
      const socket = isSecure(kind) && hostile % 2 === 0 ? connectTls({ socket: raw, rejectUnauthorized: false }) : raw;
      hostile++;
      held.add(raw);
      for (const one of new Set([raw, socket])) one.on('error', () => undefined);
      raw.on('close', () => held.delete(raw));
      socket.once(socket === raw ? 'connect' : 'secureConnect', () => ways[way]?.(socket));
    };
    const datagrams = createSocket('udp4');
    const endMs = performance.now() + ms;
    const took: number[] = [];
    let [failed, heap] = [0, 0];
    for (let turn = 0; performance.now() < endMs; turn++) {
      for (const kind of KINDS) for (const way of Object.keys(ways)) if (held.size < AT_ONCE * 35) open(kind, way);
      for (let i = 0; i < 20; i++) datagrams.send(Buffer.alloc(1 + (turn % 1400), i), portOf('udp'), '127.0.0.1');
      for (let round = 0; round < 5; round++) {
        const results = good.map(async (proxy) => {
          const beganMs = performance.now();
          await proxy.rpcCall(proxy.genRequestId(), 'f', 'hello');
          took.push(performance.now() - beganMs);
        });
        failed += (await Promise.allSettled(results)).filter(({ status }) => status === 'rejected').length;
        await delay(20);
      }
      // Each lives for some turns, and makes room for the next.
      if (turn % 20 === 19) for (const socket of [...held].slice(0, held.size >> 1)) socket.destroy();
      if (turn === 20) heap = heapBytes();
    }
    for (const socket of held) socket.destroy();
    datagrams.close();
    const heapGrowth = heap === 0 ? 0 : heapBytes() - heap;
    await communicator.terminate();
    await app.terminate();
    const sorted = took.toSorted((a, b) => a - b);
    const p99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
    return {
      hostile,
      calls: took.length + failed,
      failed,
      p99Ms,
      heapGrowth,
      descriptors: [before, await settled(before)],
    };
  } finally {
    for (const socket of held) socket.destroy();
    await communicator.terminate();
    await app.terminate();
    await authority.remove();
  }
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function descriptors(): number {
  return process.platform === 'linux' && readFileSync('/proc/self/stat').length > 0
    ? readdirSync('/proc/self/fd').length
    : -1;
}

/** Sockets are closed a moment after they were told to. */
async function settled(before: number): Promise<number> {
  for (let left = 50; left > 0 && descriptors() > before; left--) await delay(100);
  return descriptors();
}
