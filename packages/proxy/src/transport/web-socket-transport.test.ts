import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type CertificatePair, LOCAL_NAMES, TestAuthority } from '../../../../test/support/certificates.js';
import { idProtocol } from '../call/id-protocol.testkit.js';
import { Communicator } from '../communicator.js';
import { failureOf } from '../memory-client.testkit.js';
import { causeCode, optionsWith, TestLink } from './handlers.testkit.js';
import type { Transport } from './transport.js';
import { WebSocketTransport as NodeTransport } from './web-socket-transport.node.js';
import { WebSocketTransport as WebTransport } from './web-socket-transport.web.js';

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

async function listen(server: Server, where: number | string = 0, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  if (typeof where === 'string') server.listen(where);
  else server.listen(where, host);
  await once(server, 'listening');
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return typeof where === 'string' ? 0 : (server.address() as AddressInfo).port;
}

type Behaviour = (socket: WebSocket, request: IncomingMessage) => void;

const echo: Behaviour = (socket) => {
  socket.on('message', (message) => {
    socket.send(message as Buffer);
  });
};

interface Served {
  readonly port: number;
  readonly sockets: WebSocket[];
  readonly requests: IncomingMessage[];
  /** Codes and reasons that clients closed with. */
  readonly closes: string[];
}

async function serve(
  behave: Behaviour = echo,
  where: number | string = 0,
  host?: string,
  server: Server = createHttpServer(),
) {
  const served: Omit<Served, 'port'> = { sockets: [], requests: [], closes: [] };
  const webSockets = new WebSocketServer({ server: server as ReturnType<typeof createHttpServer> });
  webSockets.on('connection', (socket, request) => {
    served.sockets.push(socket);
    served.requests.push(request);
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => served.closes.push(`${code} ${reason.toString()}`.trim()));
    behave(socket, request);
  });
  return { ...served, port: await listen(server, where, host) };
}

/** A server that answers the handshake as any other request. */
async function answering(listener: RequestListener): Promise<number> {
  const server = createHttpServer(listener);
  // Without a listener for 'upgrade' Node treats it as a plain request.
  return listen(server);
}

/** The WebSocket of browsers, played by that of `ws`: it has no more, and allows no more, than theirs. */
class BrowserWebSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly #socket: WebSocket;

  constructor(url: string) {
    this.#socket = new WebSocket(url, { perMessageDeflate: false });
    this.#socket.onopen = () => this.onopen?.();
    this.#socket.onmessage = ({ data }) => this.onmessage?.({ data });
    this.#socket.onerror = () => this.onerror?.();
    this.#socket.onclose = ({ code, reason }) => this.onclose?.({ code, reason });
  }

  set binaryType(type: 'arraybuffer') {
    this.#socket.binaryType = type;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  close(code?: number, reason?: string): void {
    if (code !== undefined && code !== 1000 && (code < 3000 || code > 4999))
      throw new Error(`InvalidAccessError ${code}`);
    this.#socket.close(code, reason);
  }
}

const kinds: readonly (readonly [string, () => Transport])[] = [
  ['Node', () => new NodeTransport()],
  [
    'a browser',
    () => {
      vi.stubGlobal('WebSocket', BrowserWebSocket);
      cleanups.push(() => vi.unstubAllGlobals());
      return new WebTransport();
    },
  ],
];

function link(transport: Transport, endpoint: string, options = optionsWith()): TestLink {
  const one = new TestLink(transport, endpoint, options);
  cleanups.push(() => {
    one.connection.destroy();
  });
  return one;
}

describe.each(kinds)('WebSocketTransport in %s', (kind, transport) => {
  const isNode = kind === 'Node';

  it('carries bytes both ways, as binary messages', async () => {
    const { port, sockets } = await serve();
    const one = link(transport(), `ws -h 127.0.0.1 -p ${port}`);
    await one.connected();
    const kinds: boolean[] = [];
    sockets[0]?.on('message', (_data, isBinary) => kinds.push(isBinary));
    expect(one.connection.write(Buffer.from('hello'))).toBe(true);
    await one.has('hello');
    expect([one.received, kinds]).toEqual(['hello', [true]]);
  });

  it('makes one message of the pieces of a flush, and cuts no long piece', async () => {
    const sizes: number[] = [];
    const { port } = await serve((socket) => {
      socket.on('message', (message: Buffer) => {
        sizes.push(message.length);
        socket.send(message);
      });
    });
    const one = link(transport(), `ws -h 127.0.0.1 -p ${port}`);
    await one.connected();
    one.connection.writeAll([Buffer.from('a'), Buffer.from('bc'), Buffer.from('d')]);
    one.connection.writeAll([
      Buffer.alloc(200_000),
      Buffer.alloc(62_144),
      Buffer.alloc(1),
      Buffer.alloc(900_000),
      Buffer.alloc(2),
    ]);
    one.connection.writeAll([Buffer.from('only')]);
    await one.has('x'.repeat(4 + 262_144 + 1 + 900_000 + 2 + 4));
    expect(sizes).toEqual([4, 262_144, 1, 900_000, 2, 4]);
    expect(one.received.startsWith('abcd')).toBe(true);
  });

  it('takes messages cut anywhere, empty ones too, and answers pings', async () => {
    const ponged = new Promise((resolve) => {
      void serve((socket) => {
        socket.on('pong', resolve);
        socket.ping();
        for (const part of ['he', '', 'l', 'lo']) socket.send(Buffer.from(part));
      }).then(async ({ port }) => {
        const one = link(transport(), `ws -h 127.0.0.1 -p ${port}`);
        await one.has('hello');
        expect(one.received).toBe('hello');
        expect(one.chunks.every((chunk) => chunk.length > 0)).toBe(true);
      });
    });
    await ponged;
  });

  it('asks for the path of the endpoint, without compression', async () => {
    const { port, requests } = await serve();
    await link(transport(), `ws -h localhost -p ${port} -u /push/a?x=1`).connected();
    const headers = requests[0]?.headers ?? {};
    expect([requests[0]?.url, headers.host, headers.origin]).toEqual(['/push/a?x=1', `localhost:${port}`, undefined]);
    expect(headers['sec-websocket-extensions']).toBeUndefined();
  });

  it('asks for the name of the server, where the endpoint has one', async () => {
    const { port, requests } = await serve();
    // A browser looks it up itself: it goes to no other address.
    const address = isNode ? '127.0.0.1 -n push.example.com' : '127.0.0.1 -n localhost';
    await link(transport(), `ws -h ${address} -p ${port}`).connected();
    expect(requests[0]?.headers.host).toBe(`${isNode ? 'push.example.com' : 'localhost'}:${port}`);
  });

  it('connects over IPv6', async () => {
    const { port } = await serve(echo, 0, '::1');
    await link(transport(), `ws -h ::1 -p ${port}`).connected();
  });

  it('says when it has enough, and when the server has taken it', async () => {
    const { port, sockets } = await serve(() => undefined);
    const one = link(transport(), `ws -h 127.0.0.1 -p ${port}`);
    await one.connected();
    sockets[0]?.pause();
    const megabyte = Buffer.alloc(1024 * 1024);
    let written = 0;
    while (one.connection.write(megabyte)) expect(++written).toBeLessThan(100);
    expect(one.connection.waitingBytes).toBeGreaterThan(megabyte.length);
    expect(one.connection.write(Buffer.from('more'))).toBe(false);
    expect(one.drains).toBe(0);
    sockets[0]?.resume();
    await one.until(() => one.drains === 1);
    expect(one.connection.waitingBytes).toBeLessThanOrEqual(megabyte.length / 2);
    expect(one.connection.write(Buffer.from('on'))).toBe(true);
  });

  it('closes with 1000 behind what was written', async () => {
    const { port, sockets, closes } = await serve(() => undefined);
    const one = link(transport(), `ws -h 127.0.0.1 -p ${port}`);
    await one.connected();
    const came = once(sockets[0] as WebSocket, 'message');
    one.connection.write(Buffer.from('last'));
    one.connection.close();
    one.connection.write(Buffer.from('nothing'));
    expect(await one.closed()).toBeUndefined();
    expect(String((await came)[0])).toBe('last');
    await expect.poll(() => closes).toEqual(['1000']);
  });

  it('is released at once when it is destroyed, even if the server is stuck', async () => {
    const { port, sockets } = await serve(() => undefined);
    const one = link(transport(), `ws -h 127.0.0.1 -p ${port}`);
    await one.connected();
    sockets[0]?.pause();
    const begin = performance.now();
    one.connection.destroy();
    expect(await one.closed()).toBeUndefined();
    expect(performance.now() - begin).toBeLessThan(400);
    one.connection.write(Buffer.from('nothing'));
  });

  it('can be destroyed while it connects', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    const accepted = once(server, 'connection');
    const one = link(transport(), `ws -h 127.0.0.1 -p ${port}`);
    await accepted;
    one.connection.destroy();
    expect(await one.closed()).toBeUndefined();
    expect(one.events).toEqual(['close']);
  });

  it.each([
    [1000, '', 'no error'],
    [1001, 'moving', 'no error'],
    [
      1008,
      'not you',
      'the server closed the WebSocket with 1008 (policy violation: is this client allowed there?), saying "not you"',
    ],
    [1011, '', 'the server closed the WebSocket with 1011 (error in the server)'],
    [4321, 'own', 'the server closed the WebSocket with 4321, saying "own"'],
  ])('reads the close code %i %s', async (code, reason, text) => {
    const { port } = await serve((socket) => {
      socket.close(code, reason);
    });
    const one = link(transport(), `ws -h 127.0.0.1 -p ${port}`);
    expect(await one.failure()).toBe(text);
  });

  it('says when the connection ends without a close', async () => {
    const { port, sockets } = await serve();
    const one = link(transport(), `ws -h 127.0.0.1 -p ${port}`);
    await one.connected();
    sockets[0]?.terminate();
    expect(await one.failure()).toMatch(/without a close of the WebSocket \(1006\)|ECONNRESET/);
  });

  it('refuses text messages', async () => {
    const { port, closes } = await serve((socket) => {
      socket.send('text');
      socket.send(Buffer.from('binary'));
    });
    const one = link(transport(), `ws -h 127.0.0.1 -p ${port}`);
    expect(await one.failure()).toMatch(/^the server sent a text message.*\(1003\)/);
    expect(one.chunks).toEqual([]);
    await expect.poll(() => closes).toEqual([isNode ? '1003' : '4003']);
  });

  it('refuses messages above its limit, and waits for no server that does not close', async () => {
    const { port, sockets } = await serve((socket) => {
      socket.send(Buffer.alloc(1000));
      socket.send(Buffer.alloc(1001));
      // It never reads the close.
      socket.pause();
    });
    const one = link(transport(), `ws -h 127.0.0.1 -p ${port}`, optionsWith({ maxReceiveBytes: 1000 }));
    expect(await one.failure()).toMatch(/^the server sent a message above recvbufferlimit 1000 \(1009\)/);
    expect(one.received.length).toBe(1000);
    sockets[0]?.terminate();
  });

  it('says that nobody listens', async () => {
    const server = createTcpServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const one = link(transport(), `ws -h 127.0.0.1 -p ${port}`);
    const error = (await one.closed()) as NodeJS.ErrnoException;
    if (isNode) expect(error.code).toBe('ECONNREFUSED');
    else expect(error.message).toMatch(/^the WebSocket could not be opened \(close code 1006\)/);
    expect(one.events).toEqual(['close']);
  });
});

describe('WebSocketTransport in Node', () => {
  const failureAt = (port: number, flags = ''): Promise<string> =>
    link(new NodeTransport(), `ws -h 127.0.0.1 -p ${port}${flags}`).failure();

  it.each([
    [403, /^127\.0\.0\.1:\d+ answered 403 Forbidden to the WebSocket handshake for \/a: it refuses this client/],
    [404, /answered 404 Not Found to the WebSocket handshake for \/a: it has no WebSocket there: look at the flag -u/],
    [200, /answered 200 OK to the WebSocket handshake for \/a: is there a WebSocket\?/],
  ])('says what a server answered instead: %i', async (status, text) => {
    const port = await answering((_request, response) => {
      response.writeHead(status).end('no');
    });
    expect(await failureAt(port, ' -u /a')).toMatch(text);
  });

  it('does not follow redirects, and says where one leads to', async () => {
    const port = await answering((_request, response) => {
      response.writeHead(302, { location: 'http://evil.example/' }).end();
    });
    expect(await failureAt(port)).toMatch(
      /answered 302 Found .* it points to http:\/\/evil\.example\/, which is not followed/,
    );
  });

  it('says that a server speaks no HTTP, or hangs up', async () => {
    const talking = createTcpServer((socket) => socket.once('data', () => socket.write('SSH-2.0 hello\r\n')));
    expect(await failureAt(await listen(talking))).toMatch(
      /does not speak HTTP \(HPE_INVALID_CONSTANT\): is it a WebSocket/,
    );
    const leaving = createTcpServer((socket) => socket.once('data', () => socket.end()));
    const one = link(new NodeTransport(), `ws -h 127.0.0.1 -p ${await listen(leaving)}`);
    expect((await one.closed()) as NodeJS.ErrnoException).toMatchObject({ code: 'ECONNRESET' });
  });

  it('says that a server answers the handshake wrongly, or breaks the protocol', async () => {
    const wrong = createHttpServer();
    wrong.on('upgrade', (_request, socket) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
      );
    });
    expect(await failureAt(await listen(wrong))).toMatch(
      /handshake with .* failed: Invalid Sec-WebSocket-Accept header/,
    );
    const { port } = await serve((_socket, request) => {
      request.socket.write(Buffer.from([0xf2, 0x00]));
    });
    expect(await failureAt(port)).toMatch(/broke the WebSocket protocol \(WS_ERR_UNEXPECTED_RSV_2_3/);
  });

  it('connects over a Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tarsier-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    await serve(echo, join(folder, 's'));
    await link(new NodeTransport(), `ws -h ${join(folder, 's')} -p 0`).connected();
  });

  it('verifies the server of a wss endpoint before it asks for anything', async () => {
    const requests: string[] = [];
    const server = createHttpsServer({ cert: readFileSync(local.cert), key: readFileSync(local.key) });
    server.on('upgrade', ({ url }) => requests.push(url ?? ''));
    const { port } = await serve(echo, 0, undefined, server);
    const endpoint = `wss -h 127.0.0.1 -p ${port} -u /secret`;
    const refused = link(new NodeTransport(), endpoint);
    expect(await refused.failure()).toMatch(
      /^the certificate of 127\.0\.0\.1:\d+ is signed by nobody that is trusted here/,
    );
    expect(causeCode(refused.error)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(requests).toEqual([]);
    const one = link(new NodeTransport(), endpoint, optionsWith({ tls: { ca: authority.ca } }));
    await one.connected();
    one.connection.write(Buffer.from('hello'));
    await one.has('hello');
    expect(requests).toEqual(['/secret']);
    expect(() => link(new NodeTransport(), endpoint, optionsWith({ tls: { ca: '/no/ca' } }))).toThrow(
      /the property ca/,
    );
  });

  it('can be destroyed in the TLS handshake', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    const accepted = once(server, 'connection');
    const one = link(new NodeTransport(), `wss -h 127.0.0.1 -p ${port}`);
    const [socket] = (await accepted) as [Socket];
    one.connection.destroy();
    expect(await one.closed()).toBeUndefined();
    await new Promise((resolve) => {
      socket.once('close', resolve).resume();
    });
  });
});

describe('WebSocketTransport in a browser', () => {
  it('refuses environments without WebSocket', () => {
    vi.stubGlobal('WebSocket', undefined);
    cleanups.push(() => vi.unstubAllGlobals());
    expect(() => link(new WebTransport(), 'ws -h a -p 1')).toThrow(/has no WebSocket/);
  });
});

describe('ServantProxy over WebSocket', () => {
  function proxyTo(port: number, transport?: Transport) {
    const communicator = new Communicator({}, transport === undefined ? {} : { transports: [transport] });
    cleanups.push(() => communicator.terminate());
    return communicator.stringToProxy(`Test.Echo.EchoObj@ws -h 127.0.0.1 -p ${port}`).setProtocol(idProtocol);
  }

  it.each(kinds)('calls in %s, with packets cut anywhere and more than the sockets hold', async (_kind, transport) => {
    const { port } = await serve((socket) => {
      socket.on('message', (message: Buffer) => {
        for (let at = 0; at < message.length; at += 100_003) socket.send(message.subarray(at, at + 100_003));
      });
    });
    const proxy = proxyTo(port, transport());
    const large = 'x'.repeat(900_000);
    const bodies = ['a', 'b', `c${large}`, `d${large}`, 'e', `f${large}`, `g${large}`];
    const answers = await Promise.all(bodies.map((body) => proxy.rpcCall(proxy.genRequestId(), 'f', body)));
    expect(answers.map(({ sBuffer }) => [sBuffer.toString()[0], sBuffer.length])).toEqual(
      bodies.map((body) => [body[0], body.length]),
    );
  });

  it('says in the exception of the call what the server answered', async () => {
    const port = await answering((_request, response) => {
      response.writeHead(403).end();
    });
    const proxy = proxyTo(port);
    const error = await failureOf(proxy.rpcCall(proxy.genRequestId(), 'f', ''));
    expect(error.code).toBe('TARSIER_CONNECT_FAILED');
    expect(error.message).toMatch(
      /could not connect to ws .* answered 403 Forbidden to the WebSocket handshake for \//,
    );
  });
});
