import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as connectTls } from 'node:tls';
import type { AdapterSection } from '@tarsier/framework';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { frame } from '../../packages/framework/src/raw-client.testkit.js';
import { startServer, stopServers, type TestServer } from '../../packages/framework/src/test-server.testkit.js';
import { type CertificatePair, LOCAL_NAMES, TestAuthority } from '../support/certificates.js';
import { needs } from '../support/needs.js';

const UPGRADE = [
  'GET / HTTP/1.1',
  'Host: x',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Version: 13',
  '\r\n',
].join('\r\n');
const TYPES = ['tcp', 'ssl', 'ws', 'wss'] as const;
type Type = (typeof TYPES)[number];

let authority: TestAuthority;
let certificate: CertificatePair;
const sockets = new Set<Socket>();

beforeAll(async () => {
  authority = await TestAuthority.create();
  certificate = await authority.issue({ name: 'localhost', names: LOCAL_NAMES });
});

afterAll(async () => {
  await authority.remove();
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await stopServers();
});

function serve(type: Type, section: Partial<AdapterSection> = {}): Promise<TestServer> {
  const isTls = type === 'ssl' || type === 'wss';
  const endpoint = `${type} -h 127.0.0.1 -p 0 -t 60000`;
  return startServer({}, { endpoint, ...(isTls && certificate), ...section });
}

const adapterOf = ({ app }: TestServer) => {
  const adapter = app.getBindAdapter('Obj');
  if (adapter === undefined) throw new Error('the server has no adapter');
  return adapter;
};

/** A socket that is connected and says nothing. */
async function silent(port: number, localAddress: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  sockets.add(socket.on('error', () => {}));
  await once(socket, 'connect');
  return socket;
}

/** Whether a peer that says what it should gets an answer; its connection stays open. */
async function isServed(type: Type, port: number, localAddress: string): Promise<boolean> {
  const raw = await silent(port, localAddress);
  const isTls = type === 'ssl' || type === 'wss';
  const socket = isTls ? connectTls({ socket: raw, rejectUnauthorized: false }) : raw;
  sockets.add(socket.on('error', () => {}));
  socket.write(type === 'ws' || type === 'wss' ? UPGRADE : frame(1, 'x'));
  return new Promise((resolve) => {
    socket.on('data', () => {
      resolve(true);
    });
    socket.on('close', () => {
      resolve(false);
    });
  });
}

describe.each(TYPES)('a peer over %s that has gone before it is accepted', (type) => {
  it.each<[string, Partial<AdapterSection>]>([
    ['deny', { deny: '127.0.0.1' }],
    ['allow', { allow: '10.1.2.3' }],
    ['no list', {}],
  ])('is refused with %s: nobody knows who it was', async (_what, section) => {
    const server = await serve(type, section);
    const count = 20;
    const bytes = type === 'ws' ? UPGRADE : frame(1, 'shut down').toString('latin1');
    // This process does not come to accept while the other one runs.
    execFileSync(process.execPath, [
      '-e',
      `const { connect } = require('node:net');
       for (let i = 0; i < ${count}; i++) {
         const socket = connect(${server.port}, '127.0.0.1', () => {
           socket.write(Buffer.from(${JSON.stringify(bytes)}, 'latin1'), () => socket.resetAndDestroy());
         });
         socket.on('error', () => {});
       }`,
    ]);
    const { counters } = adapterOf(server);
    await vi.waitUntil(() => counters.denied === count);
    expect(counters).toMatchObject({ accepted: 0, requests: 0 });
  });
});

describe('an administration port', () => {
  it('refuses a peer that has gone before it is accepted', async () => {
    const { app } = await startServer({}, {}, { local: `tcp -h 127.0.0.1 -p ${await freePort()} -t 3000` });
    const port = Number(/-p (\d+)/.exec(app.getServerBaseInfo().Local)?.[1]);
    const ended = vi.fn();
    app.on('shutdown', ended);
    execFileSync(process.execPath, [
      '-e',
      `const socket = require('node:net').connect(${port}, '127.0.0.1', () => {
         socket.write('tars.shutdown\\n', () => socket.resetAndDestroy());
       }).on('error', () => {});`,
    ]);
    // Whoever comes after it is served, so it was looked at before.
    expect(await command(port, '127.0.0.1')).toContain('tarsier');
    expect(ended).not.toHaveBeenCalled();
  });

  const own = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  // A machine without a network has no address of its own but loopback.
  it('serves the programs of this machine at whichever address of it it stands', needs('network'), async () => {
    const host = own ?? '';
    const port = await freePort(host);
    await startServer({}, {}, { local: `tcp -h ${host} -p ${port} -t 3000` });
    expect(await command(port, host)).toContain('tarsier');
  });

  function command(port: number, host: string): Promise<string> {
    const socket = connect({ port, host, localAddress: host }, () => {
      socket.write('tars.viewversion\n');
    });
    sockets.add(socket.on('error', () => {}));
    return new Promise((resolve) => {
      let text = '';
      socket.on('data', (data: Buffer) => {
        text += data.toString();
      });
      socket.on('close', () => {
        resolve(text);
      });
    });
  }

  async function freePort(host = '127.0.0.1'): Promise<number> {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    return typeof address === 'object' && address !== null ? address.port : 0;
  }
});

describe.each(TYPES)('maxconnsperip over %s', (type) => {
  it('counts from accept to close, so that one address cannot take the places of handshakes', async () => {
    const server = await serve(type, { maxconns: 20, maxconnsperip: 2, handshaketimeout: 20_000 });
    const held = await Promise.all(Array.from({ length: 40 }, () => silent(server.port, '127.0.0.2')));
    await vi.waitUntil(() => adapterOf(server).counters.overMaxConnsPerIp === 38);
    await vi.waitUntil(() => held.filter((socket) => !socket.closed).length === 2);
    expect(await isServed(type, server.port, '127.0.0.3')).toBe(true);
    expect(await isServed(type, server.port, '127.0.0.2')).toBe(false);
    // However a handshake ends, its place is free afterwards.
    for (const socket of held) socket.destroy();
    await vi.waitUntil(async () => isServed(type, server.port, '127.0.0.2'));
  });

  it('gives the places of those back that were served, that failed and that took too long', async () => {
    const server = await serve(type, { maxconnsperip: 2, handshaketimeout: 200, emptyconntimeout: 200 });
    for (let round = 0; round < 3; round++) {
      expect(await isServed(type, server.port, '127.0.0.2')).toBe(true);
      const other = await silent(server.port, '127.0.0.2');
      // No handshake of any kind, and no packet.
      if (round === 0) other.write('\0\0\0\x02 garbage \r\n\r\n');
      if (round === 1) other.resetAndDestroy();
      else await once(other.resume(), 'close');
      for (const socket of sockets) socket.destroy();
      sockets.clear();
      await vi.waitUntil(() => adapterOf(server).getNowConnection() === 0);
    }
    await vi.waitUntil(async () => isServed(type, server.port, '127.0.0.2'));
    expect(await isServed(type, server.port, '127.0.0.2')).toBe(true);
    expect(await isServed(type, server.port, '127.0.0.2')).toBe(false);
  });
});
