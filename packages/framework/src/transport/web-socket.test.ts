import { once } from 'node:events';
import { Communicator } from '@tarsier/proxy';
import { array, assert, asyncProperty, integer, string } from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { type CertificatePair, LOCAL_NAMES, TestAuthority } from '../../../../test/support/certificates.js';
import { CloseType } from '../close-type.js';
import type { AdapterSection } from '../config/application-config.js';
import { client, destroyClients, frame } from '../raw-client.testkit.js';
import { type Behaviour, calls, framing, startServer, stopServers, type TestServer } from '../test-server.testkit.js';

let authority: TestAuthority;
let certificate: CertificatePair;
const sockets: WebSocket[] = [];
const communicators: Communicator[] = [];

beforeAll(async () => {
  authority = await TestAuthority.create();
  certificate = await authority.issue({ name: 'localhost', names: LOCAL_NAMES });
});

afterAll(() => authority.remove());

afterEach(async () => {
  await Promise.all(communicators.splice(0).map((communicator) => communicator.terminate()));
  for (const socket of sockets.splice(0)) socket.terminate();
  destroyClients();
  await stopServers();
});

function serve(
  section: Partial<AdapterSection> & { idle?: number } = {},
  behaviour: Behaviour = {},
): Promise<TestServer> {
  const { idle = 60_000, ...rest } = section;
  return startServer(behaviour, { endpoint: `ws -h 127.0.0.1 -p 0 -t ${idle} -u /api`, ...rest });
}

/** A client of the package `ws`, connected. */
async function open(port: number, options: ClientOptions = {}, path = '/api'): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
  sockets.push(socket);
  await once(socket, 'open');
  return socket;
}

/** What becomes of one that is not let in. */
async function refused(port: number, options: ClientOptions = {}, path = '/api'): Promise<string> {
  return open(port, options, path).then(
    () => 'open',
    (error: unknown) => (error as Error).message,
  );
}

/** The bytes that come until there are so many. */
function take(socket: WebSocket, length: number): Promise<Buffer> {
  let received: Buffer = Buffer.alloc(0);
  return new Promise((resolve) => {
    const collect = (data: Buffer): void => {
      received = Buffer.concat([received, data]);
      if (received.length < length) return;
      socket.off('message', collect);
      resolve(received);
    };
    socket.on('message', collect);
  });
}

async function closeOf(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}

const proxyTo = (endpoint: string, properties = {}) => {
  const communicator = new Communicator(properties);
  communicators.push(communicator);
  return communicator.stringToProxy(`T.S.Obj@${endpoint}`).setProtocol(framing.proxyProtocol);
};

describe('WebSocket', () => {
  it('carries calls of a proxy with the protocol of TCP', async () => {
    const { port } = await serve();
    const proxy = proxyTo(`ws -h 127.0.0.1 -p ${port} -u /api`);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => proxy.rpcCall(proxy.genRequestId(), 'f', `${i}`)),
    );
    expect(answers.map(({ sBuffer }) => sBuffer.toString())).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`));
  });

  it('carries calls over TLS', async () => {
    const { port } = await serve({ endpoint: 'wss -h 127.0.0.1 -p 0 -t 60000', ...certificate });
    const proxy = proxyTo(`wss -h 127.0.0.1 -p ${port}`, { ca: authority.ca });
    expect((await proxy.rpcCall(proxy.genRequestId(), 'f', 'hello')).sBuffer.toString()).toBe('hello');
  });

  it('sees one stream of bytes, however messages cut it', async () => {
    const { port } = await serve();
    const socket = await open(port);
    await assert(
      asyncProperty(
        array(string({ maxLength: 40 }), { minLength: 1, maxLength: 6 }),
        array(integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 }),
        async (bodies, cuts) => {
          const stream = Buffer.concat(bodies.map((body, i) => frame(i + 1, body)));
          const answer = take(socket, stream.length);
          let at = 0;
          for (let i = 0; at < stream.length; i++) {
            const size = cuts[i % cuts.length] ?? 1;
            socket.send(stream.subarray(at, at + size));
            // An empty message is one too, but the end has to come.
            if (size === 0) socket.send(stream.subarray(at, at + 1));
            at += Math.max(1, size);
          }
          expect(await answer).toEqual(stream);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('sees one stream of bytes also in the fragments of one message', async () => {
    const { port } = await serve();
    const socket = await open(port);
    const bytes = frame(7, 'in three fragments');
    socket.send(bytes.subarray(0, 3), { fin: false, binary: true });
    socket.send(bytes.subarray(3, 4), { fin: false, binary: true });
    socket.send(bytes.subarray(4), { fin: true, binary: true });
    expect(await take(socket, bytes.length)).toEqual(bytes);
  });

  it('sends the answers to one message in one message', async () => {
    const { port } = await serve();
    const socket = await open(port);
    socket.send(Buffer.concat([frame(1, 'a'), frame(2, 'b'), frame(3, 'c')]));
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(data).toEqual(Buffer.concat([frame(1, 'a'), frame(2, 'b'), frame(3, 'c')]));
  });

  it('refuses text with 1003, and takes it where that is configured', async () => {
    const closes = calls<number>(1);
    const behaviour: Behaviour = { doClose: (current) => closes.call(current.getCloseType()) };
    const strict = await serve({}, behaviour);
    const first = await open(strict.port);
    first.send(frame(1, 'x').toString('latin1'));
    expect(await closeOf(first)).toBe(1003);
    expect(await closes.all).toEqual([CloseType.EM_PROTOCOL_ERROR_CLOSE]);
    expect(strict.app.getBindAdapter('Obj')?.counters.protocolErrors).toBe(1);
    const open_ = await serve({ wstext: true });
    const second = await open(open_.port);
    second.send(frame(1, 'x').toString('latin1'));
    expect(await take(second, 9)).toEqual(frame(1, 'x'));
  });

  it('refuses messages that are too large with 1009', async () => {
    const { port } = await serve({ wsmaxmessage: 1000 });
    const socket = await open(port);
    socket.send(Buffer.alloc(1001));
    expect(await closeOf(socket)).toBe(1009);
  });

  it('answers other paths with 404, and plain HTTP with 426', async () => {
    const { port } = await serve();
    expect(await refused(port, {}, '/')).toMatch(/404/);
    const plain = await fetch(`http://127.0.0.1:${port}/api`);
    expect([plain.status, plain.headers.get('upgrade')]).toEqual([426, 'websocket']);
    await plain.text();
    expect(await refused(port)).toBe('open');
  });

  it('lets pages of listed origins in, and no others; not even those of the host that is asked', async () => {
    const { port, app } = await serve({ origins: 'https://a.example; https://*.b.example' });
    expect(await refused(port)).toBe('open');
    expect(await refused(port, { origin: 'https://a.example' })).toBe('open');
    expect(await refused(port, { origin: 'https://www.b.example:443' })).toBe('open');
    const others = ['http://a.example', 'https://b.example', 'null', `http://127.0.0.1:${port}`];
    for (const origin of others) expect(await refused(port, { origin })).toMatch(/403/);
    // A name that was bound anew to this server.
    const rebound = { origin: `http://evil.example:${port}`, host: `evil.example:${port}` };
    expect(await refused(port, { headers: rebound })).toMatch(/403/);
    expect(app.getBindAdapter('Obj')?.counters.handshakesFailed).toBe(5);
    const anybody = await serve({ origins: '*' });
    expect(await refused(anybody.port, { origin: 'https://evil.example' })).toBe('open');
  });

  it('lets pages of the host that is asked in where no origins are listed', async () => {
    const { port } = await serve();
    expect(await refused(port, { origin: `http://127.0.0.1:${port}` })).toBe('open');
    const headers = { origin: 'https://www.example.org', host: 'www.example.org:443' };
    expect(await refused(port, { headers })).toBe('open');
    expect(await refused(port, { headers: { ...headers, host: 'www.example.org:80' } })).toMatch(/403/);
    expect(await refused(port, { origin: 'https://evil.example' })).toMatch(/403/);
  });

  it('serves only the names in hosts, whatever the origin', async () => {
    const { port } = await serve({ hosts: 'www.example.org; 127.0.0.1' });
    expect(await refused(port)).toBe('open');
    expect(await refused(port, { headers: { host: 'www.example.org' } })).toBe('open');
    expect(await refused(port, { headers: { host: 'evil.example' } })).toMatch(/421/);
    expect(await refused(port, { headers: { host: 'evil.example', origin: 'http://evil.example' } })).toMatch(/421/);
  });

  it('takes the host of a target in absolute form for the one that is asked', async () => {
    const { port } = await serve({ hosts: 'a.example' });
    const statusOf = async (url: string): Promise<string> => {
      const raw = await client(port);
      raw.send(
        `GET ${url} HTTP/1.1\r\nHost: b.example\r\nOrigin: http://a.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
      );
      return (await raw.take(12)).toString().slice(9);
    };
    expect(await statusOf('http://a.example/api')).toBe('101');
    expect(await statusOf('http://c.example/api')).toBe('421');
    expect(await statusOf('/api')).toBe('421');
    expect(await statusOf('http://a.example/other')).toBe('404');
    expect(await statusOf('ftp://a.example/api')).toBe('400');
  });

  it.each([
    ['origins', 'a.example'],
    ['origins', 'https://a.example/path'],
    ['origins', 'null'],
    ['origins', ';'],
    ['hosts', 'https://a.example'],
    ['hosts', '*'],
  ])('does not start with %s = %s', async (key, value) => {
    await expect(serve({ [key]: value })).rejects.toMatchObject({
      code: 'TARSIER_CONFIG_INVALID',
      where: { key: `/tars/application/server/ObjAdapter<${key}>` },
    });
  });

  it.each(['origins', 'hosts'])('does not start with %s where there is no WebSocket to restrict', async (key) => {
    const value = { origins: 'https://a.example', hosts: 'a.example' }[key];
    await expect(startServer({}, { [key]: value })).rejects.toMatchObject({ code: 'TARSIER_CONFIG_INVALID' });
  });

  it('closes peers that do not answer pings, and only those', async () => {
    const closes = calls<number>(1);
    const { port, app } = await serve({ wsping: 50 }, { doClose: (current) => closes.call(current.getUId()) });
    const good = await open(port);
    const bad = await open(port, { autoPong: false });
    expect(await closeOf(bad)).toBe(1006);
    await closes.all;
    const bytes = frame(1, 'still here');
    good.send(bytes);
    expect(await take(good, bytes.length)).toEqual(bytes);
    expect(app.getBindAdapter('Obj')?.getNowConnection()).toBe(1);
  });

  it('closes peers that send nothing, pings or not', async () => {
    const { port } = await serve({ wsping: 20, idle: 200 });
    const socket = await open(port);
    expect(await closeOf(socket)).toBe(1000);
  });

  it('does not let a peer that never reads fill the memory', async () => {
    const closes = calls<number>(1);
    const { port } = await serve(
      { backpacketlimit: 1_000_000 },
      {
        doRequest: (current) => {
          current.setResponse(false);
          const packet = framing.encode(Buffer.alloc(60_000), 0);
          const push = () => {
            if (current.sendResponse(packet)) setImmediate(push);
          };
          push();
          return 0;
        },
        doClose: (current) => closes.call(current.getCloseType()),
      },
    );
    const socket = await open(port);
    socket.pause();
    socket.send(frame(1, 'push to me'));
    expect(await closes.all).toEqual([CloseType.EM_FLOW_CONTROL_CLOSE]);
  });

  it('refuses more than maxconns with 1013, or not at all in the handshake', async () => {
    const { port } = await serve({ maxconns: 1 });
    await open(port);
    expect(await refused(port)).not.toBe('open');
  });

  it('ends peers that do not finish the handshake', async () => {
    const { port } = await serve({ handshaketimeout: 300 });
    const silent = await client(port);
    const half = await client(port);
    half.send('GET /api HTTP/1.1\r\nHost: x\r\nUpgr');
    await Promise.all([silent.closed(), half.closed()]);
    expect(await refused(port)).toBe('open');
  });

  it('survives what is no WebSocket frame', async () => {
    const closes = calls<number>(1);
    const { port } = await serve({}, { doClose: (current) => closes.call(current.getCloseType()) });
    const raw = await client(port);
    raw.send(
      'GET /api HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    await raw.take(20);
    // A frame of a client must be masked.
    raw.send(Buffer.from([0x82, 0x01, 0x41]));
    await raw.closed();
    expect(await closes.all).toEqual([CloseType.EM_PROTOCOL_ERROR_CLOSE]);
    expect(await refused(port)).toBe('open');
  });

  it('does not negotiate compression', async () => {
    const { port } = await serve();
    const socket = await open(port, { perMessageDeflate: true });
    expect(socket.extensions).toBe('');
  });

  it('is ended with a close frame by the end of the application, after what runs', async () => {
    let answer: () => void = () => {};
    const closes = calls<number>(1);
    const started = calls<boolean>(1);
    const { port, app } = await serve(
      {},
      {
        doRequest: (current, response) => {
          started.call(true);
          return new Promise((resolve) => {
            answer = () => {
              response.assign(current.getRequestVector());
              resolve(0);
            };
          });
        },
        doClose: (current) => closes.call(current.getCloseType()),
      },
    );
    const socket = await open(port);
    const bytes = frame(1, 'late');
    socket.send(bytes);
    await started.all;
    const ended = app.terminate();
    answer();
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(data).toEqual(bytes);
    expect(await closeOf(socket)).toBe(1000);
    await ended;
    expect(await closes.all).toEqual([CloseType.EM_SHUTDOWN_CLOSE]);
  });
});
