import { type ChildProcess, spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { type CertificatePair, LOCAL_NAMES, TestAuthority } from '../../../../test/support/certificates.js';
import { needs } from '../../../../test/support/needs.js';
import { idProtocol, packet } from '../call/id-protocol.testkit.js';
import { Communicator } from '../communicator.js';
import { failureOf } from '../memory-client.testkit.js';
import { SocketServer } from '../socket-server.testkit.js';
import type { ForwardProxy } from './connect-options.js';
import { causeCode, optionsWith, TestLink } from './handlers.testkit.js';
import { openSocksTunnel } from './socks-tunnel.js';
import { TcpTransport } from './tcp-transport.js';
import { TlsTransport } from './tls-transport.js';
import { WebSocketTransport } from './web-socket-transport.node.js';

let authority: TestAuthority;
let local: CertificatePair;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  authority = await TestAuthority.create();
  local = await authority.issue({ name: 'localhost', names: LOCAL_NAMES });
});

afterAll(() => authority.remove());

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function listen(server: Server, where: number | string = 0): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  if (typeof where === 'string') server.listen(where);
  else server.listen(where, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return typeof where === 'string' ? 0 : (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** An echo server that speaks first. */
function greet(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.write('hi ');
  socket.on('data', (chunk) => socket.write(chunk));
}

const servers: Readonly<Record<'tcp' | 'ssl' | 'ws' | 'wss', () => Server>> = {
  tcp: () => createServer(greet),
  ssl: () => createTlsServer({ cert: readFileSync(local.cert), key: readFileSync(local.key) }, greet),
  ws: () => webSocketOn(createHttpServer()),
  wss: () => {
    const server = createTlsServer({ cert: readFileSync(local.cert), key: readFileSync(local.key) });
    const http = webSocketOn(createHttpServer());
    server.on('secureConnection', (socket) => http.emit('connection', socket));
    return server;
  },
};

function webSocketOn(server: ReturnType<typeof createHttpServer>): Server {
  new WebSocketServer({ server }).on('connection', (socket) => {
    socket.send(Buffer.from('hi '));
    socket.on('message', (message: Buffer) => {
      socket.send(message);
    });
  });
  return server;
}

const transports = [new TcpTransport(), new TlsTransport(), new WebSocketTransport()];
const types = ['tcp', 'ssl', 'ws', 'wss'] as const;

function link(type: string, port: number, forwardProxy?: ForwardProxy, host = '127.0.0.1'): TestLink {
  const transport = transports.find((one) => one.name === type.replace('wss', 'ws'));
  if (transport === undefined) throw new Error(type);
  const options = optionsWith({ ...(forwardProxy && { forwardProxy }), tls: { ca: authority.ca } });
  const one = new TestLink(transport, `${type} -h ${host} -p ${port}`, options);
  cleanups.push(() => {
    one.connection.destroy();
  });
  return one;
}

async function greets(one: TestLink): Promise<void> {
  await one.connected();
  one.connection.writeAll([Buffer.from('hel'), Buffer.from('lo')]);
  await one.has('hi hello');
  expect(one.received).toBe('hi hello');
}

/** A proxy for CONNECT. `status`: what it answers instead. */
async function httpProxy(status?: number): Promise<{ proxy: ForwardProxy; asked: string[] }> {
  const asked: string[] = [];
  const server = createHttpServer();
  server.on('connect', (request, client: Socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? 'nobody'}`);
    client.on('error', () => undefined);
    if (status !== undefined) {
      client.end(`HTTP/1.1 ${status} No Way\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const [host = '', port] = (request.url ?? '').split(/:(?=\d+$)/);
    const target = connect(Number(port), host.replace(/[[\]]/g, ''));
    target.on('error', () => client.destroy());
    // Waits for the first bytes of the server if there are any, so that they come together with the answer.
    const established = 'HTTP/1.1 200 Connection established\r\n\r\n';
    const timer = setTimeout(() => answer(Buffer.alloc(0)), 30);
    const answer = (first: Buffer): void => {
      clearTimeout(timer);
      target.off('data', answer);
      client.write(Buffer.concat([Buffer.from(established), first]));
      client.pipe(target).pipe(client);
    };
    target.once('data', answer);
  });
  return { proxy: { type: 'http', host: '127.0.0.1', port: await listen(server) }, asked };
}

describe('HTTP CONNECT', () => {
  it.each(types)('carries %s, from the first byte on', async (type) => {
    const { proxy, asked } = await httpProxy();
    const port = await listen(servers[type]());
    await greets(link(type, port, proxy));
    expect(asked).toEqual([`127.0.0.1:${port} nobody`]);
  });

  it('lets the proxy look names up, and shows it user and password', async () => {
    const { proxy, asked } = await httpProxy();
    const port = await listen(servers.ssl());
    await greets(link('ssl', port, { ...proxy, user: 'ann', password: 'p:ü' }, 'localhost'));
    expect(asked).toEqual([`localhost:${port} Basic ${Buffer.from('ann:p:ü').toString('base64')}`]);
  });

  it.each([
    [
      407,
      /^the proxy http:\/\/127\.0\.0\.1:\d+ answered 407 No Way to CONNECT 127\.0\.0\.1:1: it wants a user and a password/,
    ],
    [403, /answered 403 No Way to CONNECT 127\.0\.0\.1:1: it does not allow this host or port/],
    [500, /answered 500 No Way to CONNECT 127\.0\.0\.1:1$/],
  ])('says what a proxy refuses with: %i', async (status, text) => {
    const { proxy } = await httpProxy(status);
    for (const type of types) expect(await link(type, 1, proxy).failure()).toMatch(text);
  });

  it('says that the proxy is not there, or speaks something else', async () => {
    const gone = link('tcp', 1, { type: 'http', host: '127.0.0.1', port: await closedPort() });
    expect(await gone.failure()).toMatch(
      /^the proxy http:\/\/127\.0\.0\.1:\d+ could not be reached \(ECONNREFUSED\): check/,
    );
    expect(causeCode(gone.error)).toBe('ECONNREFUSED');
    const port = await listen(createServer((socket) => socket.write('220 mail\r\n')));
    const other = link('tcp', 1, { type: 'http', host: '127.0.0.1', port });
    expect(await other.failure()).toMatch(
      /the proxy .* does not speak HTTP \(HPE_INVALID_CONSTANT\): check the property proxy/,
    );
  });

  it('verifies the server behind the proxy', async () => {
    const { proxy } = await httpProxy();
    const port = await listen(servers.ssl());
    const one = new TestLink(new TlsTransport(), `ssl -h 127.0.0.1 -p ${port}`, optionsWith({ forwardProxy: proxy }));
    expect(await one.failure()).toMatch(/^the certificate of 127\.0\.0\.1:\d+ is signed by nobody/);
  });

  it('does not bother the proxy with a Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tarsier-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    await listen(servers.tcp(), join(folder, 's'));
    await greets(link('tcp', 0, { type: 'http', host: '127.0.0.1', port: 1 }, join(folder, 's')));
  });
});

describe.each(['http', 'socks5'] as const)('a proxy of type %s that does not answer', (type) => {
  it.each(types)('is left when the connection is not wanted any more (%s)', async (endpoint) => {
    const server = createServer();
    const port = await listen(server);
    const accepted = once(server, 'connection');
    const one = link(endpoint, 1, { type, host: '127.0.0.1', port });
    const [socket] = (await accepted) as [Socket];
    one.connection.destroy();
    expect(await one.closed()).toBeUndefined();
    expect(one.events).toEqual(['close']);
    await new Promise((resolve) => {
      socket.once('close', resolve).resume();
    });
  });

  it('lets the call fail within connect-timeout', async () => {
    const port = await listen(createServer());
    const communicator = new Communicator({ 'connect-timeout': 100, proxy: `${type}://127.0.0.1:${port}` });
    cleanups.push(() => communicator.terminate());
    const proxy = communicator.stringToProxy('Test.Echo.EchoObj@tcp -h 127.0.0.1 -p 1').setProtocol(idProtocol);
    const error = await failureOf(proxy.rpcCall(1, 'f', ''));
    expect([error.code, error.where.key]).toEqual(['TARSIER_CONNECT_FAILED', 'connect-timeout']);
  });
});

describe.each(types)('names over %s', (type) => {
  it.each(['nothing', 'http', 'socks5'] as const)(
    'are never left to the time that Node gives an address (through %s)',
    async (via) => {
      // Where node:net looks a name up, it also gives up its addresses after 250 ms.
      const lookups = vi.spyOn(dns, 'lookup');
      cleanups.push(() => {
        lookups.mockRestore();
      });
      const port = await listen(servers[type]());
      if (via === 'nothing') await greets(link(type, port, undefined, 'localhost'));
      else if (via === 'http') await greets(link(type, port, { ...(await httpProxy()).proxy, host: 'localhost' }));
      else {
        const silent = createServer();
        const accepted = once(silent, 'connection');
        link(type, port, { type: via, host: 'localhost', port: await listen(silent) });
        await accepted;
      }
      // What the servers of this test look up themselves are no names.
      expect(lookups.mock.calls.filter(([host]) => host === 'localhost')).toEqual([]);
    },
  );
});

/** The real thing. */
async function socksProxy(...args: string[]): Promise<ForwardProxy> {
  const port = await closedPort();
  const server: ChildProcess = spawn('microsocks', ['-i', '127.0.0.1', '-p', String(port), ...args], {
    stdio: 'ignore',
  });
  cleanups.push(async () => {
    const gone = once(server, 'exit');
    server.kill();
    await gone;
  });
  const isUp = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      }).on('error', () => resolve(false));
    });
  await expect.poll(isUp).toBe(true);
  return { type: 'socks5', host: '127.0.0.1', port };
}

describe('SOCKS5', needs('microsocks'), () => {
  it.each(types)('carries %s', async (type) => {
    await greets(link(type, await listen(servers[type]()), await socksProxy()));
  });

  it('lets the proxy look names up', async () => {
    await greets(link('ssl', await listen(servers.ssl()), await socksProxy(), 'localhost'));
  });

  it('shows user and password, and says when they are wrong or missing', async () => {
    const proxy = await socksProxy('-u', 'ann', '-P', 'secret');
    const port = await listen(servers.tcp());
    await greets(link('tcp', port, { ...proxy, user: 'ann', password: 'secret' }));
    const wrong = await link('tcp', port, { ...proxy, user: 'ann', password: 'guess' }).failure();
    expect(wrong).toMatch(
      /^the proxy socks5:\/\/127\.0\.0\.1:\d+ did not connect to 127\.0\.0\.1:\d+ \(.*uthentication.*\)/,
    );
    expect(wrong).not.toContain('guess');
    expect(await link('tcp', port, proxy).failure()).toMatch(
      /did not connect to .* user and password in the property proxy/,
    );
  });

  it('says that the proxy could not connect', async () => {
    const one = link('tcp', await closedPort(), await socksProxy());
    expect(await one.failure()).toMatch(/the proxy socks5:.* did not connect to 127\.0\.0\.1:\d+ \(.*refused.*\)/i);
  });
});

describe('a SOCKS5 proxy', () => {
  it('that is not there is named', async () => {
    const one = link('tcp', 1, { type: 'socks5', host: '127.0.0.1', port: await closedPort() });
    expect(await one.failure()).toMatch(/^the proxy socks5:\/\/127\.0\.0\.1:\d+ could not be reached \(ECONNREFUSED\)/);
  });

  it('needs its package', async () => {
    const proxy = { type: 'socks5', host: '127.0.0.1', port: 1 } as const;
    const tunnel = { proxy, name: 'the proxy', host: 'a', port: 1, signal: new AbortController().signal };
    const missing = Object.assign(new Error("Cannot find package 'socks'"), { code: 'ERR_MODULE_NOT_FOUND' });
    await expect(openSocksTunnel(tunnel, () => Promise.reject(missing))).rejects.toThrow(
      /need the package socks, which is not installed: npm install socks/,
    );
  });
});

describe('ServantProxy through a forward proxy', () => {
  it('calls through the one that the property names, and says what it refuses', async () => {
    const server = new SocketServer((socket, { id, body }) => socket.write(packet(id, body)));
    const endpoint = await server.listen();
    cleanups.push(() => server.stop());
    const good = await httpProxy();
    const bad = await httpProxy(403);
    const proxyVia = ({ port }: ForwardProxy) => {
      const communicator = new Communicator({ proxy: `http://ann:secret@127.0.0.1:${port}` });
      cleanups.push(() => communicator.terminate());
      return communicator.stringToProxy(`Test.Echo.EchoObj@${endpoint}`).setProtocol(idProtocol);
    };
    expect((await proxyVia(good.proxy).rpcCall(1, 'f', 'hello')).sBuffer.toString()).toBe('hello');
    expect(good.asked).toHaveLength(1);
    const error = await failureOf(proxyVia(bad.proxy).rpcCall(1, 'f', ''));
    expect(error.code).toBe('TARSIER_CONNECT_FAILED');
    expect(error.message).toMatch(
      /could not connect to tcp .* \(the proxy http:\/\/127\.0\.0\.1:\d+ answered 403 No Way/,
    );
    expect(error.message).not.toContain('secret');
  });

  it('calls through the one that the program sets for one proxy', async () => {
    const server = new SocketServer((socket, { id, body }) => socket.write(packet(id, body)));
    const endpoint = await server.listen();
    cleanups.push(() => server.stop());
    const { proxy, asked } = await httpProxy();
    const communicator = new Communicator();
    cleanups.push(() => communicator.terminate());
    const [through, direct] = ['Test.Echo.OneObj', 'Test.Echo.TwoObj'].map((name) =>
      communicator.stringToProxy(`${name}@${endpoint}`).setProtocol(idProtocol),
    );
    through?.setProxy(proxy);
    expect((await through?.rpcCall(1, 'f', 'a'))?.sBuffer.toString()).toBe('a');
    expect((await direct?.rpcCall(1, 'f', 'b'))?.sBuffer.toString()).toBe('b');
    expect(asked).toHaveLength(1);
  });
});
