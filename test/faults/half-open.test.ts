import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Communicator, lengthField, type ProxyProtocol } from '@tarsier/framework';
import { afterEach, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { NetworkNamespace } from '../support/network-namespace.js';

const framing = lengthField({ bytes: 4, includesHeader: true, max: 1_000_000, requestId: { offset: 4, bytes: 4 } });
const HEARTBEAT_ID = 0xffff_ffff;
const INTERVAL_MS = 1000;

const protocol: ProxyProtocol = {
  ...framing.proxyProtocol,
  heartbeat: {
    request: () => framing.encode('heartbeat', HEARTBEAT_ID),
    isAnswer: ({ iRequestId }) => iRequestId === HEARTBEAT_ID,
  },
};

const server = fileURLToPath(new URL('../support/fault-server.mjs', import.meta.url));
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A server on another host, and a proxy to it. */
async function start(properties: Record<string, number>) {
  const host = new NetworkNamespace();
  cleanups.push(() => {
    host.remove();
  });
  const child = host.spawn(process.execPath, [server, '0', host.address]);
  cleanups.push(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  let port = 0;
  while (port === 0) {
    const [message] = (await once(child, 'message')) as [{ event: string; port?: number }];
    port = message.port ?? 0;
  }
  const communicator = new Communicator({ 'reconnect-min-interval': 50, 'reconnect-max-interval': 200, ...properties });
  cleanups.push(() => communicator.terminate());
  const proxy = communicator.stringToProxy(`T.S.FaultObj@tcp -h ${host.address} -p ${port} -t 60000`);
  proxy.setProtocol(protocol);
  return { host, proxy };
}

describe('a peer whose packets vanish', needs('ip', 'root'), () => {
  it('is found out within two heartbeat intervals, and is back when the network heals', async () => {
    const { host, proxy } = await start({ 'keep-alive-interval': INTERVAL_MS });
    proxy.setPushCallback({ onDispatch: () => 0 });
    await proxy.rpcCall(proxy.genRequestId(), 'f', 'hello');
    const waiting = proxy.rpcCall(proxy.genRequestId(), 'f', 'hang', { timeoutMs: 60_000 });
    const lost = expect(waiting).rejects.toMatchObject({
      code: 'TARSIER_CONNECTION_LOST',
      where: { key: 'keep-alive-interval' },
    });
    const closed = new Promise<number>((resolve) => {
      proxy.once('close', () => {
        resolve(performance.now());
      });
    });
    host.drop();
    const beganMs = performance.now();
    const tookMs = (await closed) - beganMs;
    await lost;
    console.log(`half-open link found after ${tookMs.toFixed(0)} ms; the heartbeat interval is ${INTERVAL_MS} ms`);
    // A quarter of an interval for the clocks of a loaded machine.
    expect(tookMs).toBeLessThan(2.25 * INTERVAL_MS);
    const connected = once(proxy as unknown as NodeJS.EventEmitter, 'connect');
    host.heal();
    await connected;
    expect((await proxy.rpcCall(proxy.genRequestId(), 'f', 'again')).sBuffer.toString()).toBe('again');
  });

  it('is found out by silence where the protocol has no heartbeat', async () => {
    const { host, proxy } = await start({ 'silence-timeout': INTERVAL_MS });
    proxy.setProtocol(framing.proxyProtocol);
    await proxy.rpcCall(proxy.genRequestId(), 'f', 'hello');
    host.drop();
    await expect(proxy.rpcCall(proxy.genRequestId(), 'f', 'hang', { timeoutMs: 60_000 })).rejects.toMatchObject({
      code: 'TARSIER_CONNECTION_LOST',
      where: { key: 'silence-timeout' },
    });
  });
});
