import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type AdapterSection, Application, type ByteVector, type Current, Servant } from '@tarsier/framework';
import { afterEach, describe, expect, it } from 'vitest';
import { PushRegister, type PushResult } from './push-register.js';

/** Registers who sends something, and tells of all that happens. */
class UserServant extends Servant {
  readonly #server: TestServer;

  constructor(server: TestServer) {
    super();
    this.#server = server;
  }

  override doRequest(current: Current, _response: ByteVector): number {
    this.#server.added.push(this.#server.register.add(current));
    this.#server.seen.push(current);
    this.#server.wake();
    return 0;
  }

  override doClose(current: Current): number {
    this.#server.removed.push(this.#server.register.remove(current));
    this.#server.wake();
    return 0;
  }
}

class TestServer {
  readonly app: Application = new Application();
  readonly register: PushRegister = new PushRegister();
  readonly added: boolean[] = [];
  readonly removed: boolean[] = [];
  readonly seen: Current[] = [];
  #waiting: (() => void)[] = [];

  static async start(section: Partial<AdapterSection> = {}): Promise<TestServer> {
    const server = new TestServer();
    servers.push(server);
    server.app.addServant(UserServant, 'T.S.Obj', server);
    const endpoint = 'tcp -h 127.0.0.1 -p 0 -t 60000';
    await server.app.main({
      app: 'T',
      server: 'S',
      loglevel: 'NONE',
      adapters: { ObjAdapter: { servant: 'T.S.Obj', endpoint, protocol: 'not_tars', ...section } },
    });
    return server;
  }

  /** A client that is registered when this resolves. */
  async connect(): Promise<{ socket: Socket; uid: number }> {
    const count = this.seen.length + 1;
    const socket = connect({ port: this.app.getBindAdapter('Obj')?.getEndpoint().port ?? 0, host: '127.0.0.1' });
    sockets.push(socket);
    socket.on('error', () => {});
    socket.write('hello');
    await this.until(() => this.seen.length === count);
    return { socket, uid: this.seen.at(-1)?.getUId() ?? -1 };
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

const servers: TestServer[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map(({ app }) => app.terminate()));
});

async function received(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

const hello = Buffer.from('hello world');
const big = Buffer.alloc(1_000_000);

describe('the register', () => {
  it('has one user for each connection, from the first request to doClose', async () => {
    const server = await TestServer.start();
    const { register } = server;
    const one = await server.connect();
    const two = await server.connect();
    expect(one.uid).not.toBe(two.uid);
    one.socket.write('again');
    await server.until(() => server.added.length === 3);
    expect(server.added).toEqual([true, true, false]);
    expect(register.size).toBe(2);
    expect([...register].map(([uid, current]) => [uid, current.getIp()])).toEqual([
      [one.uid, '127.0.0.1'],
      [two.uid, '127.0.0.1'],
    ]);
    expect(register.get(one.uid)?.getUId()).toBe(server.seen[0]?.getUId());
    expect(register.get(one.uid)?.getRequestBuffer()).toHaveLength(0);

    one.socket.end();
    await server.until(() => server.removed.length === 1);
    expect(server.removed).toEqual([true]);
    expect(register.has(one.uid)).toBe(false);
    expect(register.has(two.uid)).toBe(true);
    expect(register.get(one.uid)).toBeUndefined();
  });

  it('takes nobody whose connection has ended', async () => {
    const server = await TestServer.start();
    const { socket } = await server.connect();
    socket.destroy();
    await server.until(() => server.removed.length === 1);
    expect(server.register.add(server.seen[0]!)).toBe(false);
    expect(server.register.size).toBe(0);
    expect(server.register.remove(server.seen[0]!)).toBe(false);
  });
});

describe('push', () => {
  it('reaches one user only', async () => {
    const server = await TestServer.start();
    const one = await server.connect();
    const two = await server.connect();
    const [first, second] = [received(one.socket), received(two.socket)];
    expect(server.register.push(one.uid, hello)).toBe('sent');
    expect(await first).toBe('hello world');
    expect(server.register.push(two.uid, Buffer.from('for two'))).toBe('sent');
    expect(await second).toBe('for two');
  });

  it('says gone for a stranger', async () => {
    expect(new PushRegister().push(-1, hello)).toBe('gone');
  });

  it('says gone for a connection that has ended, and doClose still finds its user', async () => {
    const server = await TestServer.start();
    const { uid } = await server.connect();
    server.seen[0]?.close();
    expect(server.register.push(uid, hello)).toBe('gone');
    expect(server.register.has(uid)).toBe(false);
    expect(server.removed).toEqual([]);
    await server.until(() => server.removed.length === 1);
    expect(server.removed).toEqual([true]);
    expect(server.register.remove(server.seen[0]!)).toBe(false);
  });

  it('says queued when bytes wait before it, refused when the queue is full', async () => {
    const server = await TestServer.start({ backpacketlimit: 20_000_000, sendpolicy: 'drop' });
    const { socket, uid } = await server.connect();
    socket.pause();
    const results: PushResult[] = [];
    for (let i = 0; i < 30; i++) {
      results.push(server.register.push(uid, big));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(results[0]).toBe('sent');
    expect(results.slice(0, 20)).toContain('queued');
    expect(results.at(-1)).toBe('refused');
    expect(server.register.has(uid)).toBe(true);
  });

  it('says gone when the policy is to close who does not read', async () => {
    const server = await TestServer.start({ backpacketlimit: 5_000_000, sendpolicy: 'close' });
    const { socket, uid } = await server.connect();
    socket.pause();
    let last: PushResult = 'sent';
    for (let i = 0; i < 30 && last !== 'gone'; i++) {
      last = server.register.push(uid, big);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(last).toBe('gone');
    await server.until(() => server.removed.length === 1);
    expect(server.removed).toEqual([true]);
  });
});

describe('pushAll', () => {
  it('reports nobody for an empty register', () => {
    expect(new PushRegister().pushAll(hello)).toEqual({ sent: 0, queued: 0, refused: 0, gone: 0 });
  });

  it('reaches all, and reports each on request', async () => {
    const server = await TestServer.start();
    const users = [await server.connect(), await server.connect(), await server.connect()];
    const bytes = Promise.all(users.map(({ socket }) => received(socket)));
    const results: [number, PushResult][] = [];
    const report = server.register.pushAll(hello, { each: (uid, result) => results.push([uid, result]) });
    expect(report).toEqual({ sent: 3, queued: 0, refused: 0, gone: 0 });
    expect(results).toEqual(users.map(({ uid }) => [uid, 'sent']));
    expect(await bytes).toEqual(['hello world', 'hello world', 'hello world']);
  });

  it('counts each result, and leaves out who is gone', async () => {
    const server = await TestServer.start();
    const users = [await server.connect(), await server.connect(), await server.connect()];
    expect(server.register.push(users[2]!.uid, hello)).toBe('sent');
    server.seen[0]?.close();
    expect(server.register.pushAll(hello)).toEqual({ sent: 2, queued: 0, refused: 0, gone: 1 });
    expect(server.register.size).toBe(2);
    // What goes out in one tick leaves together: nobody reads too slowly.
    expect(server.register.pushAll(hello)).toEqual({ sent: 2, queued: 0, refused: 0, gone: 0 });
  });
});
