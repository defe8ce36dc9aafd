import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { TestAuthority } from '../../../../test/support/certificates.js';
import { DnsServer, type DnsZone } from '../../../../test/support/dns-server.js';
import { needs } from '../../../../test/support/needs.js';
import { idProtocol, packet, packetsOf } from '../call/id-protocol.testkit.js';
import { Communicator } from '../communicator.js';
import type { PropertyValue } from '../communicator-properties.js';
import { failureOf } from '../memory-client.testkit.js';
import type { ServantProxy } from '../servant-proxy.js';
import { SocketServer } from '../socket-server.testkit.js';

const PUSH = 'push.tarsier.test';
const SERVICE = '_push._tcp.tarsier.test';
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A server that answers with its address. */
async function serve(host: string, port = 0): Promise<SocketServer> {
  const server = new SocketServer((socket, { id }) => socket.write(packet(id, host)));
  await server.listen(port, host);
  cleanups.push(() => server.stop().catch(() => undefined));
  return server;
}

async function dnsWith(zone: DnsZone): Promise<DnsServer> {
  const dns = await DnsServer.start(zone);
  cleanups.push(() => dns.stop());
  return dns;
}

function proxyOf(endpoints: string, dns: string, properties: Record<string, PropertyValue> = {}): ServantProxy {
  const communicator = new Communicator({ 'dns-servers': dns, 'reconnect-min-interval': 50, ...properties });
  cleanups.push(() => communicator.terminate());
  return communicator.stringToProxy(`T.S.Obj@${endpoints}`).setProtocol(idProtocol);
}

async function call(proxy: ServantProxy): Promise<string> {
  return (await proxy.rpcCall(proxy.genRequestId(), 'f', '')).sBuffer.toString();
}

/** The servers that answer ten calls. */
async function answering(proxy: ServantProxy): Promise<string[]> {
  const answers = await Promise.allSettled(Array.from({ length: 10 }, () => call(proxy)));
  return [...new Set(answers.map((one) => (one.status === 'fulfilled' ? one.value : 'failed')))].toSorted();
}

describe('names in a real DNS', needs('dnsmasq'), () => {
  it('calls all addresses of a name, of both families, and follows their changes', async () => {
    const first = await serve('127.0.0.2');
    const { port } = first;
    await serve('127.0.0.3', port);
    await serve('::1', port);
    const dns = await dnsWith({ hosts: { [PUSH]: ['127.0.0.2', '::1'] } });
    const proxy = proxyOf(`tcp -h ${PUSH} -p ${port} -d dns`, dns.address);
    expect(await answering(proxy)).toEqual(['127.0.0.2', '::1']);
    const family = proxyOf(`tcp -h ${PUSH} -p ${port} -d dns`, dns.address, { 'dns-family': 4 });
    expect(await answering(family)).toEqual(['127.0.0.2']);
    await dns.change({ hosts: { [PUSH]: ['127.0.0.3', '::1'] } });
    // Records live for a second here, so that neither interval nor a fault is needed.
    await expect.poll(() => answering(proxy), { timeout: 5000 }).toEqual(['127.0.0.3', '::1']);
    await expect.poll(() => first.sockets.size, { timeout: 5000 }).toBe(0);
  });

  it('calls the servers of the lowest priority in SRV records, those of the next when they are gone, and comes back', async () => {
    const [main, standby] = await Promise.all([serve('127.0.0.2'), serve('127.0.0.3')]);
    const { port } = main;
    const dns = await dnsWith({
      hosts: { 'main.tarsier.test': ['127.0.0.2'], 'standby.tarsier.test': ['127.0.0.3'] },
      services: [`${SERVICE},standby.tarsier.test,${standby.port},20,0`, `${SERVICE},main.tarsier.test,${port},10,0`],
    });
    const proxy = proxyOf(`tcp -h ${SERVICE} -d srv`, dns.address, { 'reconnect-max-interval': 200 });
    expect(await answering(proxy)).toEqual(['127.0.0.2']);
    expect(new Set(proxy.endpoints().map(({ endpoint, rank }) => `${rank}: ${endpoint}`))).toEqual(
      new Set([`0: tcp -h 127.0.0.2 -p ${port} -t 3000`, `1: tcp -h 127.0.0.3 -p ${standby.port} -t 3000 -r 1`]),
    );
    expect(standby.accepted).toBe(0);
    await main.stop();
    await expect.poll(() => answering(proxy), { timeout: 5000 }).toEqual(['127.0.0.3']);
    await serve('127.0.0.2', port);
    await expect.poll(() => answering(proxy), { timeout: 5000 }).toEqual(['127.0.0.2']);
  });

  it('shares calls by the weights of SRV records', async () => {
    const [heavy, light] = await Promise.all([serve('127.0.0.2'), serve('127.0.0.3')]);
    const dns = await dnsWith({
      hosts: { 'a.tarsier.test': ['127.0.0.2'], 'b.tarsier.test': ['127.0.0.3'] },
      services: [`${SERVICE},a.tarsier.test,${heavy.port},0,300`, `${SERVICE},b.tarsier.test,${light.port},0,100`],
    });
    const proxy = proxyOf(`tcp -h ${SERVICE} -d srv`, dns.address);
    const answers = await Promise.all(Array.from({ length: 40 }, () => call(proxy)));
    // 100 to 33
    const { length } = answers.filter((one) => one === '127.0.0.2');
    expect([29, 30, 31]).toContain(length);
  });

  it('goes on with what is known while the DNS is gone, and says of a name that is not there why', async () => {
    const { port } = await serve('127.0.0.2');
    const dns = await dnsWith({ hosts: { [PUSH]: ['127.0.0.2'] } });
    const proxy = proxyOf(`tcp -h ${PUSH} -p ${port} -d dns`, dns.address);
    expect(await call(proxy)).toBe('127.0.0.2');
    await dns.kill();
    await expect.poll(() => proxy.statistics().resolveFailures, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(await answering(proxy)).toEqual(['127.0.0.2']);
    await dns.run();
    const nobody = proxyOf(`tcp -h nobody.tarsier.test -p ${port} -d dns`, dns.address);
    const error = await failureOf(nobody.rpcCall(1, 'f', '', { timeoutMs: 300 }));
    expect([error.code, error.where.phase]).toEqual(['TARSIER_CALL_TIMEOUT', 'resolving']);
    expect(error.message).toContain('nobody.tarsier.test could not be looked up (ENOTFOUND)');
    // A call that waits gets its node as soon as there is one.
    const waiting = nobody.rpcCall(2, 'f', '', { timeoutMs: 20_000 });
    await dns.change({ hosts: { 'nobody.tarsier.test': ['127.0.0.2'] } });
    expect((await waiting).sBuffer.toString()).toBe('127.0.0.2');
  });

  it('goes back to the names when the nodes known refuse', async () => {
    const { port } = await serve('127.0.0.3');
    const dns = await dnsWith({ hosts: { [PUSH]: ['127.0.0.2'] } });
    const proxy = proxyOf(`tcp -h ${PUSH} -p ${port} -d dns`, dns.address);
    expect((await failureOf(proxy.rpcCall(1, 'f', ''))).code).toBe('TARSIER_CONNECT_FAILED');
    await dns.change({ hosts: { [PUSH]: ['127.0.0.3'] } });
    await expect.poll(() => answering(proxy), { timeout: 5000 }).toEqual(['127.0.0.3']);
  });
});

describe('names of servers with certificates', needs('dnsmasq'), () => {
  let authority: TestAuthority;
  let names: (string | false)[];

  beforeAll(async () => {
    authority = await TestAuthority.create();
  });

  afterAll(() => authority.remove());

  async function listen(server: Server, host: string): Promise<number> {
    server.listen(0, host);
    await once(server, 'listening');
    cleanups.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  /** A server with a certificate for one name. */
  async function serveTls(name: string, answer: (socket: TLSSocket) => void): Promise<number> {
    const { cert, key } = await authority.issue({ name: 'a server', names: [`DNS:${name}`] });
    names = [];
    const server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) => {
      names.push(socket.servername ?? false);
      socket.on('error', () => undefined);
      answer(socket);
    });
    return listen(server, '127.0.0.2');
  }

  const echo = (socket: TLSSocket): void => {
    socket.on('data', (chunk) => {
      for (const { id } of packetsOf(chunk).packets) socket.write(packet(id, 'secret'));
    });
  };

  it('verifies the name that was looked up, not the address', async () => {
    const port = await serveTls(PUSH, echo);
    const dns = await dnsWith({ hosts: { [PUSH]: ['127.0.0.2'], 'other.tarsier.test': ['127.0.0.2'] } });
    const proxy = proxyOf(`ssl -h ${PUSH} -p ${port} -d dns`, dns.address, { ca: authority.ca });
    expect(await call(proxy)).toBe('secret');
    expect(names).toEqual([PUSH]);
    expect(proxy.invokeEndpoint()).toBe(`ssl -h 127.0.0.2 -p ${port} -t 3000 -n ${PUSH}`);
    const other = proxyOf(`ssl -h other.tarsier.test -p ${port} -d dns`, dns.address, { ca: authority.ca });
    const error = await failureOf(other.rpcCall(1, 'f', ''));
    expect(error.message).toContain(`is for DNS:${PUSH}, not for other.tarsier.test`);
  });

  it('verifies the host that an SRV record names', async () => {
    const port = await serveTls('host.tarsier.test', echo);
    const dns = await dnsWith({
      hosts: { 'host.tarsier.test': ['127.0.0.2'] },
      services: [`${SERVICE},host.tarsier.test,${port},0,0`],
    });
    expect(await call(proxyOf(`ssl -h ${SERVICE} -d srv`, dns.address, { ca: authority.ca }))).toBe('secret');
    expect(names).toEqual(['host.tarsier.test']);
  });

  it('asks a WebSocket server for the name', async () => {
    const http = createHttpServer();
    const hosts: (string | undefined)[] = [];
    new WebSocketServer({ server: http }).on('connection', (socket, { headers }) => {
      hosts.push(headers.host);
      socket.on('message', (message: Buffer) => {
        for (const { id } of packetsOf(message).packets) socket.send(packet(id, 'secret'));
      });
    });
    const port = await serveTls(PUSH, (socket) => http.emit('connection', socket));
    const dns = await dnsWith({ hosts: { [PUSH]: ['127.0.0.2'] } });
    const proxy = proxyOf(`wss -h ${PUSH} -p ${port} -u /push -d dns`, dns.address, { ca: authority.ca });
    expect(await call(proxy)).toBe('secret');
    expect([names, hosts]).toEqual([[PUSH], [`${PUSH}:${port}`]]);
  });
});

describe('names without a server of one’s own', () => {
  it('are looked up by the system, its hosts file included', async () => {
    const { port } = await serve('127.0.0.1');
    const communicator = new Communicator();
    cleanups.push(() => communicator.terminate());
    const proxy = communicator.stringToProxy(`T.S.Obj@tcp -h localhost -p ${port} -d dns`).setProtocol(idProtocol);
    expect(await call(proxy)).toBe('127.0.0.1');
    expect(proxy.endpoints().map(({ endpoint }) => endpoint)).toContain(`tcp -h 127.0.0.1 -p ${port} -t 3000`);
  });

  it('keep nothing open when the DNS does not answer and nobody waits any more', async () => {
    const silent = createSocket('udp4');
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
    cleanups.push(() => silent.close());
    const asked = once(silent, 'message');
    const proxy = proxyOf(`tcp -h ${PUSH} -p 1 -d dns`, `127.0.0.1:${silent.address().port}`);
    const failed = failureOf(proxy.rpcCall(1, 'f', '', { timeoutMs: 10_000 }));
    await asked;
    // A query that is cancelled keeps no process; it cannot be seen from outside.
    const cancelled = vi.spyOn(Resolver.prototype, 'cancel');
    await proxy.communicator.terminate();
    expect((await failed).code).toBe('TARSIER_CLOSED');
    expect(cancelled).toHaveBeenCalledOnce();
  });
});
