import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import {
  Communicator,
  lengthField,
  type ReqMessage,
  ServantProxyCallback,
  type TarsException,
} from '@tarsier/framework';
import { afterEach, describe, expect, it } from 'vitest';
import { frame, RawClient } from '../../packages/framework/src/raw-client.testkit.js';
import { ChildServer } from '../support/child-server.js';

const framing = lengthField({ bytes: 4, includesHeader: true, max: 1_000_000, requestId: { offset: 4, bytes: 4 } });
const servers: ChildServer[] = [];
const communicators: Communicator[] = [];

async function start(port = 0): Promise<ChildServer> {
  const server = await ChildServer.start(port);
  servers.push(server);
  return server;
}

function proxyTo(port: number) {
  const communicator = new Communicator({ 'reconnect-min-interval': 20, 'reconnect-max-interval': 200 });
  communicators.push(communicator);
  const prx = communicator.stringToProxy(`T.S.FaultObj@tcp -h 127.0.0.1 -p ${port} -t 60000`);
  prx.setProtocol(framing.proxyProtocol);
  return prx;
}

afterEach(async () => {
  for (const communicator of communicators.splice(0)) await communicator.terminate();
  for (const server of servers.splice(0)) await server.kill('SIGKILL');
});

class Recorder extends ServantProxyCallback {
  readonly seen: string[] = [];

  override onDispatch(msg: ReqMessage): number {
    this.seen.push(`${msg.bPush ? 'push' : 'answer'} ${msg.response.sBuffer.toString()}`);
    return 0;
  }

  override onConnect(): void {
    this.seen.push('connect');
  }

  override onClose(): void {
    this.seen.push('close');
  }
}

describe('a server killed with SIGKILL', () => {
  it('fails the waiting calls with a reason, and the client comes back when it is restarted', async () => {
    const first = await start();
    const prx = proxyTo(first.port);
    const pushed = new Recorder();
    prx.setPushCallback(pushed);
    await prx.rpcCall(prx.genRequestId(), 'call', 'push 2');
    const waiting = [1, 2, 3].map(() => prx.rpcCall(prx.genRequestId(), 'call', 'hang', { timeoutMs: 60_000 }));
    const outcomes = Promise.allSettled(waiting);
    await first.until(({ body }) => body === 'hang');
    const begin = performance.now();
    await first.kill('SIGKILL');
    for (const outcome of await outcomes) {
      const error = (outcome as PromiseRejectedResult).reason as TarsException;
      expect(error.code).toBe('TARSIER_CONNECTION_LOST');
      expect(error.message).toMatch(/(closed|reset) by the peer \d+ ms after the request was sent/);
    }
    expect(performance.now() - begin).toBeLessThan(5000);
    const back = once(prx as never, 'connect');
    const second = await start(first.port);
    await back;
    const answer = await prx.rpcCall(prx.genRequestId(), 'call', 'push 1');
    expect(answer.sBuffer.toString()).toBe('push 1');
    expect(second.events.some(({ body }) => body === 'push 1')).toBe(true);
    expect(pushed.seen).toEqual(['connect', 'push push 0', 'push push 1', 'close', 'connect', 'push push 0']);
  });
});

describe('SIGTERM with calls running', () => {
  it('answers them, runs doClose for all connections, and exits with 0', async () => {
    const server = await start();
    const peers = await Promise.all(Array.from({ length: 5 }, () => RawClient.connect(server.port)));
    for (const [i, peer] of peers.entries()) peer.send(frame(i + 1, i < 3 ? 'slow' : 'fast'));
    await server.until(() => server.events.filter(({ event }) => event === 'request').length === 5);
    const exit = server.kill('SIGTERM');
    for (const [i, peer] of peers.entries()) {
      const packet = frame(i + 1, i < 3 ? 'slow' : 'fast');
      expect(await peer.take(packet.length)).toEqual(packet);
      await peer.closed();
    }
    expect(await exit).toEqual([0, null]);
    const closes = server.events.filter(({ event }) => event === 'close');
    expect(closes.map(({ type }) => type)).toEqual([6, 6, 6, 6, 6]);
    expect(new Set(closes.map(({ uid }) => uid)).size).toBe(5);
    expect(server.events.at(-1)).toEqual({ event: 'destroyApp' });
  });

  it('does not wait for ever for a call that never ends', async () => {
    const server = await start();
    const peer = await RawClient.connect(server.port);
    peer.send(frame(1, 'hang'));
    await server.until(({ body }) => body === 'hang');
    expect(await server.kill('SIGTERM')).toEqual([0, null]);
    await peer.closed();
  });

  it('is left to SIGTERM: SIGUSR2 does not end a server without workers', async () => {
    const server = await start();
    server.process.kill('SIGUSR2');
    const peer = await RawClient.connect(server.port);
    peer.send(frame(1, 'fast'));
    expect(await peer.take(frame(1, 'fast').length)).toEqual(frame(1, 'fast'));
    expect(await server.kill('SIGTERM')).toEqual([0, null]);
  });

  it('takes the same signal twice for one, as process managers send it', async () => {
    const server = await start();
    const peer = await RawClient.connect(server.port);
    const packet = frame(1, 'slow');
    peer.send(packet);
    await server.until(({ body }) => body === 'slow');
    server.process.kill('SIGTERM');
    await server.until(({ event }) => event === 'shutdown');
    const exit = server.kill('SIGTERM');
    expect(await peer.take(packet.length)).toEqual(packet);
    expect(await exit).toEqual([0, null]);
    await peer.closed();
  });

  it('ends at once at a second signal that comes later', async () => {
    const server = await start();
    const peer = await RawClient.connect(server.port);
    peer.send(frame(1, 'hang'));
    await server.until(({ body }) => body === 'hang');
    server.process.kill('SIGTERM');
    await server.until(({ event }) => event === 'shutdown');
    // Only the time says that the operator has lost patience; see `ONE_ORDER_MS`.
    await setTimeout(1100);
    expect(await server.kill('SIGTERM')).toEqual([null, 'SIGTERM']);
    await peer.closed();
  });
});
