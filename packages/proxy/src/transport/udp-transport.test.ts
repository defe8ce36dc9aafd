import { createSocket, type RemoteInfo, Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { idProtocol, packet, packetsOf } from '../call/id-protocol.testkit.js';
import { Communicator } from '../communicator.js';
import { failureOf, settled } from '../memory-client.testkit.js';
import { causeCode, optionsWith, TestLink } from './handlers.testkit.js';
import { UdpTransport } from './udp-transport.js';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Server {
  readonly socket: Socket;
  readonly port: number;
  /** Of each datagram that came: its size. */
  readonly sizes: number[];
  stop(): Promise<void>;
}

async function serve(
  answer: (socket: Socket, datagram: Buffer, from: RemoteInfo) => void = () => undefined,
  host = '127.0.0.1',
): Promise<Server> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const sizes: number[] = [];
  socket.on('message', (datagram, from) => {
    sizes.push(datagram.length);
    answer(socket, datagram, from);
  });
  socket.bind(0, host);
  await once(socket, 'listening');
  let isOpen = true;
  const stop = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  };
  cleanups.push(stop);
  return { socket, port: socket.address().port, sizes, stop };
}

const echo = (socket: Socket, datagram: Buffer, { port, address }: RemoteInfo): void => {
  socket.send(datagram, port, address);
};

function link(port: number, host = '127.0.0.1'): TestLink {
  const one = new TestLink(new UdpTransport(), `udp -h ${host} -p ${port}`);
  cleanups.push(() => {
    one.connection.destroy();
  });
  return one;
}

describe('UdpTransport', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['127.0.0.1', 'localhost'],
  ])(
    'sends each write as one datagram, and each that comes is one chunk (server %s, endpoint %s)',
    async (at, host) => {
      const server = await serve(echo, at);
      const one = link(server.port, host);
      await one.connected();
      one.connection.write(Buffer.from('a'));
      one.connection.writeAll([Buffer.from('bb'), Buffer.from(''), Buffer.from('ccc')]);
      await one.until(() => one.chunks.length === 4);
      expect(one.chunks.map(String)).toEqual(['a', 'bb', '', 'ccc']);
      expect(server.sizes).toEqual([1, 2, 0, 3]);
    },
  );

  it('takes the largest datagram that there is, and says how large that is', async () => {
    const server = await serve(echo);
    const one = link(server.port);
    expect([one.connection.isDatagram, one.connection.maxDatagramBytes]).toEqual([true, 65_507]);
    await one.connected();
    one.connection.write(Buffer.alloc(65_507, 1));
    await one.until(() => one.chunks.length === 1);
    expect(one.chunks[0]).toEqual(Buffer.alloc(65_507, 1));
  });

  it('ends with words when more is written than a datagram holds', async () => {
    const server = await serve(echo);
    const one = link(server.port);
    await one.connected();
    one.connection.write(Buffer.alloc(65_508));
    expect(await one.failure()).toMatch(
      /a datagram to 127\.0\.0\.1:\d+ was larger than this system sends \(EMSGSIZE\)/,
    );
  });

  it('takes nothing from others than the server', async () => {
    let from: RemoteInfo | undefined;
    const server = await serve((socket, datagram, remote) => {
      from = remote;
      echo(socket, datagram, remote);
    });
    const other = await serve();
    const one = link(server.port);
    await one.connected();
    one.connection.write(Buffer.from('a'));
    await one.has('a');
    await new Promise((resolve) => {
      other.socket.send('forged', from?.port ?? 0, '127.0.0.1', resolve);
    });
    one.connection.write(Buffer.from('b'));
    await one.has('ab');
    expect(one.received).toBe('ab');
  });

  it('ends when the host says that nobody listens', async () => {
    const server = await serve();
    await server.stop();
    const one = link(server.port);
    await one.connected();
    one.connection.write(Buffer.from('a'));
    expect(await one.failure()).toMatch(/^nobody listens on UDP 127\.0\.0\.1:\d+ \(ECONNREFUSED\)$/);
    expect(causeCode(one.error)).toBe('ECONNREFUSED');
  });

  it('sends what it has taken before it closes, and nothing after', async () => {
    const server = await serve();
    const one = link(server.port);
    await one.connected();
    const came = once(server.socket, 'message');
    one.connection.write(Buffer.from('last'));
    one.connection.close();
    expect(one.connection.write(Buffer.from('too late'))).toBe(true);
    expect(await one.closed()).toBeUndefined();
    await came;
    expect(server.sizes).toEqual([4]);
  });

  it('stays open while the kernel has not taken everything', async () => {
    const server = await serve();
    const one = link(server.port);
    await one.connected();
    // Loopback takes everything at once: a kernel that does not is played.
    let taken: ((error: Error | null) => void) | undefined;
    const send = vi.spyOn(Socket.prototype, 'send').mockImplementation((_bytes: unknown, done: unknown) => {
      taken = done as typeof taken;
    });
    cleanups.push(() => send.mockRestore());
    one.connection.write(Buffer.from('slow'));
    one.connection.close();
    // A socket that is closed says so in the next turn.
    for (let turn = 0; turn < 5; turn++) await settled();
    expect(one.events).toEqual(['connect']);
    taken?.(null);
    expect(await one.closed()).toBeUndefined();
  });

  it('can be destroyed before its name is looked up, and twice', async () => {
    const one = link(9, 'localhost');
    one.connection.destroy();
    one.connection.destroy();
    expect(await one.closed()).toBeUndefined();
    expect(one.events).toEqual(['close']);
  });

  it('says that a name is unknown', async () => {
    const one = link(9, 'no-such-name.invalid');
    expect(Reflect.get((await one.closed()) as Error, 'code')).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it('says that it has enough when the kernel takes no more, and when it does again', async () => {
    const server = await serve();
    const one = link(server.port);
    await one.connected();
    // Loopback takes everything: what waits is played.
    const waiting = vi.spyOn(Socket.prototype, 'getSendQueueSize').mockReturnValue(262_145);
    cleanups.push(() => waiting.mockRestore());
    expect(one.connection.writeAll([Buffer.from('a'), Buffer.from('b')])).toBe(false);
    expect(one.connection.waitingBytes).toBe(262_145);
    waiting.mockReturnValue(131_072);
    await one.until(() => one.drains === 1);
    expect(one.connection.write(Buffer.from('c'))).toBe(true);
    await expect.poll(() => server.sizes.length).toBe(3);
    expect(one.drains).toBe(1);
  });

  it('refuses forward proxies and Unix sockets in words', () => {
    const forwardProxy = { type: 'socks5', host: 'a', port: 1 } as const;
    const through = () => new TestLink(new UdpTransport(), 'udp -h a -p 1', optionsWith({ forwardProxy }));
    expect(through).toThrow(
      /datagrams cannot go through a proxy of type socks5: call over tcp, or give this object none/,
    );
    expect(() => link(0, '/tmp/x')).toThrow(/a udp endpoint needs a port/);
  });
});

describe('ServantProxy over UDP', () => {
  const answerPackets = (socket: Socket, datagram: Buffer, { port, address }: RemoteInfo): void => {
    for (const { id, body } of packetsOf(datagram).packets) socket.send(packet(id, body), port, address);
  };

  function proxyTo(port: number) {
    const communicator = new Communicator();
    cleanups.push(() => communicator.terminate());
    return communicator.stringToProxy(`Test.Echo.EchoObj@udp -h 127.0.0.1 -p ${port}`).setProtocol(idProtocol);
  }

  it('calls, each call in a datagram of its own', async () => {
    const server = await serve(answerPackets);
    const proxy = proxyTo(server.port);
    const bodies = Array.from({ length: 20 }, (_, i) => `call ${i}`);
    const answers = await Promise.all(bodies.map((body) => proxy.rpcCall(proxy.genRequestId(), 'f', body)));
    expect(answers.map(({ sBuffer }) => sBuffer.toString())).toEqual(bodies);
    expect(server.sizes).toHaveLength(20);
  });

  it('fails a call that is too large for a datagram, and no other', async () => {
    const proxy = proxyTo((await serve(answerPackets)).port);
    const error = await failureOf(proxy.rpcCall(proxy.genRequestId(), 'f', 'x'.repeat(65_507 - 7)));
    expect([error.code, error.where.limit]).toEqual(['TARSIER_PACKET_TOO_LARGE', 65_507]);
    const fits = await proxy.rpcCall(proxy.genRequestId(), 'f', 'x'.repeat(65_507 - 8));
    expect(fits.sBuffer.length).toBe(65_499);
  });

  it('fails a call at once when nobody listens', async () => {
    const server = await serve(answerPackets);
    await server.stop();
    const proxy = proxyTo(server.port);
    const begin = performance.now();
    const error = await failureOf(proxy.rpcCall(proxy.genRequestId(), 'f', ''));
    expect(performance.now() - begin).toBeLessThan(2000);
    expect(error.code).toBe('TARSIER_CONNECTION_LOST');
    expect(error.message).toMatch(/nobody listens on UDP 127\.0\.0\.1:\d+/);
  });
});
