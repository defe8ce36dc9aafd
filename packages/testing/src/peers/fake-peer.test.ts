import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { LabError } from '../lab-error.js';
import { MemoryNetwork } from '../network/memory-network.js';
import { VirtualTime } from '../time/virtual-time.js';
import { type FakePeer, fakeClient, fakeServer, type ScriptWriter } from './fake-peer.js';
import { hex } from './hex.js';

const open: FakePeer[] = [];

afterEach(() => {
  for (const peer of open.splice(0)) peer.close();
});

/** The same peers, on real sockets and in memory. */
const places = [
  {
    name: 'real sockets',
    make: () => ({ network: {}, run: <T>(promise: Promise<T>) => promise }),
  },
  {
    name: 'memory',
    make: () => {
      const network = new MemoryNetwork({ time: new VirtualTime() });
      return { network: { network }, run: <T>(promise: Promise<T>) => network.time.runUntil(promise) };
    },
  },
];

describe.each(places)('fake peers on $name', ({ make }) => {
  async function pair(
    server: ScriptWriter | readonly ScriptWriter[],
    client: ScriptWriter,
    timeoutMs = 2000,
  ): Promise<{ server: Promise<void>; client: Promise<void>; servers: FakePeer; clients: FakePeer }> {
    const { network, run } = make();
    const servers = await run(fakeServer({ script: server, timeoutMs, ...network }));
    open.push(servers);
    const clients = await run(fakeClient(servers.endpoint, client, { timeoutMs, ...network }));
    open.push(clients);
    const both = run(Promise.allSettled([servers.done(), clients.done()]));
    const at = (index: 0 | 1) =>
      both.then((results) => {
        const result = results[index];
        if (result.status === 'rejected') throw result.reason;
      });
    const peers = { server: at(0), client: at(1), servers, clients };
    peers.server.catch(() => {});
    peers.client.catch(() => {});
    return peers;
  }

  it('follow their scripts', async () => {
    const { server, client, servers, clients } = await pair(
      (s) =>
        s
          .expect(hex('00 00 00 05 41'))
          .send((taken) => taken.subarray(4))
          .expect('bye')
          .sendSlowly('slow', { every: 5 })
          .stall(5)
          .expectEnd()
          .end(),
      (s) =>
        s
          .send(hex('00000005 41'))
          .expect('A')
          .send('bye!'.slice(0, 3))
          .expect((received) => (received.length < 4 ? 0 : 4))
          .end()
          .expectEnd(),
    );
    await server;
    await client;
    expect(servers.received().toString('latin1')).toBe('\0\0\0\x05Abye');
    expect(clients.received().toString()).toBe('Aslow');
  });

  it('show the byte that differs', async () => {
    const { server } = await pair(
      (s) => s.expect('0123456789abcdefghij'),
      (s) => s.send('0123456789abcdeFghij'),
    );
    const error = (await server.catch((error: unknown) => error)) as LabError;
    expect(error.message).toBe(
      [
        'fake server, connection 1, step 1 of 1 (expect 20 bytes): byte 15 differs',
        '  expected      0  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66',
        '  received      0  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 46',
        '                                                                ^^ byte 15',
        '  expected     16  67 68 69 6a',
        '  received     16  67 68 69 6a',
      ].join('\n'),
    );
  });

  it('tell of an end in the middle, and of bytes instead of the end', async () => {
    const ended = await pair(
      (s) => s.expect('hello'),
      (s) => s.send('hel').end(),
    );
    await expect(ended.server).rejects.toThrow(
      /the other side has ended\n {2}expected 68 65.*\n {2}received 68 65 6c {2}\|hel\|/,
    );
    const more = await pair(
      (s) => s.expectEnd(),
      (s) => s.send('x'),
    );
    await expect(more.server).rejects.toThrow('bytes came instead');
  });

  it('tell of a reset', async () => {
    const { server, client } = await pair(
      (s) => s.expect('a').reset(),
      (s) => s.send('a').expect('b'),
    );
    await server;
    await expect(client).rejects.toThrow(/step 2 of 2 \(expect 1 byte\): the connection broke.*ECONNRESET/);
  });

  it('tell which step of an unfinished script waits', async () => {
    const { server, client } = await pair(
      (s) => s.expect('ab').send('never'),
      (s) => s.send('a'),
      100,
    );
    await client;
    await expect(server).rejects.toThrow(
      'fake server, connection 1, step 1 of 2 (expect 2 bytes): unfinished\n  expected 61 62  |ab|\n  received 61  |a|',
    );
  });

  it('have a script for each connection, and miss or refuse others', async () => {
    const { network, run } = make();
    const server = await run(
      fakeServer({ script: [(s) => s.send('1').close(), (s) => s.send('2').close()], timeoutMs: 100, ...network }),
    );
    open.push(server);
    const next = async (text: string) => {
      const client = await run(fakeClient(server.endpoint, (s) => s.expect(text).expectEnd().close(), network));
      open.push(client);
      await run(client.done());
    };
    await next('1');
    await expect(run(server.done())).rejects.toThrow('fake server: 1 of 2 connections came');
    await next('2');
    await run(server.done());
    await expect(next('3')).rejects.toThrow();
    await expect(run(server.done())).rejects.toThrow('connection 3 has no script; there are 2');
    expect(server.connections).toBe(3);
  });

  it('may stop reading', async () => {
    const total = 8_000_000;
    const { server, client } = await pair(
      (s) =>
        s
          .stopReading()
          .stall(20)
          .readOn()
          .expect((received) => (received.length < total ? 0 : total))
          .send('all'),
      (s) => s.send(new Uint8Array(total)).expect('all'),
      // It is much, and a busy machine takes its time.
      20_000,
    );
    await server;
    await client;
  }, 30_000);

  it('are refused where nobody listens', async () => {
    const { network, run } = make();
    const server = await run(fakeServer({ script: (s) => s, ...network }));
    server.close();
    await expect(run(fakeClient(server.endpoint, (s) => s, network))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('fake peers', () => {
  it('talk to sockets that are none of theirs', async () => {
    const server = await fakeServer({ script: (s) => s.expect('ping').send('pong').close() });
    open.push(server);
    const socket = connect(Number(/-p (\d+)/.exec(server.endpoint)?.[1]), '127.0.0.1');
    socket.write('ping');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toBe('pong');
    await server.done();

    const real = createServer((socket) => socket.end('hi')).listen(0, '127.0.0.1');
    await once(real, 'listening');
    const address = real.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const client = await fakeClient(`tcp -h 127.0.0.1 -p ${port}`, (s) => s.expect('hi').expectEnd().end());
    open.push(client);
    await client.done();
    real.close();
  });

  it('hex refuses what is none', () => {
    expect(hex(' 00 fF\n10')).toEqual(Uint8Array.of(0, 255, 16));
    expect(() => hex('0')).toThrow(RangeError);
    expect(() => hex('0g')).toThrow(RangeError);
  });
});
