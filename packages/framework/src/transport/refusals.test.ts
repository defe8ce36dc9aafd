import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CertificatePair, LOCAL_NAMES, TestAuthority } from '../../../../test/support/certificates.js';
import type { AdapterSection } from '../config/application-config.js';
import { type Behaviour, startServer, stopServers } from '../test-server.testkit.js';

/** A second, and what a busy machine needs to notice. */
const LIMIT_MS = 1600;
/** How often a peer that sends on does. */
const SEND_MS = 20;

let authority: TestAuthority;
let certificate: CertificatePair;
/** What servers of this process have accepted, by the port of the peer. */
const accepted = new Map<number, Socket>();
const note = (message: unknown): void => {
  const { socket } = message as { socket: Socket };
  accepted.set(socket.remotePort ?? 0, socket);
};

beforeAll(async () => {
  channel('net.server.socket').subscribe(note);
  authority = await TestAuthority.create();
  certificate = await authority.issue({ name: 'localhost', names: LOCAL_NAMES });
});

afterAll(async () => {
  channel('net.server.socket').unsubscribe(note);
  await stopServers();
  await authority.remove();
});

/** One way to be refused. */
interface Way {
  readonly name: string;
  readonly type: 'tcp' | 'ssl' | 'ws' | 'wss';
  readonly section?: Partial<AdapterSection>;
  readonly behaviour?: Behaviour;
  /** What the peer sends. */
  readonly bytes: string | Buffer;
  /** What the peer sends again and again afterwards; what it has sent before unless given. */
  readonly more?: string | Buffer;
  /** The peer does not begin TLS, on a port that wants it. */
  readonly isBare?: boolean;
  /** How the peer begins TLS. */
  readonly tls?: ConnectionOptions;
  /** How many others hold places. */
  readonly others?: number;
}

const KEY = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==';
const base = { Host: 'x', Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13' };

function upgrade(path = '/api', fields: Record<string, string> = {}, first = `GET ${path} HTTP/1.1`): string {
  const lines = Object.entries({ ...base, ...fields }).map(([name, value]) => `${name}: ${value}`);
  return `${[first, ...lines, ...(fields['Sec-WebSocket-Key'] === undefined ? [KEY] : [])].join('\r\n')}\r\n\r\n`;
}

/** A frame of a client, masked with zeros. */
function messageOf(payload: Buffer, opcode = 2): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

const after = (...frames: Buffer[]): Buffer => Buffer.concat([Buffer.from(upgrade()), ...frames]);
/** A length field that no packet has. */
const noPacket = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
const packet = Buffer.from([0, 0, 0, 8, 0, 0, 0, 1]);
const closes: Behaviour = {
  doRequest: (current) => {
    current.close();
    return 0;
  },
};
const text = messageOf(Buffer.from('hi'), 1);
const withoutHost = upgrade().replace('Host: x\r\n', '');

const ways: readonly Way[] = [
  { name: 'no packet', type: 'tcp', bytes: noPacket },
  { name: 'the servant closes', type: 'tcp', bytes: packet, behaviour: closes, more: '' },
  { name: 'deny', type: 'tcp', bytes: packet, section: { deny: '127.0.0.1' } },
  { name: 'maxconns', type: 'tcp', bytes: packet, section: { maxconns: 1 }, others: 1 },
  { name: 'no TLS', type: 'ssl', bytes: 'GET / HTTP/1.1\r\n\r\n', isBare: true },
  { name: 'TLS without the certificate that is wanted', type: 'ssl', bytes: packet, section: { verifyclient: true } },
  {
    name: 'another version of TLS',
    type: 'ssl',
    bytes: '',
    tls: { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL@SECLEVEL=0' },
  },
  { name: 'no packet, in TLS', type: 'ssl', bytes: noPacket },
  { name: 'the servant closes, in TLS', type: 'ssl', bytes: packet, behaviour: closes, more: '' },
  { name: 'deny, with TLS', type: 'ssl', bytes: '', section: { deny: '127.0.0.1' }, isBare: true },
  { name: '404', type: 'ws', bytes: upgrade('/other') },
  { name: '403', type: 'ws', bytes: upgrade('/api', { Origin: 'https://evil.example' }) },
  { name: '421', type: 'ws', bytes: upgrade(), section: { hosts: 'www.example.com' } },
  { name: '400: no Host', type: 'ws', bytes: withoutHost },
  { name: '400: two Hosts', type: 'ws', bytes: upgrade('/api', { host: 'y' }) },
  { name: '400: HTTP/1.0', type: 'ws', bytes: upgrade('/api', {}, 'GET /api HTTP/1.0') },
  { name: '400: no key', type: 'ws', bytes: upgrade('/api', { 'Sec-WebSocket-Key': 'none' }) },
  { name: '400: no subprotocol', type: 'ws', bytes: upgrade('/api', { 'Sec-WebSocket-Protocol': ',' }) },
  { name: '405', type: 'ws', bytes: upgrade('/api', {}, 'POST /api HTTP/1.1') },
  { name: '426: another version', type: 'ws', bytes: upgrade('/api', { 'Sec-WebSocket-Version': '8' }) },
  { name: '426: another protocol', type: 'ws', bytes: upgrade('/api', { Upgrade: 'h2c' }) },
  { name: '426: a plain request', type: 'ws', bytes: 'GET /api HTTP/1.1\r\nHost: x\r\n\r\n' },
  {
    name: '426: a body that goes on',
    type: 'ws',
    bytes: 'POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n',
    more: 'x',
  },
  {
    name: '426: who asks to go on',
    type: 'ws',
    bytes: 'POST /api HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9999\r\n\r\n',
    more: 'x',
  },
  {
    name: '426: who expects',
    type: 'ws',
    bytes: 'POST /api HTTP/1.1\r\nHost: x\r\nExpect: much\r\nContent-Length: 9999\r\n\r\n',
    more: 'x',
  },
  { name: 'CONNECT', type: 'ws', bytes: 'CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n' },
  { name: 'no HTTP', type: 'ws', bytes: 'hello\r\n\r\n' },
  { name: 'a head that is too large', type: 'ws', bytes: `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}` },
  { name: 'handshaketimeout', type: 'ws', bytes: 'GET', section: { handshaketimeout: 100 }, more: '' },
  { name: 'deny, before the handshake', type: 'ws', bytes: upgrade(), section: { deny: '127.0.0.1' } },
  { name: 'a text message', type: 'ws', bytes: after(text), more: text },
  { name: 'no frame', type: 'ws', bytes: after(Buffer.from([0x82, 0x01, 0x41])) },
  {
    name: 'a message that is too large',
    type: 'ws',
    bytes: after(messageOf(Buffer.alloc(100))),
    section: { wsmaxmessage: 99 },
  },
  { name: 'no packet, in a message', type: 'ws', bytes: after(messageOf(noPacket)), more: messageOf(noPacket) },
  {
    name: 'the servant closes the WebSocket',
    type: 'ws',
    bytes: after(messageOf(packet)),
    behaviour: closes,
    more: '',
  },
  { name: '404, with TLS', type: 'wss', bytes: upgrade('/other') },
  { name: '426, with TLS', type: 'wss', bytes: 'GET /api HTTP/1.1\r\nHost: x\r\n\r\n' },
  { name: 'no HTTP in TLS', type: 'wss', bytes: 'hello\r\n\r\n' },
  { name: 'no TLS before HTTP', type: 'wss', bytes: upgrade(), isBare: true },
  { name: 'a text message, with TLS', type: 'wss', bytes: after(text), more: text },
];

/** A peer that begins, then neither reads nor closes. */
async function begin(way: Way, port: number): Promise<Socket> {
  const raw = connectTcp({ port, host: '127.0.0.1', allowHalfOpen: true });
  raw.on('error', () => undefined);
  await once(raw, 'connect');
  const isTls = (way.type === 'ssl' || way.type === 'wss') && way.isBare !== true;
  const socket = isTls ? connectTls({ socket: raw, rejectUnauthorized: false, ...way.tls }) : raw;
  socket.on('error', () => undefined);
  socket.pause();
  if (!isTls) socket.write(way.bytes);
  else socket.once('secureConnect', () => socket.write(way.bytes));
  return socket === raw ? raw : Object.assign(socket, { peerPort: raw.localPort });
}

/** Tests that run side by side cannot poll with `expect`. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

/** When the server has let go of it, in ms from now. */
async function goneAfter(peer: Socket): Promise<number> {
  const port = Number(Reflect.get(peer, 'peerPort') ?? peer.localPort);
  const beganMs = performance.now();
  await until(() => accepted.has(port));
  const socket = accepted.get(port);
  if (socket !== undefined && !socket.closed) await once(socket, 'close');
  return performance.now() - beganMs;
}

async function isServed(way: Way, port: number): Promise<boolean> {
  const socket = await begin(
    {
      ...way,
      tls: {},
      isBare: false,
      bytes: way.type === 'ws' || way.type === 'wss' ? after(messageOf(packet)) : packet,
    },
    port,
  );
  socket.resume();
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.length > 0;
}

describe.concurrent('who is refused is gone within a second, and leaves its place to others', () => {
  it.each(ways)('$type: $name', async (way) => {
    const isTls = way.type === 'ssl' || way.type === 'wss';
    const path = way.type === 'ws' || way.type === 'wss' ? ' -u /api' : '';
    const { app, port } = await startServer(way.behaviour, {
      endpoint: `${way.type} -h 127.0.0.1 -p 0 -t 60000${path}`,
      ...(isTls && certificate),
      ...(way.section?.verifyclient === true && { ca: authority.ca }),
      // A place for each of the two below.
      maxconns: 2,
      ...way.section,
    });
    const others = await Promise.all(
      Array.from({ length: way.others ?? 0 }, () => begin({ ...way, bytes: packet }, port)),
    );
    const silent = await begin(way, port);
    const busy = await begin(way, port);
    const more = way.more ?? way.bytes;
    const sending = setInterval(() => busy.write(more), SEND_MS);
    try {
      const times = await Promise.all([goneAfter(silent), goneAfter(busy)]);
      // One that is served to its end gets longer while it sends: that is no refusal.
      expect(Math.max(...times)).toBeLessThan(LIMIT_MS + (way.section?.handshaketimeout === undefined ? 0 : 1000));
      for (const other of others) other.destroy();
      await until(() => app.getBindAdapter('Obj')?.getNowConnection() === 0);
      const mayEnter =
        way.section?.deny === undefined && way.section?.hosts === undefined && way.section?.verifyclient === undefined;
      if (mayEnter && way.behaviour === undefined && way.section?.wsmaxmessage === undefined) {
        expect(await isServed(way, port)).toBe(true);
      }
    } finally {
      clearInterval(sending);
      for (const peer of [silent, busy, ...others]) peer.destroy();
      await app.terminate();
    }
  });
});
