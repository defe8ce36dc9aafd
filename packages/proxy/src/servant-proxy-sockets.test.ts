import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { delimiter } from '@tarsier/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { idProtocol, packet } from './call/id-protocol.testkit.js';
import { Communicator } from './communicator.js';
import type { PropertyValue } from './communicator-properties.js';
import { failureOf, Recorder } from './memory-client.testkit.js';
import type { ServantProxy } from './servant-proxy.js';
import { type Answer, closedPort, SocketServer } from './socket-server.testkit.js';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const echo: Answer = (socket, { id, body }) => socket.write(packet(id, body));

async function serve(answer: Answer, port = 0): Promise<{ server: SocketServer; endpoint: string }> {
  const server = new SocketServer(answer);
  const endpoint = await server.listen(port);
  let isStopped = false;
  const stop = server.stop.bind(server);
  server.stop = async () => {
    if (!isStopped) await stop();
    isStopped = true;
  };
  cleanups.push(() => server.stop());
  return { server, endpoint };
}

function proxyTo(endpoint: string, properties: Record<string, PropertyValue> = {}): ServantProxy {
  const communicator = new Communicator(properties);
  cleanups.push(() => communicator.terminate());
  const proxy = communicator.stringToProxy(`Test.Echo.EchoObj@${endpoint}`);
  proxy.setProtocol(idProtocol);
  return proxy;
}

const call = async (proxy: ServantProxy, body: string): Promise<string> =>
  (await proxy.rpcCall(proxy.genRequestId(), 'echo', body)).sBuffer.toString();

describe('ServantProxy over TCP', () => {
  it('calls', async () => {
    const { endpoint } = await serve(echo);
    expect(await call(proxyTo(endpoint), 'hello')).toBe('hello');
  });

  it('calls over a Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tarsier-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const server = new SocketServer(echo);
    await server.listenAt(join(folder, 'echo.sock'));
    cleanups.push(() => server.stop());
    expect(await call(proxyTo(`tcp -h ${join(folder, 'echo.sock')} -p 0`), 'hello')).toBe('hello');
  });

  it('reads answers that come byte by byte', async () => {
    const { endpoint } = await serve((socket, { id, body }) => {
      const bytes = packet(id, body);
      let sent = 0;
      const next = (): void => {
        if (sent < bytes.length) socket.write(bytes.subarray(sent, ++sent), () => setImmediate(next));
      };
      next();
    });
    expect(await call(proxyTo(endpoint), 'in crumbs')).toBe('in crumbs');
  });

  it('matches 1000 calls that are answered in another order', async () => {
    const held: { id: number; body: string }[] = [];
    const { endpoint } = await serve((socket, request) => {
      held.push(request);
      if (held.length < 1000) return;
      // 7 and 1000 have no common divisor: every request is answered once.
      for (let i = 0; i < 1000; i++) {
        const { id, body } = held[(i * 7 + 500) % 1000] ?? { id: 0, body: '' };
        socket.write(packet(id, `answer to ${body}`));
      }
    });
    const proxy = proxyTo(endpoint);
    const bodies = Array.from({ length: 1000 }, (_, i) => `${i}`);
    const answers = await Promise.all(bodies.map((body) => call(proxy, body)));
    expect(answers).toEqual(bodies.map((body) => `answer to ${body}`));
    expect(proxy.statistics()).toMatchObject({ pendingCalls: 0, droppedAnswers: 0, connects: 1 });
  });

  it('sends and receives more than the sockets hold', async () => {
    const { endpoint } = await serve(echo);
    const proxy = proxyTo(endpoint);
    const large = 'x'.repeat(900_000);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => call(proxy, `${i}${large}`)));
    expect(answers.map((answer) => [answer[0], answer.length])).toEqual(
      Array.from({ length: 8 }, (_, i) => [`${i}`, 900_001]),
    );
  });

  it('fails at once on a port that nobody listens on', async () => {
    const port = await closedPort();
    const begin = performance.now();
    const error = await failureOf(call(proxyTo(`tcp -h 127.0.0.1 -p ${port}`), ''));
    expect(performance.now() - begin).toBeLessThan(1000);
    expect([error.name, error.code]).toEqual(['TarsServerConnectionException', 'TARSIER_CONNECT_FAILED']);
    expect(error.message).toContain(`could not connect to tcp -h 127.0.0.1 -p ${port} -t 3000 (ECONNREFUSED`);
    expect((error.cause as NodeJS.ErrnoException).code).toBe('ECONNREFUSED');
  });

  it('fails calls at once when the server closes, and says how long after sending', async () => {
    const { endpoint } = await serve((socket) => {
      setTimeout(() => socket.end(), 20);
    });
    const begin = performance.now();
    const error = await failureOf(call(proxyTo(endpoint), ''));
    expect(performance.now() - begin).toBeLessThan(1000);
    expect([error.name, error.code]).toEqual(['TarsServerConnectionException', 'TARSIER_CONNECTION_LOST']);
    const [, elapsed] =
      /was closed by the peer (\d+) ms after the request was sent \(request 1\)/.exec(error.message) ?? [];
    expect(Number(elapsed)).toBeGreaterThanOrEqual(15);
    expect(Number(elapsed)).toBeLessThan(1000);
  });

  it('takes an answer that came just before the close', async () => {
    const { endpoint } = await serve((socket, { id }) => socket.end(packet(id, 'bye')));
    expect(await call(proxyTo(endpoint), '')).toBe('bye');
  });

  it('says when the server resets', async () => {
    const { endpoint } = await serve((socket) => {
      socket.resetAndDestroy();
    });
    const error = await failureOf(call(proxyTo(endpoint), ''));
    expect(error.code).toBe('TARSIER_CONNECTION_LOST');
    expect(error.message).toMatch(/was reset by the peer \d+ ms after the request was sent/);
    expect((error.cause as NodeJS.ErrnoException).code).toBe('ECONNRESET');
  });

  it('uses the living one of two endpoints', async () => {
    const dead = `tcp -h 127.0.0.1 -p ${await closedPort()}`;
    const { server, endpoint } = await serve(echo);
    const proxy = proxyTo(`${dead}:${endpoint}`);
    const bodies = Array.from({ length: 20 }, (_, i) => `${i}`);
    expect(await Promise.all(bodies.map((body) => call(proxy, body)))).toEqual(bodies);
    for (const body of bodies) expect(await call(proxy, body)).toBe(body);
    expect([server.accepted, server.requests.length]).toEqual([1, 40]);
    expect(proxy.endpoints().map(({ state }) => state)[1]).toBe('connected');
  });

  it('shares calls evenly among two that live', async () => {
    const [first, second] = [await serve(echo), await serve(echo)];
    const proxy = proxyTo(`${first.endpoint}:${second.endpoint}`);
    for (let i = 0; i < 10; i++) await call(proxy, `${i}`);
    expect([first.server.requests.length, second.server.requests.length]).toEqual([5, 5]);
  });

  it('connects again for the next call after the server has restarted', async () => {
    const { server, endpoint } = await serve(echo);
    const proxy = proxyTo(endpoint);
    await call(proxy, '1');
    const closed = new Promise((resolve) => {
      proxy.once('close', resolve);
    });
    const { port } = server;
    await server.stop();
    await closed;
    await serve(echo, port);
    expect(await call(proxy, '2')).toBe('2');
  });

  it('brings a push proxy back by itself when the server returns', async () => {
    const { server, endpoint } = await serve(echo);
    const proxy = proxyTo(endpoint, { 'reconnect-min-interval': 5, 'reconnect-max-interval': 20 });
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    let attempts = 0;
    proxy.on('reconnecting', () => attempts++);
    await call(proxy, 'hello');
    server.socket.write(packet(0, 'push 1'));
    await expect.poll(() => recorder.log.length).toBe(2);
    const { port } = server;
    await server.stop();
    await expect.poll(() => attempts).toBeGreaterThan(2);
    const again = await serve(echo, port);
    await expect.poll(() => again.server.accepted, { timeout: 5000 }).toBe(1);
    await expect.poll(() => recorder.log.length).toBe(4);
    again.server.socket.write(packet(0, 'push 2'));
    await expect.poll(() => recorder.log.length).toBe(5);
    const node = `${endpoint} -t 3000`;
    expect(recorder.log).toEqual([
      `connect ${node}`,
      'push 1',
      `close ${node} TARSIER_CONNECTION_LOST`,
      `connect ${node}`,
      'push 2',
    ]);
    expect(await call(proxy, 'still calls')).toBe('still calls');
    expect(proxy.statistics()).toMatchObject({ connects: 2, closes: 1 });
  });

  it('times out within its granularity, and drops the late answer', async () => {
    let late: (() => void) | undefined;
    const { endpoint } = await serve((socket, { id, body }) => {
      if (body === 'slow') late = () => socket.write(packet(id, 'late'));
      else socket.write(packet(id, body));
    });
    const proxy = proxyTo(endpoint);
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    const begin = performance.now();
    const error = await failureOf(proxy.rpcCall(proxy.genRequestId(), 'echo', 'slow', { timeoutMs: 50 }));
    const tookMs = performance.now() - begin;
    expect(error.code).toBe('TARSIER_CALL_TIMEOUT');
    expect(tookMs).toBeGreaterThanOrEqual(49);
    expect(tookMs).toBeLessThan(500);
    const dropped = new Promise((resolve) => {
      proxy.once('dropped', resolve);
    });
    late?.();
    expect(await dropped).toMatchObject({ requestId: 1, reason: 'unknown-id' });
    expect(await call(proxy, 'goes on')).toBe('goes on');
    expect(recorder.messages).toEqual([]);
  });

  it('carries a protocol without ids, one call at a time on each connection', async () => {
    const sockets = new Set<Socket>();
    let most = 0;
    const server = createServer((socket) => {
      sockets.add(socket);
      let open = 0;
      socket.on('data', (chunk) => {
        open += chunk.toString().split('\r\n').length - 1;
        most = Math.max(most, open);
        setTimeout(() => {
          open--;
          socket.write(`echo ${chunk.toString()}`);
        }, 5);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(async () => {
      server.close();
      await once(server, 'close');
    });
    const proxy = proxyTo(`tcp -h 127.0.0.1 -p ${(server.address() as AddressInfo).port}`);
    proxy.setProtocol(delimiter('\r\n').proxyProtocol, 3);
    const bodies = Array.from({ length: 12 }, (_, i) => `line ${i}`);
    const answers = await Promise.all(bodies.map((body) => call(proxy, body)));
    expect(answers).toEqual(bodies.map((body) => `echo ${body}`));
    expect([sockets.size, most]).toEqual([3, 1]);
  });

  it('leaves no socket and no timer behind on terminate', async () => {
    const sockets = (): number =>
      process.getActiveResourcesInfo().filter((name) => /^(TCPSocket|TCPConnect)/.test(name)).length;
    const [started, stopped] = [vi.spyOn(globalThis, 'setInterval'), vi.spyOn(globalThis, 'clearInterval')];
    cleanups.push(async () => {
      started.mockRestore();
      stopped.mockRestore();
    });
    const { server, endpoint } = await serve((socket, { id, body }) => {
      if (body !== 'never') socket.write(packet(id, body));
    });
    const before = sockets();
    const communicator = new Communicator();
    const proxy = communicator.stringToProxy(`Obj@${endpoint}:tcp -h 127.0.0.1 -p ${await closedPort()}`);
    proxy.setProtocol(idProtocol);
    proxy.setPushCallback(new Recorder());
    await call(proxy, 'x');
    await call(proxy, 'y');
    const failed = failureOf(call(proxy, 'never'));
    await expect.poll(() => server.requests).toContain('never');
    expect(sockets()).toBe(before + 2);
    const socketClosed = once(server.socket, 'close');
    await communicator.terminate();
    expect((await failed).code).toBe('TARSIER_CLOSED');
    await socketClosed;
    expect(sockets()).toBe(before);
    const running = new Set(started.mock.results.map(({ value }) => value));
    expect(running.size).toBeGreaterThan(0);
    for (const [timer] of stopped.mock.calls) running.delete(timer as NodeJS.Timeout);
    expect(running.size).toBe(0);
  });

  it('closes even when the peer neither reads nor closes', async () => {
    const { server, endpoint } = await serve(echo);
    const proxy = proxyTo(endpoint);
    await call(proxy, 'x');
    server.socket.pause();
    server.socket.allowHalfOpen = true;
    proxy.rpcCallAsync(0, 'f', 'x'.repeat(30_000_000), null);
    const begin = performance.now();
    await proxy.close();
    expect(performance.now() - begin).toBeLessThan(3000);
  });
});
