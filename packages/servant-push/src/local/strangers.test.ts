import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { lengthField } from '@tarsier/framework';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../../../../test/support/needs.js';
import type { EnginePort } from '../cluster/engine.js';
import { ANSWER_BYTES, BrokerHandshake, NONCE_BYTES, NodeHandshake } from './broker-handshake.js';
import { local } from './local.js';
import { makePrivateFolder, sweepFoldersLike } from './private-folder.js';
import { SocketEngine } from './socket-engine.js';

let folder = '';
let path = '';
const engines = new Set<SocketEngine>();
const servers = new Set<Server>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarsier-strangers-'));
  path = join(folder, 'hub.sock');
});

afterEach(async () => {
  await Promise.all(Array.from(engines, (engine) => engine.close()));
  for (const server of servers) server.close();
  engines.clear();
  servers.clear();
  rmSync(folder, { recursive: true, force: true });
});

/** An engine that never serves, and how often it was connected. */
function node(secret: string): { connects: number; errors: string[]; engine: SocketEngine } {
  const engine = new SocketEngine({ path, secret, mayServe: false });
  engines.add(engine);
  const told = { connects: 0, errors: [] as string[], engine };
  const port: EnginePort = {
    keepMs: 60_000,
    connected: () => told.connects++,
    disconnected() {},
    entry() {},
    received() {},
    failed: (error) => told.errors.push(String(error)),
  };
  engine.listen('a channel');
  void engine.open(port, 'node');
  return told;
}

/** Somebody else listens at the path. */
async function stranger(serve: (socket: Socket, chunk: Buffer | undefined) => void): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket, undefined);
    socket.on('data', (chunk) => serve(socket, chunk));
  });
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

async function broker(secret: string): Promise<SocketEngine> {
  const engine = new SocketEngine({ path, secret });
  engines.add(engine);
  await engine.serve();
  return engine;
}

describe('a stranger at the meeting place of a hub', () => {
  it('who listens first is told nothing but a nonce and a proof, and is not believed', async () => {
    let heard = 0;
    await stranger((socket, chunk) => {
      if (chunk === undefined) socket.write(Buffer.alloc(NONCE_BYTES, 1));
      else {
        heard = Math.max(heard, chunk.length);
        socket.write(Buffer.alloc(32, 2));
      }
    });
    const one = node('the secret');
    await expect.poll(() => one.errors.length, { timeout: 10_000 }).toBeGreaterThan(2);
    expect(one.errors[0]).toMatch(/does not know the secret/);
    expect([one.connects, heard]).toEqual([0, ANSWER_BYTES]);
    await expect(one.engine.cast('a channel', Buffer.from('secret'))).rejects.toThrow();
  });

  it('who listens and says nothing is left after a while', async () => {
    let count = 0;
    await stranger((_socket, chunk) => {
      if (chunk === undefined) count++;
    });
    const one = node('the secret');
    await expect.poll(() => count, { timeout: 20_000 }).toBeGreaterThan(1);
    expect(one.errors[0]).toMatch(/does not know the secret/);
  });

  it('who connects hears a nonce, and nothing of what nodes say to each other', async () => {
    await broker('the secret');
    const one = node('the secret');
    await expect.poll(() => one.connects).toBe(1);
    const guesses = [
      Buffer.alloc(ANSWER_BYTES),
      Buffer.alloc(100_000, 7),
      new NodeHandshake('another secret').answer(Buffer.alloc(NONCE_BYTES)),
    ];
    for (const guess of guesses) {
      const socket = connect(path);
      let heard = 0;
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        heard += chunk.length;
        socket.write(guess);
      });
      await new Promise((resolve) => socket.once('close', resolve));
      expect(heard).toBe(NONCE_BYTES);
    }
    const wrong = node('a wrong secret');
    await expect.poll(() => wrong.errors[0], { timeout: 10_000 }).toMatch(/does not know the secret/);
    await one.engine.cast('a channel', Buffer.from('for nodes'));
    expect([one.connects, wrong.connects]).toEqual([1, 0]);
  });

  it('cannot use again what a node has said', () => {
    const before = new BrokerHandshake('the secret');
    const answer = new NodeHandshake('the secret').answer(before.nonce);
    expect(before.confirm(answer)).toHaveLength(32);
    expect(new BrokerHandshake('the secret').confirm(answer)).toBeUndefined();
    // Nor what it has said itself.
    expect(
      before.confirm(Buffer.concat([answer.subarray(0, NONCE_BYTES), before.confirm(answer) ?? answer])),
    ).toBeUndefined();
  });

  it('who opens many connections shuts no node out', async () => {
    await broker('the secret');
    const idle = Array.from({ length: 200 }, () => connect(path).on('error', () => undefined));
    await new Promise((resolve) => idle.at(-1)?.once('connect', resolve));
    const one = node('the secret');
    await expect.poll(() => one.connects, { timeout: 10_000 }).toBe(1);
    for (const socket of idle) socket.destroy();
  });
});

describe('garbage of a broker', () => {
  const frame = lengthField({ bytes: 4, includesHeader: true, max: 1_000_000 });
  const garbages: (readonly [name: string, bytes: Uint8Array])[] = [
    ['a length beyond all limits', Buffer.from([255, 255, 255, 255, 1])],
    ['bytes that are no value', frame.encode(Buffer.from([9, 9, 9, 9]))],
    ...[
      null,
      7,
      'text',
      [],
      {},
      { ev: 'entry' },
      { ev: 'entry', entry: 1 },
      { ev: 'log' },
      { ev: 'value' },
      { re: {} },
    ].map((value) => [`the value ${JSON.stringify(value)}`, frame.encode(serialize(value))] as const),
  ];

  it.each(garbages)(
    '%s: costs its connection at most, and nothing is thrown out of an event',
    async (_name, garbage) => {
      let met = 0;
      const handshakes = new WeakMap<Socket, BrokerHandshake>();
      await stranger((socket, chunk) => {
        const handshake = handshakes.get(socket) ?? new BrokerHandshake('the secret');
        if (chunk === undefined) {
          handshakes.set(socket, handshake);
          socket.write(handshake.nonce);
          return;
        }
        const confirmation = handshake.confirm(chunk.subarray(0, ANSWER_BYTES));
        if (confirmation === undefined) return;
        met++;
        socket.write(confirmation);
        socket.write(garbage);
        socket.end();
      });
      node('the secret');
      await expect.poll(() => met, { timeout: 20_000 }).toBeGreaterThan(1);
    },
  );
});

describe('the folder of a meeting place', needs('users'), () => {
  it('must be out of the reach of others, unless there is a secret', async () => {
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o1777);
    expect(() => local({ path: join(shared, 'hub.sock') })).toThrow(/other users of the machine can get at/);
    expect(() => local({ path: join(shared, 'hub.sock'), secret: 'x' })).not.toThrow();
    const made = join(folder, 'not', 'there', 'yet');
    local({ path: join(made, 'hub.sock') });
    expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it('is not taken from others', () => {
    const open = join(folder, 'open');
    mkdirSync(open, { mode: 0o755 });
    expect(() => makePrivateFolder(open)).toThrow(/mode 0700/);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => makePrivateFolder(file)).toThrow();
    const own = join(folder, 'own');
    makePrivateFolder(own);
    makePrivateFolder(own);
    expect(statSync(own).mode & 0o777).toBe(0o700);
  });

  it('is removed when its processes were killed, and only then', async () => {
    const names = ['own', 'old', 'new', 'used', 'seen'].map((name) => join(folder, `tarsier-${name}`));
    const [own = '', old = '', young = '', used = '', seen = ''] = names.map((name) =>
      name.padEnd(names[3]?.length ?? 0, 'x'),
    );
    for (const one of [own, old, young, used, seen]) mkdirSync(one, { mode: 0o700 });
    chmodSync(seen, 0o755);
    writeFileSync(join(old, 'hub-1'), '');
    path = join(used, 'hub-1');
    await stranger(() => undefined);
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const one of [own, old, used, seen]) utimesSync(one, longAgo, longAgo);
    await sweepFoldersLike(own);
    expect([own, old, young, used, seen].map((one) => existsSync(one))).toEqual([true, false, true, true, true]);
  });
});
