import { createSocket, Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TarsException } from '@tarsier/protocol';
import { Communicator } from '@tarsier/proxy';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AdapterSection } from '../config/application-config.js';
import type { Current } from '../current.js';
import { frame } from '../raw-client.testkit.js';
import { type Behaviour, calls, framing, startServer, stopServers, type TestServer } from '../test-server.testkit.js';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  await stopServers();
});

function serve(behaviour: Behaviour = {}, section: Partial<AdapterSection> = {}): Promise<TestServer> {
  return startServer(behaviour, { endpoint: 'udp -h 127.0.0.1 -p 0', ...section });
}

/** A bare sender of datagrams. */
class Sender {
  readonly socket: Socket;
  readonly received: Buffer[] = [];

  constructor(host = '127.0.0.1') {
    this.socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    this.socket.on('message', (datagram) => this.received.push(datagram));
    cleanups.push(() => this.socket.close());
  }

  async connect(port: number, host = '127.0.0.1'): Promise<this> {
    this.socket.connect(port, host);
    await once(this.socket, 'connect');
    return this;
  }

  send(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  async take(count: number): Promise<Buffer[]> {
    await vi.waitUntil(() => this.received.length >= count, { timeout: 5000 });
    return this.received.splice(0);
  }
}

const sender = (port: number): Promise<Sender> => new Sender().connect(port);

function proxyTo(port: number, host = '127.0.0.1') {
  const communicator = new Communicator();
  cleanups.push(() => communicator.terminate());
  const proxy = communicator.stringToProxy(`T.S.Obj@udp -h ${host} -p ${port}`);
  proxy.setProtocol(framing.proxyProtocol);
  return proxy;
}

const countersOf = ({ app }: TestServer) => app.getBindAdapter('Obj')?.counters;

describe('a servant over UDP', () => {
  it('answers each sender, with the protocol of any other transport', async () => {
    const server = await serve();
    const proxies = Array.from({ length: 20 }, () => proxyTo(server.port));
    const answers = await Promise.all(
      proxies.flatMap((proxy, client) =>
        Array.from({ length: 10 }, async (_, i) => {
          const { sBuffer } = await proxy.rpcCall(proxy.genRequestId(), 'echo', `client ${client} call ${i}`);
          return sBuffer.toString() === `client ${client} call ${i}`;
        }),
      ),
    );
    expect(answers).toHaveLength(200);
    expect(answers.every(Boolean)).toBe(true);
    expect(countersOf(server)).toMatchObject({ requests: 200, datagramsDropped: 0, accepted: 0 });
  });

  it('serves IPv6, and names', async () => {
    for (const host of ['::1', 'localhost']) {
      const server = await serve({}, { endpoint: `udp -h ${host} -p 0` });
      const proxy = proxyTo(server.port, host);
      const { sBuffer } = await proxy.rpcCall(proxy.genRequestId(), 'echo', 'hello');
      expect(sBuffer.toString()).toBe('hello');
    }
  });

  it('tells who sent it, and gives each datagram a number of its own', async () => {
    const seen = calls<Current>(2);
    const server = await serve({
      doRequest: (current) => {
        seen.call(current);
        return 0;
      },
    });
    const peer = await sender(server.port);
    peer.send(frame(1, 'a'));
    peer.send(frame(2, 'b'));
    const [first, second] = await seen.all;
    expect(first?.getIp()).toBe('127.0.0.1');
    expect(first?.getPort()).toBe(peer.socket.address().port);
    expect(first?.getUId()).not.toBe(second?.getUId());
    expect(first?.connectionExists()).toBe(true);
    first?.close();
    expect(first?.connectionExists()).toBe(true);
    expect(await first?.whenWritable()).toBe(true);
  });

  it('serves several packets of one datagram, and answers each with one of its own', async () => {
    const server = await serve();
    const peer = await sender(server.port);
    peer.send(Buffer.concat([frame(1, 'one'), frame(2, 'two'), frame(3, 'three')]));
    expect(await peer.take(3)).toEqual([frame(1, 'one'), frame(2, 'two'), frame(3, 'three')]);
  });

  it('drops what is empty, cut, garbage or more than its packets, and goes on', async () => {
    const errors: unknown[] = [];
    const server = await serve();
    server.app.on('error', (error) => errors.push(error));
    const peer = await sender(server.port);
    peer.send(Buffer.alloc(0));
    peer.send(frame(1, 'cut').subarray(0, 6));
    peer.send(Buffer.from('ffffffff00000000', 'hex'));
    peer.send(Buffer.concat([frame(4, 'good'), Buffer.from([0])]));
    expect(await peer.take(1)).toEqual([frame(4, 'good')]);
    peer.send(frame(5, 'last'));
    expect(await peer.take(1)).toEqual([frame(5, 'last')]);
    expect(countersOf(server)).toMatchObject({ datagramsDropped: 4, requests: 2, protocolErrors: 0 });
    expect(errors).toEqual([]);
  });

  it('does not let one bad datagram spoil another, whatever is in it', async () => {
    const server = await serve();
    const peer = await sender(server.port);
    let id = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), async (noise) => {
        for (const bytes of noise) peer.send(bytes);
        const good = frame(++id + 1_000_000, 'good');
        peer.send(good);
        await vi.waitUntil(() => peer.received.some((datagram) => datagram.equals(good)), { timeout: 5000 });
        peer.received.length = 0;
      }),
      { numRuns: 100 },
    );
  });

  it('takes and sends the largest datagram that there is, and refuses a larger answer with a clear line', async () => {
    const MAX = 65_507;
    const seen = calls<boolean>(2);
    const server = await serve({
      doRequest: (current) => {
        const extra = current.getRequestBuffer().readUInt32BE(4);
        seen.call(current.sendResponse(Buffer.alloc(MAX + extra)));
        return 0;
      },
    });
    const peer = await sender(server.port);
    peer.send(frame(0, Buffer.alloc(MAX - 8)));
    expect((await peer.take(1))[0]).toHaveLength(MAX);
    peer.send(frame(1, ''));
    expect(await seen.all).toEqual([true, false]);
    expect(countersOf(server)).toMatchObject({ datagramsUnsent: 1 });
    const proxy = proxyTo(server.port);
    const tooLarge = proxy.rpcCall(proxy.genRequestId(), 'echo', Buffer.alloc(MAX));
    await expect(tooLarge).rejects.toMatchObject({ code: 'TARSIER_PACKET_TOO_LARGE' } satisfies Partial<TarsException>);
  });

  it('answers late, and pushes to the sender of a datagram that was kept', async () => {
    const seen = calls<Current>(1);
    const server = await serve({
      doRequest: (current) => {
        current.setResponse(false);
        seen.call(current);
        return 0;
      },
    });
    const peer = await sender(server.port);
    peer.send(frame(1, 'x'));
    const [current] = await seen.all;
    expect(current?.sendResponse(frame(1, 'answer'))).toBe(true);
    expect(current?.sendResponse(frame(0, 'push'))).toBe(true);
    expect(await peer.take(2)).toEqual([frame(1, 'answer'), frame(0, 'push')]);
  });

  it('lets a call whose answer does not come time out like any other', async () => {
    const server = await serve({ doRequest: () => 0 });
    const proxy = proxyTo(server.port);
    const lost = proxy.rpcCall(proxy.genRequestId(), 'echo', 'x', { timeoutMs: 100 });
    await expect(lost).rejects.toMatchObject({ code: 'TARSIER_CALL_TIMEOUT' });
  });

  it('survives handlers that throw', async () => {
    const server = await serve({
      doRequest: (current, response) => {
        if (current.getRequestBuffer().length > 8) throw new Error('no');
        response.assign(current.getRequestVector());
        return 0;
      },
    });
    const peer = await sender(server.port);
    peer.send(frame(1, 'bad'));
    peer.send(frame(2, ''));
    expect(await peer.take(1)).toEqual([frame(2, '')]);
    expect(countersOf(server)).toMatchObject({ handlerErrors: 1 });
  });

  it('drops what comes from denied addresses, and does not answer what it refuses', async () => {
    const denied = await serve({}, { deny: '127.0.0.1' });
    const peer = await sender(denied.port);
    peer.send(frame(1, 'x'));
    await vi.waitUntil(() => countersOf(denied)?.denied === 1);
    let finish = (): void => undefined;
    const busy = await serve(
      {
        doRequest: async (current, response) => {
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          response.assign(current.getRequestVector());
        },
        onOverload: (_current, response) => void response.assign(frame(9, 'busy')),
      },
      { queuecap: 1 },
    );
    const caller = await sender(busy.port);
    caller.send(frame(1, 'first'));
    await vi.waitUntil(() => busy.app.getBindAdapter('Obj')?.getRequestsInProgress() === 1);
    caller.send(frame(2, 'second'));
    await vi.waitUntil(() => countersOf(busy)?.overloaded === 1);
    finish();
    // What was refused would have been answered before.
    expect(await caller.take(1)).toEqual([frame(1, 'first')]);
  });

  it('answers what runs before the port closes at the end', async () => {
    let finish = (): void => undefined;
    const server = await serve({
      doRequest: async (current, response) => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        response.assign(current.getRequestVector());
      },
    });
    const peer = await sender(server.port);
    peer.send(frame(1, 'x'));
    await vi.waitUntil(() => server.app.getBindAdapter('Obj')?.getRequestsInProgress() === 1);
    const ended = server.app.terminate();
    finish();
    expect(await peer.take(1)).toEqual([frame(1, 'x')]);
    await ended;
    const again = createSocket('udp4');
    cleanups.push(() => again.close());
    again.bind(server.port, '127.0.0.1');
    await once(again, 'listening');
  });

  it('lives on when Node throws at an answer, and ends in order', async () => {
    const server = await serve();
    const peer = await sender(server.port);
    const send = Reflect.get(Socket.prototype, 'send') as (...args: unknown[]) => void;
    const thrown = vi.spyOn(Socket.prototype, 'send').mockImplementation(function (this: Socket, ...args: unknown[]) {
      // As Node does at a port that it does not take; the test's own socket is connected and names none.
      if (typeof args[1] === 'number') throw new RangeError('Port should be > 0 and < 65536');
      send.apply(this, args);
    });
    cleanups.push(() => thrown.mockRestore());
    for (let i = 0; i < 3; i++) peer.send(frame(i, 'x'));
    await vi.waitUntil(() => countersOf(server)?.datagramsUnsent === 3);
    thrown.mockRestore();
    peer.send(frame(9, 'still here'));
    expect(await peer.take(1)).toEqual([frame(9, 'still here')]);
    expect(server.app.getBindAdapter('Obj')?.getRequestsInProgress()).toBe(0);
    await server.app.terminate();
  });

  it('shows up in the figures', async () => {
    const server = await serve();
    const peer = await sender(server.port);
    peer.send(frame(1, 'x'));
    await peer.take(1);
    expect(server.app.stats().adapters[0]).toMatchObject({ connections: 0, counters: { requests: 1 } });
  });

  it('says what is wrong with its configuration', async () => {
    const first = await serve();
    await expect(serve({}, { endpoint: `udp -h 127.0.0.1 -p ${first.port}` })).rejects.toThrow(
      /cannot listen on udp.*the port is in use/,
    );
    await expect(serve({}, { endpoint: 'udp -h /tmp/x.sock -p 0' })).rejects.toThrow(/Unix sockets for datagrams/);
    await expect(serve({}, { ordered: true })).rejects.toThrow(/ordered.*datagrams have no order/);
  });
});
