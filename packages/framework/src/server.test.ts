import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as immediate } from 'node:timers/promises';
import { PacketType, parseEcho, TarsDecodeException } from '@tarsier/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BindAdapterImpl } from './adapter/bind-adapter-impl.js';
import { CloseType } from './close-type.js';
import type { Current } from './current.js';
import { client, destroyClients, frame, type RawClient } from './raw-client.testkit.js';
import { calls, startServer, stopServers } from './test-server.testkit.js';

afterEach(async () => {
  destroyClients();
  await stopServers();
});

describe('requests', () => {
  it('answers each packet, however the stream is cut', async () => {
    const { port } = await startServer();
    const peer = await client(port);
    const packet = frame(7, 'hello');
    for (const byte of packet) {
      peer.send(Uint8Array.of(byte));
      await immediate();
    }
    expect(await peer.take(packet.length)).toEqual(packet);
    const three = Buffer.concat([frame(1, 'a'), frame(2, 'b'.repeat(2000)), frame(3, '')]);
    peer.send(three);
    expect(await peer.take(three.length)).toEqual(three);
  });

  it('shows the servant the packet as Buffer and as vector, and who sent it', async () => {
    const seen = calls<Current>(1);
    const { port } = await startServer({
      doRequest: (current, response) => {
        seen.call(current);
        response.assign('ok');
        return 0;
      },
    });
    const peer = await client(port);
    peer.send(frame(3, 'body'));
    expect((await peer.take(2)).toString()).toBe('ok');
    const [current] = await seen.all;
    expect(current?.getRequestBuffer()).toEqual(frame(3, 'body'));
    expect(Buffer.isBuffer(current?.getRequestBuffer())).toBe(true);
    expect(current?.getRequestBuffer()).toBe(current?.getRequestBuffer());
    expect(current?.getRequestVector().length).toBe(12);
    expect(current?.getIp()).toBe('127.0.0.1');
    expect(current?.getPort()).toBe(peer.socket.localPort);
    expect(current?.getServantName()).toBe('T.S.Obj');
    expect(current?.getUId()).toBeGreaterThan(0);
    expect(Math.abs((current?.getRecvTime() ?? 0) - Date.now())).toBeLessThan(5000);
    expect(current?.connectionExists()).toBe(true);
  });

  it('gives buffers that stay valid for as long as they are kept', async () => {
    const kept: Buffer[] = [];
    const { port } = await startServer({
      doRequest: (current, response) => {
        kept.push(current.getRequestBuffer());
        response.assign(current.getRequestBuffer());
        return 0;
      },
    });
    const peer = await client(port);
    const packets = Array.from({ length: 500 }, (_, i) => frame(i, String.fromCharCode(97 + (i % 26)).repeat(i)));
    const all = Buffer.concat(packets);
    peer.send(all);
    expect(await peer.take(all.length)).toEqual(all);
    expect(kept).toEqual(packets);
  });

  it('awaits async handlers side by side, and answers as they end', async () => {
    const gates = new Map<number, () => void>();
    const started = calls<number>(2);
    const { port } = await startServer({
      doRequest: async (current, response) => {
        const id = current.getRequestBuffer().readUInt32BE(4);
        await new Promise<void>((resolve) => {
          gates.set(id, resolve);
          started.call(id);
        });
        response.assign(current.getRequestBuffer());
        return 0;
      },
    });
    const peer = await client(port);
    peer.send(Buffer.concat([frame(1, 'x'), frame(2, 'x')]));
    await started.all;
    gates.get(2)?.();
    expect((await peer.take(9)).readUInt32BE(4)).toBe(2);
    gates.get(1)?.();
    expect((await peer.take(9)).readUInt32BE(4)).toBe(1);
  });

  it('keeps answers in the order of the requests in an ordered adapter, late answers included', async () => {
    const { port } = await startServer(
      {
        doRequest: (current, response) => {
          const id = current.getRequestBuffer().readUInt32BE(4);
          if (id % 3 === 0) {
            current.setResponse(false);
            setTimeout(() => current.sendResponse(current.getRequestBuffer()), 20 - id);
            return 0;
          }
          if (id % 3 === 1) {
            return new Promise((resolve) => {
              setTimeout(() => {
                response.assign(current.getRequestBuffer());
                resolve(0);
              }, 15 - id);
            });
          }
          response.assign(current.getRequestBuffer());
          return 0;
        },
      },
      { ordered: true },
    );
    const peer = await client(port);
    const all = Buffer.concat(Array.from({ length: 9 }, (_, i) => frame(i, 'z')));
    peer.send(all);
    expect(await peer.take(all.length)).toEqual(all);
  });

  it('drops a request of an ordered adapter that waited longer than queuetimeout', async () => {
    const { app, port } = await startServer(
      {
        doRequest: (current, response) =>
          new Promise((resolve) => {
            setTimeout(() => {
              response.assign(current.getRequestBuffer());
              resolve(0);
            }, 60);
          }),
      },
      { ordered: true, queuetimeout: 30 },
    );
    const peer = await client(port);
    peer.send(Buffer.concat([frame(1, ''), frame(2, '')]));
    expect((await peer.take(8)).readUInt32BE(4)).toBe(1);
    peer.send(frame(3, ''));
    expect((await peer.take(8)).readUInt32BE(4)).toBe(3);
    expect(app.getBindAdapter('Obj')?.counters.queueTimeouts).toBe(1);
  });

  it('sends nothing for setResponse(false) until the servant answers, and pushes at any later time', async () => {
    const seen = calls<Current>(1);
    const { port } = await startServer({
      doRequest: (current, response) => {
        response.assign('never sent');
        current.setResponse(false);
        seen.call(current);
        return 0;
      },
    });
    const peer = await client(port);
    peer.send(frame(1, ''));
    const [current] = await seen.all;
    expect(current?.sendResponse(Buffer.from('late'))).toBe(true);
    expect(current?.sendResponse(Buffer.from(' push'))).toBe(true);
    expect((await peer.take(9)).toString()).toBe('late push');
  });

  it('survives handlers that throw and that reject, and drops what they had written', async () => {
    const { app, port } = await startServer({
      doRequest: (current, response) => {
        const id = current.getRequestBuffer().readUInt32BE(4);
        response.assign(current.getRequestBuffer());
        if (id === 1) throw new Error('thrown');
        if (id === 2) return Promise.reject(new Error('rejected'));
        return 0;
      },
    });
    const errors: unknown[] = [];
    app.on('error', (error) => errors.push(error));
    const peer = await client(port);
    peer.send(Buffer.concat([frame(1, ''), frame(2, ''), frame(3, '')]));
    expect(await peer.take(8)).toEqual(frame(3, ''));
    expect(errors.map(String)).toEqual(['Error: thrown', 'Error: rejected']);
    expect(app.getBindAdapter('Obj')?.counters.handlerErrors).toBe(2);
    expect(app.getBindAdapter('Obj')?.getRequestsInProgress()).toBe(0);
  });

  it('survives handlers that return what no handler should', async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- a promise of another library is one of the things to survive
    const results: unknown[] = [null, {}, { then: (done: () => void) => done() }, 'text'];
    const { app, port } = await startServer({
      doRequest: (current, response) => {
        response.assign(current.getRequestBuffer());
        return results[current.getRequestBuffer().readUInt32BE(4)] as number;
      },
      doClose: () => null as unknown as number,
    });
    const peer = await client(port);
    const all = Buffer.concat(results.map((_, i) => frame(i, 'any')));
    peer.send(all);
    expect((await peer.take(all.length)).length).toBe(all.length);
    expect(app.getBindAdapter('Obj')?.getRequestsInProgress()).toBe(0);
  });

  it('answers by onOverload while 4/5 of queuecap are in progress', async () => {
    const release = calls<() => void>(8);
    const { app, port } = await startServer(
      {
        doRequest: () =>
          new Promise((resolve) => {
            release.call(() => resolve(0));
          }),
        onOverload: (_current, response) => {
          response.assign('busy');
        },
      },
      { queuecap: 10, queuecapperconn: 0 },
    );
    const peer = await client(port);
    peer.send(Buffer.concat(Array.from({ length: 10 }, (_, i) => frame(i, ''))));
    const open = await release.all;
    expect((await peer.take(8)).toString()).toBe('busybusy');
    const adapter = app.getBindAdapter('Obj');
    expect(adapter?.counters.overloaded).toBe(2);
    expect(adapter?.getRequestsInProgress()).toBe(8);
    for (const finish of open) finish();
    await immediate();
    expect(adapter?.getRequestsInProgress()).toBe(0);
  });

  it('serves one request at a time with queuecap 1', async () => {
    const release = calls<() => void>(1);
    const { app, port } = await startServer(
      {
        doRequest: () =>
          new Promise((resolve) => {
            release.call(() => resolve(0));
          }),
        onOverload: () => {
          throw new Error('is logged and harms nothing');
        },
      },
      { queuecap: 1, queuecapperconn: 0 },
    );
    const peer = await client(port);
    const adapter = app.getBindAdapter('Obj');
    peer.send(Buffer.concat([frame(1, ''), frame(2, '')]));
    const [finish] = await release.all;
    expect(adapter?.counters).toMatchObject({ requests: 1, overloaded: 1, handlerErrors: 1 });
    finish?.();
    await vi.waitUntil(() => adapter?.getRequestsInProgress() === 0);
    peer.send(frame(3, ''));
    await vi.waitUntil(() => adapter?.counters.requests === 2);
  });

  it('delivers the last packet of PACKET_FULL_CLOSE, answers it, even later, and then closes', async () => {
    const closed = calls<CloseType>(1);
    const { port } = await startServer(
      {
        doRequest: (current, response) =>
          new Promise((resolve) => {
            setTimeout(() => {
              response.assign(current.getRequestBuffer());
              resolve(0);
            }, 10);
          }),
        doClose: (current) => closed.call(current.getCloseType()),
      },
      {},
      {},
      (input, output) => {
        input.getHeader(3, output);
        return input.moveHeader(3) ? PacketType.PACKET_FULL_CLOSE : PacketType.PACKET_LESS;
      },
    );
    const peer = await client(port);
    peer.send('bye and more');
    expect((await peer.take(3)).toString()).toBe('bye');
    await peer.closed();
    expect(await closed.all).toEqual([CloseType.EM_SERVER_CLOSE]);
  });

  it('never uses a uid again', async () => {
    const seen = calls<number>(50);
    const { port } = await startServer({ doClose: (current) => seen.call(current.getUId()) });
    for (let i = 0; i < 50; i++) (await client(port)).destroy();
    expect(new Set(await seen.all).size).toBe(50);
  });
});

describe('the end of a connection', () => {
  async function closeTypeOf(
    act: (peer: RawClient, current: Current) => void,
    adapter: Parameters<typeof startServer>[1] = {},
  ): Promise<CloseType> {
    const opened = calls<Current>(1);
    const closed = calls<CloseType>(1);
    const { port } = await startServer(
      {
        doRequest: (current) => {
          opened.call(current);
          return 0;
        },
        doClose: (current) => closed.call(current.getCloseType()),
      },
      adapter,
    );
    const peer = await client(port);
    peer.send(frame(1, ''));
    const [current] = await opened.all;
    act(peer, current as Current);
    const [type] = await closed.all;
    expect(current?.connectionExists()).toBe(false);
    expect(current?.sendResponse(Buffer.from('gone'))).toBe(false);
    return type as CloseType;
  }

  it('tells that the peer closed', async () => {
    expect(await closeTypeOf((peer) => peer.socket.end())).toBe(CloseType.EM_CLIENT_CLOSE);
  });

  it('tells that the peer reset', async () => {
    expect(await closeTypeOf((peer) => peer.socket.resetAndDestroy())).toBe(CloseType.EM_RESET_CLOSE);
  });

  it('tells that the server closed, after what was sent before has arrived', async () => {
    const big = Buffer.alloc(3_000_000, 'x');
    let received = 0;
    const type = await closeTypeOf((peer, current) => {
      peer.socket.on('data', (chunk) => {
        received += chunk.length;
      });
      current.sendResponse(big);
      current.close();
      expect(current.sendResponse(Buffer.from('too late'))).toBe(false);
    });
    expect(type).toBe(CloseType.EM_SERVER_CLOSE);
    expect(received).toBe(big.length);
  });

  it('tells that the peer was silent for the idle time', async () => {
    expect(await closeTypeOf(() => {}, { idle: 100 })).toBe(CloseType.EM_SERVER_TIMEOUT_CLOSE);
  });

  it('does not count what is pushed as a sign of life', async () => {
    let timer: NodeJS.Timeout | undefined;
    const type = await closeTypeOf(
      (_peer, current) => {
        timer = setInterval(() => current.sendResponse(Buffer.from('push')), 10);
      },
      { idle: 150 },
    );
    clearInterval(timer);
    expect(type).toBe(CloseType.EM_SERVER_TIMEOUT_CLOSE);
  });

  it('tells that the peer broke the protocol', async () => {
    expect(await closeTypeOf((peer) => peer.send(Buffer.alloc(8, 255)))).toBe(CloseType.EM_PROTOCOL_ERROR_CLOSE);
  });

  it('tells that the peer did not read', async () => {
    const type = await closeTypeOf(
      (peer, current) => {
        peer.socket.pause();
        const block = Buffer.alloc(100_000);
        while (current.sendResponse(block));
      },
      { backpacketlimit: '1M' },
    );
    expect(type).toBe(CloseType.EM_FLOW_CONTROL_CLOSE);
  });

  it('comes once for a connection that never sent anything', async () => {
    const closed = calls<CloseType>(1);
    const { port } = await startServer({ doClose: (current) => closed.call(current.getCloseType()) });
    const peer = await client(port);
    peer.socket.end();
    expect(await closed.all).toEqual([CloseType.EM_CLIENT_CLOSE]);
  });

  it('comes after requests of an ordered connection that still waited', async () => {
    const order: string[] = [];
    const closed = calls<void>(1);
    const { port } = await startServer(
      {
        doRequest: (current) =>
          new Promise((resolve) => {
            setTimeout(() => {
              order.push(`request ${current.getRequestBuffer().readUInt32BE(4)}`);
              resolve(0);
            }, 5);
          }),
        doClose: () => {
          order.push('close');
          closed.call();
        },
      },
      { ordered: true },
    );
    const peer = await client(port);
    peer.send(Buffer.concat([frame(1, ''), frame(2, ''), frame(3, '')]));
    peer.socket.end();
    await closed.all;
    expect(order).toEqual(['request 1', 'request 2', 'request 3', 'close']);
  });

  it('waits for the answers of a peer that has closed its sending side only', async () => {
    const { port } = await startServer({
      doRequest: async (current, response) => {
        await immediate();
        response.assign(current.getRequestBuffer());
        return 0;
      },
    });
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    socket.end(frame(5, 'half'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer).toEqual(frame(5, 'half'));
    await once(socket, 'close');
  });
});

describe('limits', () => {
  it('closes a connection that sends no complete packet within emptyconntimeout', async () => {
    const closed = calls<CloseType>(1);
    const { port } = await startServer(
      { doClose: (current) => closed.call(current.getCloseType()) },
      { emptyconntimeout: 100 },
    );
    const quiet = await client(port);
    const lively = await client(port);
    lively.send(frame(1, ''));
    await lively.take(8);
    quiet.send('\0\0');
    await quiet.closed();
    expect(await closed.all).toEqual([CloseType.EM_SERVER_TIMEOUT_CLOSE]);
    lively.send(frame(2, ''));
    expect(await lively.take(8)).toEqual(frame(2, ''));
  });

  it('closes a connection that buffers more than recvbufferlimit without a packet', async () => {
    const closed = calls<CloseType>(1);
    const { app, port } = await startServer(
      { doClose: (current) => closed.call(current.getCloseType()) },
      { recvbufferlimit: '64K' },
      {},
      () => PacketType.PACKET_LESS,
    );
    const codes: unknown[] = [];
    app.on('error', (error) => codes.push((error as TarsDecodeException).code));
    const peer = await client(port);
    peer.send(Buffer.alloc(70_000));
    await peer.closed();
    expect(await closed.all).toEqual([CloseType.EM_PROTOCOL_ERROR_CLOSE]);
    expect(codes).toEqual(['TARSIER_PACKET_TOO_LARGE']);
  });

  it('closes the connection of a parser that answers PACKET_FULL and takes nothing', async () => {
    const { app, port } = await startServer({}, {}, {}, () => PacketType.PACKET_FULL);
    const peer = await client(port);
    peer.send('x');
    await peer.closed();
    expect(app.getBindAdapter('Obj')?.counters.protocolErrors).toBe(1);
  });

  it('serves the packets before a bad one, then closes that connection alone', async () => {
    const { port } = await startServer({}, {}, {}, (input, output) => {
      if (input.getValueOf1() === 0xff) throw new TarsDecodeException('no such command');
      input.getHeader(1, output);
      input.moveHeader(1);
      return PacketType.PACKET_FULL;
    });
    const good = await client(port);
    const bad = await client(port);
    bad.send(Uint8Array.of(1, 2, 0xff, 3));
    expect(await bad.take(2)).toEqual(Buffer.of(1, 2));
    await bad.closed();
    expect(bad.received).toHaveLength(0);
    good.send(Uint8Array.of(9));
    expect(await good.take(1)).toEqual(Buffer.of(9));
  });

  it('refuses connections beyond maxconns and takes them again when there is room', async () => {
    const { app, port } = await startServer({}, { maxconns: 1 });
    const rejected = calls<string>(1);
    app.on('reject', (_adapter, _ip, reason) => rejected.call(reason));
    const first = await client(port);
    first.send(frame(1, ''));
    await first.take(8);
    const second = await client(port);
    await second.closed();
    expect(await rejected.all).toEqual(['maxconns']);
    const gone = once(app as never, 'close');
    first.destroy();
    await gone;
    const third = await client(port);
    third.send(frame(3, ''));
    expect(await third.take(8)).toEqual(frame(3, ''));
    expect(app.getBindAdapter('Obj')?.counters).toMatchObject({ overMaxConns: 1, accepted: 2 });
  });

  it('refuses denied addresses without telling the servant', async () => {
    const { app, port } = await startServer({}, { deny: '127.0.*.*' });
    const peer = await client(port);
    await peer.closed();
    expect(app.getBindAdapter('Obj')?.counters).toMatchObject({ denied: 1, accepted: 0, closed: 0 });
  });

  it('refuses packets for a peer that does not read with sendpolicy drop, and keeps its connection', async () => {
    const seen = calls<Current>(1);
    const { app, port } = await startServer(
      {
        doRequest: (current) => {
          seen.call(current);
          return 0;
        },
      },
      { backpacketlimit: '1M', sendpolicy: 'drop' },
    );
    const peer = await client(port);
    peer.send(frame(1, ''));
    const [current] = await seen.all;
    peer.socket.pause();
    const block = Buffer.alloc(100_000);
    let taken = 0;
    while (current?.sendResponse(block)) {
      taken++;
      if (taken % 4 === 0) await immediate();
    }
    expect(current?.connectionExists()).toBe(true);
    expect(current?.getSendQueueLength()).toBeLessThanOrEqual(1_048_576);
    expect(app.getBindAdapter('Obj')?.counters.sendRefused).toBe(1);
    peer.socket.resume();
    await peer.take(taken * block.length);
    expect(current?.sendResponse(block)).toBe(true);
    await peer.take(block.length);
  });

  it('stops reading from a peer that sends and does not read', async () => {
    let requests = 0;
    const answer = Buffer.alloc(20_000);
    const { app, port } = await startServer({
      doRequest: (_current, response) => {
        requests++;
        response.assign(answer);
        return 0;
      },
    });
    const peer = await client(port);
    peer.socket.pause();
    const burst = Buffer.concat(Array.from({ length: 200 }, (_, i) => frame(i, 'q'.repeat(1000))));
    for (let i = 0; i < 20; i++) peer.send(burst);
    const adapter = app.getBindAdapter('Obj');
    const [connection] = (adapter as BindAdapterImpl).connections;
    await vi.waitUntil(() => (connection?.pendingBytes ?? 0) > 1_048_576);
    // Had it gone on reading, it would have served everything long before the next wait ends.
    for (let i = 0; i < 100; i++) await immediate();
    expect(requests).toBeLessThan(4000);
    peer.socket.resume();
    await peer.take(4000 * answer.length);
    expect(requests).toBe(4000);
  });

  it('closes a peer that sends, does not read, and has shown no sign of life for the idle time', async () => {
    const closed = calls<CloseType>(1);
    const answer = Buffer.alloc(20_000);
    const { app, port } = await startServer(
      {
        doRequest: (_current, response) => {
          response.assign(answer);
          return 0;
        },
        doClose: (current) => closed.call(current.getCloseType()),
      },
      { idle: 300 },
    );
    const peer = await client(port);
    peer.socket.pause();
    const burst = Buffer.concat(Array.from({ length: 200 }, (_, i) => frame(i, 'q'.repeat(1000))));
    for (let i = 0; i < 20; i++) peer.send(burst);
    expect(await closed.all).toEqual([CloseType.EM_SERVER_TIMEOUT_CLOSE]);
    expect(app.getBindAdapter('Obj')?.getNowConnection()).toBe(0);
  });

  it('does not count against a peer that its requests wait for slow handlers', async () => {
    const types: CloseType[] = [];
    const { port } = await startServer(
      {
        doRequest: (current, response) =>
          new Promise((resolve) => {
            setTimeout(() => {
              response.assign(current.getRequestBuffer());
              resolve(0);
            }, 8);
          }),
        doClose: (current) => void types.push(current.getCloseType()),
      },
      { idle: 200, ordered: true },
    );
    const peer = await client(port);
    // Reading stops with the first chunk, for longer than the idle time.
    const all = Buffer.concat(Array.from({ length: 100 }, (_, i) => frame(i, 'w')));
    peer.send(all);
    expect(await peer.take(all.length)).toEqual(all);
    expect(types).toEqual([]);
  });

  it('makes one packet of what has come when no parser is set', async () => {
    const { port } = await startServer({}, {}, {}, parseEcho);
    const peer = await client(port);
    peer.send('anything');
    expect((await peer.take(8)).toString()).toBe('anything');
  });
});

describe('coalescing', () => {
  it('writes the answers of one chunk at once', async () => {
    const { app, port } = await startServer();
    const sizes: number[] = [];
    const peer = await client(port);
    peer.socket.on('data', (chunk) => sizes.push(chunk.length));
    app.on('connection', () => {});
    const all = Buffer.concat(Array.from({ length: 100 }, (_, i) => frame(i, 'x')));
    peer.send(all);
    await peer.take(all.length);
    expect(sizes.length).toBeLessThan(5);
  });

  it('keeps the order of pushes and answers of many sizes', async () => {
    const { port } = await startServer({
      doRequest: (current, response) => {
        for (const size of [10, 5000, 3, 1, 2000, 20]) current.sendResponse(frame(0, 'p'.repeat(size)));
        response.assign(current.getRequestBuffer());
        return 0;
      },
    });
    const peer = await client(port);
    const expected = Buffer.concat([
      ...[10, 5000, 3, 1, 2000, 20].map((size) => frame(0, 'p'.repeat(size))),
      frame(8, 'answer'),
    ]);
    for (let i = 0; i < 20; i++) peer.send(frame(8, 'answer'));
    for (let i = 0; i < 20; i++) expect(await peer.take(expected.length)).toEqual(expected);
  });
});

describe('forPush', () => {
  it('gives a Current of the same connection without its request', async () => {
    const seen = calls<Current>(1);
    const { port } = await startServer({
      doRequest: (current) => {
        seen.call(current);
        return 0;
      },
    });
    const peer = await client(port);
    peer.send(frame(1, 'hello'));
    const [current] = (await seen.all) as [Current];
    const pusher = current.forPush();
    expect(pusher.getUId()).toBe(current.getUId());
    expect(pusher.getRequestBuffer()).toHaveLength(0);
    expect(pusher.getPort()).toBe(peer.socket.localPort);
    expect(pusher.sendResponse(frame(0, 'push'))).toBe(true);
    expect(await peer.take(12)).toEqual(frame(0, 'push'));
    peer.socket.destroy();
    await vi.waitUntil(() => !pusher.connectionExists());
  });
});
