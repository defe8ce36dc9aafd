import type {
  Acceptor,
  Listening,
  TransportConnection,
  TransportHandlers,
  Wire,
  WireHandlers,
} from '@tarsier/framework';
import { Endpoint } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../time/virtual-time.js';
import { MemoryNetwork, type MemoryNetworkOptions } from './memory-network.js';

const AT = 'tcp -h a -p 1';

/** One side: what it was told, in order. */
class Peer {
  readonly log: string[] = [];
  readonly times: number[] = [];
  readonly chunks: Buffer[] = [];
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  tell(what: string): void {
    this.log.push(what);
    this.times.push(this.#time.now());
  }

  data(bytes: Uint8Array): void {
    this.chunks.push(Buffer.from(bytes));
    this.tell(`data ${bytes.length}`);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

function codeOf(error: Error): string {
  return String('code' in error ? error.code : error.message);
}

function setUp(options: Partial<MemoryNetworkOptions> = {}) {
  const time = new VirtualTime();
  const network = new MemoryNetwork({ time, seed: 7, ...options });
  const wires: Wire[] = [];
  const servers: Peer[] = [];
  const from: string[] = [];
  let isRefusing = false;
  let echo = false;
  const listen = async (endpoint = AT): Promise<Listening> => {
    const acceptor = {
      config: { endpoint: Endpoint.parse(endpoint) },
      accept: (wire: Wire, ip: string): WireHandlers | undefined => {
        from.push(ip);
        if (isRefusing) return undefined;
        const peer = new Peer(time);
        wires.push(wire);
        servers.push(peer);
        return {
          receive: (chunk) => {
            peer.data(chunk);
            if (echo) wire.write(chunk);
          },
          peerEnded: () => peer.tell('end'),
          drained: () => peer.tell('drain'),
          wireFailed: (error) => peer.tell(codeOf(error)),
          wireClosed: () => peer.tell('closed'),
        };
      },
      datagram: (bytes: Uint8Array, ip: string, _port: number, reply: (bytes: Uint8Array) => boolean) => {
        from.push(`${ip} ${Buffer.from(bytes).toString()}`);
        reply(bytes);
      },
      failed: () => {},
    } as unknown as Acceptor;
    return network.serverTransport.listen(acceptor);
  };
  const connect = (endpoint = AT, transport = network.transport): { peer: Peer; connection: TransportConnection } => {
    const peer = new Peer(time);
    const handlers: TransportHandlers = {
      onConnect: () => peer.tell('connect'),
      onData: (chunk) => peer.data(chunk),
      onDrain: () => peer.tell('drain'),
      onEnd: () => peer.tell('end'),
      onClose: (error) => peer.tell(`close ${error === undefined ? 'wanted' : codeOf(error)}`),
    };
    const connection = transport.connect(Endpoint.parse(endpoint), handlers, undefined as never);
    return { peer, connection };
  };
  const open = async () => {
    await listen();
    const client = connect();
    await time.advance(0);
    const [wire, server] = [wires.at(-1), servers.at(-1)];
    const link = network.connections().at(-1);
    if (wire === undefined || server === undefined || link === undefined) throw new Error('not connected');
    return { ...client, wire, server, link };
  };
  return {
    time,
    network,
    wires,
    servers,
    from,
    listen,
    connect,
    open,
    refuse: () => {
      isRefusing = true;
    },
    echo: () => {
      echo = true;
    },
  };
}

describe('connecting', () => {
  it('is refused where nobody listens, and the error tells the seed', async () => {
    const { time, network } = setUp();
    let error: Error | undefined;
    const handlers = { onClose: (cause?: Error) => (error = cause) } as unknown as TransportHandlers;
    network.transport.connect(Endpoint.parse(AT), handlers, undefined as never);
    expect(error).toBeUndefined();
    await time.advance(0);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    expect(error?.message).toContain('seed 7');
    expect(network.links()).toEqual([]);
  });

  it('takes a round trip, and nothing is called from within', async () => {
    const { time, network, listen, connect, servers } = setUp();
    network.on().latency(10);
    await listen();
    const { peer, connection } = connect();
    connection.write(Buffer.from('early'));
    expect(peer.log).toEqual([]);
    await time.advance(19);
    expect(peer.log).toEqual([]);
    await time.advance(1);
    expect(peer.log).toEqual(['connect']);
    await time.advance(10);
    expect(servers[0]?.log).toEqual(['data 5']);
  });

  it('chooses ports, refuses one that is taken, and frees it', async () => {
    const { time, network, listen, connect } = setUp();
    const chosen = await listen('tcp -h 127.0.0.1 -p 0');
    const again = await listen('tcp -h 127.0.0.1 -p 0');
    expect(chosen.endpoint.port).toBeGreaterThan(0);
    expect(again.endpoint.port).not.toBe(chosen.endpoint.port);
    await expect(listen(chosen.endpoint.toString())).rejects.toMatchObject({ code: 'EADDRINUSE' });
    chosen.close();
    const { peer } = connect(chosen.endpoint.toString());
    await time.advance(0);
    expect(peer.log).toEqual(['close ECONNREFUSED']);
    expect(network.listening()).toEqual([again.endpoint]);
  });

  it('finds a server that listens on every host, and one by its path', async () => {
    const { time, listen, connect } = setUp();
    await listen('tcp -h * -p 5');
    await listen('tcp -h /run/x.sock -p 0');
    const [a, b] = [connect('tcp -h anything -p 5'), connect('tcp -h /run/x.sock -p 0')];
    await time.advance(0);
    expect([a.peer.log, b.peer.log]).toEqual([['connect'], ['connect']]);
  });

  it('is undone by an adapter that refuses, and tells the address', async () => {
    const it = setUp();
    it.refuse();
    await it.listen();
    const { peer } = it.connect(AT, it.network.clientAt('10.1.1.1'));
    await it.time.advance(0);
    expect(peer.log).toEqual(['connect', 'end', 'close wanted']);
    expect(it.from).toEqual(['10.1.1.1']);
    expect(it.network.links()).toEqual([]);
  });

  it('may be given up before it is done', async () => {
    const { time, network, listen, connect, servers } = setUp();
    await listen();
    const { peer, connection } = connect();
    connection.destroy();
    await time.advance(100);
    expect(peer.log).toEqual(['close wanted']);
    expect(servers).toEqual([]);
    expect(network.links()).toEqual([]);
  });

  it('can be refused and be accepted without anybody there', async () => {
    const { time, network, listen, connect, servers } = setUp();
    await listen();
    const rule = network.on({ to: AT }).refuse();
    const refused = connect();
    await time.advance(0);
    expect(refused.peer.log).toEqual(['close ECONNREFUSED']);
    rule.clear().acceptThenSilent();
    const silent = connect();
    await time.advance(0);
    expect(silent.peer.log).toEqual(['connect']);
    expect(silent.connection.write(Buffer.alloc(200_000))).toBe(false);
    await time.advance(60_000);
    expect([servers, silent.peer.log]).toEqual([[], ['connect']]);
    silent.connection.destroy();
    await time.advance(0);
    expect(network.links()).toEqual([]);
  });
});

describe('the end', () => {
  it('goes half by half', async () => {
    const { time, network, peer, connection, wire, server } = await withOpen();
    connection.write(Buffer.from('last'));
    connection.close();
    await time.advance(0);
    expect(server.log).toEqual(['data 4', 'end']);
    expect(peer.log).toEqual(['connect']);
    wire.write(Buffer.from('answer'));
    wire.end();
    await time.advance(0);
    expect(peer.log).toEqual(['connect', 'data 6', 'end', 'close wanted']);
    expect(server.log).toEqual(['data 4', 'end', 'closed']);
    expect(network.links()).toEqual([]);
  });

  it('by destroy: what the kernel has is still sent; nothing comes after', async () => {
    const { time, peer, connection, wire, server } = await withOpen();
    wire.write(Buffer.alloc(1000));
    wire.destroy();
    connection.write(Buffer.alloc(10));
    await time.advance(0);
    expect(server.log).toEqual(['closed']);
    expect(peer.log).toEqual(['connect', 'data 1000', 'end', 'close wanted']);
  });

  it('by destroy with bytes that were not read: the peer gets a reset', async () => {
    const { time, peer, connection, wire } = await withOpen();
    wire.pause();
    connection.write(Buffer.alloc(20_000));
    await time.advance(1);
    wire.destroy();
    await time.advance(1);
    expect(peer.log.at(-1)).toBe('close ECONNRESET');
  });

  it('by the network: both sides get a reset', async () => {
    const { time, network, peer, link, server } = await withOpen();
    link.reset();
    expect(peer.log).toEqual(['connect']);
    await time.advance(0);
    expect(peer.log).toEqual(['connect', 'close ECONNRESET']);
    expect(server.log).toEqual(['ECONNRESET', 'closed']);
    expect(network.links()).toEqual([]);
  });

  it('is not seen by a side that has stopped reading, until it reads again', async () => {
    const { time, connection, wire, server } = await withOpen();
    wire.pause();
    connection.write(Buffer.from('rest'));
    connection.close();
    await time.advance(1000);
    expect(server.log).toEqual([]);
    wire.resume();
    expect(server.log).toEqual([]);
    await time.advance(0);
    expect(server.log).toEqual(['data 4', 'end']);
  });
});

describe('backpressure', () => {
  it('fills both kernels, then the sender, and drains when the reader goes on', async () => {
    const { time, connection, wire, server, peer } = await withOpen();
    wire.pause();
    const total = 400_000;
    expect(connection.write(Buffer.alloc(total))).toBe(false);
    await time.advance(1000);
    expect(peer.log).toEqual(['connect']);
    wire.resume();
    await time.advance(0);
    expect(server.bytes.length).toBe(total);
    expect(peer.log).toEqual(['connect', 'drain']);
  });

  it('counts as a socket does', async () => {
    const { time, wire, connection } = await withOpen();
    expect(connection.write(Buffer.alloc(10))).toBe(true);
    // More than the high-water mark, all of which the kernel takes: enough, but nothing waits.
    expect(wire.write(Buffer.alloc(20_000))).toBe(false);
    expect([wire.writableLength, wire.writableNeedDrain, wire.bytesWritten]).toEqual([0, true, 20_000]);
    await time.advance(0);
    expect(wire.writableNeedDrain).toBe(false);
    wire.cork();
    wire.write(Buffer.alloc(5));
    expect(wire.writableLength).toBe(5);
    wire.uncork();
    expect(wire.writableLength).toBe(0);
    expect(wire.bytesWritten).toBe(20_005);
  });

  it('of a slow reader: bytes come at its rate, and the sender holds the rest', async () => {
    const { time, network, wire, peer } = await withOpen();
    network.on().slowReader(10_000);
    wire.write(Buffer.alloc(300_000));
    await time.advance(1000);
    expect(peer.bytes.length).toBeGreaterThanOrEqual(10_000);
    expect(peer.bytes.length).toBeLessThanOrEqual(10_200);
    const held = 300_000 - peer.bytes.length - 2 * 65_536;
    expect(Math.abs(wire.writableLength - held)).toBeLessThan(300);
    network.on().slowReader(0);
    await time.advance(0.1);
    expect(peer.bytes.length).toBe(300_000);
  });
});

describe('faults', () => {
  it('cut a stream into single bytes, given sizes, or any', async () => {
    const { time, link, wire, peer } = await withOpen();
    link.cut(1, 'toClient');
    wire.write(Buffer.from('abc'));
    await time.advance(0);
    link.cut([3, 1]);
    wire.write(Buffer.from('defghijk'));
    await time.advance(0);
    link.cut({ min: 2, max: 5 });
    wire.write(Buffer.alloc(100));
    await time.advance(0);
    expect(peer.log.slice(1, 8)).toEqual(['data 1', 'data 1', 'data 1', 'data 3', 'data 1', 'data 3', 'data 1']);
    const sizes = new Set(peer.chunks.slice(7, -1).map((chunk) => chunk.length));
    expect([...sizes].toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5]);
    expect(() => link.cut(0)).toThrow(RangeError);
  });

  it('latency and bandwidth delay, and keep the order', async () => {
    const { time, link, wire, peer } = await withOpen();
    link.latency([5, 50]);
    for (let i = 0; i < 50; i++) {
      wire.write(Buffer.from([i]));
      await time.advance(1);
    }
    await time.advance(50);
    expect([...peer.bytes]).toEqual(Array.from({ length: 50 }, (_, i) => i));
    link.latency(0).bandwidth(1000);
    const begin = time.now();
    wire.write(Buffer.alloc(500));
    await time.runUntil(() => peer.bytes.length === 550);
    expect(time.now() - begin).toBeCloseTo(500, 3);
  });

  it('blackhole: nobody hears anything; healing brings what was sent, in order', async () => {
    const { time, link, connection, wire, server, peer } = await withOpen();
    link.latency(10);
    connection.write(Buffer.from('1'));
    await time.advance(5);
    link.blackhole('toServer');
    connection.write(Buffer.from('2'));
    wire.write(Buffer.from('back'));
    await time.advance(60_000);
    expect(server.log).toEqual([]);
    expect(peer.log).toEqual(['connect', 'data 4']);
    link.heal();
    connection.write(Buffer.from('3'));
    connection.close();
    await time.advance(10);
    expect(server.bytes.toString()).toBe('123');
    expect(server.log.at(-1)).toBe('end');
  });

  it('blackhole holds connects too', async () => {
    const { time, network, listen, connect } = setUp();
    await listen();
    const rule = network.on().blackhole();
    const { peer } = connect();
    await time.advance(60_000);
    expect(peer.log).toEqual([]);
    rule.heal();
    await time.advance(0);
    expect(peer.log).toEqual(['connect']);
  });

  it('blackhole: a reset is lost for good; the next bytes find that nobody is there', async () => {
    const { time, network, link, connection, peer } = await withOpen();
    link.blackhole('toClient');
    network.crash(AT);
    await time.advance(1000);
    link.heal();
    await time.advance(1000);
    expect(peer.log).toEqual(['connect']);
    connection.write(Buffer.from('anybody?'));
    await time.advance(0);
    expect(peer.log).toEqual(['connect', 'close ECONNRESET']);
  });

  it.each([0, 1, 2, 3, 4])('resetAtByte %i delivers so many', async (n) => {
    const { time, link, wire, server, peer } = await withOpen();
    link.resetAtByte(n, 'toClient').cut([3]);
    wire.write(Buffer.from('12345'));
    await time.advance(0);
    expect(peer.bytes.toString()).toBe('12345'.slice(0, n));
    expect(peer.log.at(-1)).toBe('close ECONNRESET');
    expect(server.log).toEqual(['ECONNRESET', 'closed']);
  });

  it('a partition separates two hosts only', async () => {
    const { time, network, listen, connect } = setUp();
    await listen();
    await listen('tcp -h b -p 1');
    network.partition('10.0.0.1', 'a');
    const cut = connect(AT, network.clientAt('10.0.0.1'));
    const other = connect(AT, network.clientAt('10.0.0.2'));
    const elsewhere = connect('tcp -h b -p 1', network.clientAt('10.0.0.1'));
    await time.advance(1000);
    expect([cut, other, elsewhere].map(({ peer }) => peer.log)).toEqual([[], ['connect'], ['connect']]);
    network.heal();
    await time.advance(0);
    expect(cut.peer.log).toEqual(['connect']);
  });

  it('a crash resets, a silent one says nothing until the server is back', async () => {
    const { time, network, peer, server, connection, connect, servers } = await withOpen();
    network.crash(AT);
    await time.advance(0);
    expect(peer.log).toEqual(['connect', 'close ECONNRESET']);
    expect(server.log).toEqual(['ECONNRESET', 'closed']);
    connection.write(Buffer.from('x'));
    const refused = connect();
    await time.advance(0);
    expect(refused.peer.log).toEqual(['close ECONNREFUSED']);
    network.restart(AT);
    const again = connect();
    await time.advance(0);
    network.crash(AT, { silent: true });
    again.connection.write(Buffer.from('nobody'));
    const waiting = connect();
    await time.advance(10_000);
    expect(again.peer.log).toEqual(['connect']);
    expect(servers.at(-1)?.log).toEqual(['ECONNRESET', 'closed']);
    expect(waiting.peer.log).toEqual([]);
    network.restart(AT);
    await time.advance(0);
    expect(again.peer.log).toEqual(['connect', 'close ECONNRESET']);
    expect(waiting.peer.log).toEqual(['connect']);
    expect(() => network.crash('tcp -h z -p 9')).toThrow('tcp:a:1');
  });

  it('a server that has crashed leaves its port to another', async () => {
    const { time, network, listen, peer, connect } = await withOpen();
    await expect(listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    network.crash(AT);
    await listen();
    const next = connect();
    await time.advance(0);
    expect([peer.log.at(-1), next.peer.log]).toEqual(['close ECONNRESET', ['connect']]);
  });

  it('rules come and go; the newest counts, and a link counts more', async () => {
    const { time, network, link, wire, peer } = await withOpen();
    const first = network.on({ to: AT }).latency(10);
    network.on({ to: 'tcp -h b -p 1' }).latency(500);
    const second = network.on().latency(20, 'toClient');
    const took = async () => {
      const begin = time.now();
      const before = peer.chunks.length;
      wire.write(Buffer.from('x'));
      await time.runUntil(() => peer.chunks.length > before);
      return time.now() - begin;
    };
    expect(await took()).toBe(20);
    link.latency(3);
    expect(await took()).toBe(3);
    link.clear();
    second.clear();
    expect(await took()).toBe(10);
    first.clear();
    expect(await took()).toBe(0);
  });
});

describe('datagrams', () => {
  it('come whole, are answered to their sender, and get lost, doubled and out of order', async () => {
    const { time, network, listen, connect, from } = setUp();
    await listen('udp -h a -p 1');
    const { peer, connection } = connect('udp -h a -p 1');
    await time.advance(0);
    connection.write(Buffer.from('one'));
    await time.advance(0);
    expect(from).toEqual(['127.0.0.1 one']);
    expect(peer.log).toEqual(['connect', 'data 3']);
    const rule = network.on().drop(0.5, 'toServer');
    for (let i = 0; i < 1000; i++) connection.write(Buffer.from('x'));
    await time.advance(0);
    expect(from.length).toBeGreaterThan(420);
    expect(from.length).toBeLessThan(580);
    rule.clear().duplicate(1, 'toServer');
    from.length = 0;
    connection.write(Buffer.from('d'));
    await time.advance(0);
    expect(from).toHaveLength(2);
    rule.clear().reorder(0.5, 10, 'toServer');
    from.length = 0;
    const sent = Array.from({ length: 20 }, (_, i) => `127.0.0.1 ${i}`);
    for (let i = 0; i < 20; i++) connection.write(Buffer.from(String(i)));
    await time.advance(10);
    expect(from).not.toEqual(sent);
    expect(from.toSorted()).toEqual(sent.toSorted());
    connection.close();
    await time.advance(0);
    expect(network.links()).toEqual([]);
  });
});

describe('the trace', () => {
  async function play(seed: number): Promise<string[]> {
    const it = setUp({ seed });
    it.echo();
    it.network.on().latency([1, 30]).cut({ min: 1, max: 9 });
    await it.listen();
    for (let i = 0; i < 5; i++) it.connect().connection.write(Buffer.alloc(40, i));
    await it.time.advance(500);
    it.network.connections()[2]?.reset();
    await it.time.advance(500);
    return it.network.trace();
  }

  it('is the same for the same seed, and another for another', async () => {
    const first = await play(3);
    expect(first.length).toBeGreaterThan(100);
    expect(await play(3)).toEqual(first);
    expect(await play(4)).not.toEqual(first);
  });

  it('reads as lines', async () => {
    const { network, time, connection, link } = await withOpen();
    connection.write(Buffer.from('hello'));
    await time.advance(2.5);
    expect(network.trace(link.id)).toEqual([
      '       0.000  #1 -> connect 127.0.0.1:40000 to tcp:a:1',
      '       0.000  #1 <- connected',
      '       0.000  #1 -> accepted',
      '       0.000  #1 -> write 5 B',
      '       0.000  #1 -> deliver 5 B',
    ]);
  });
});

async function withOpen() {
  const made = setUp();
  return { ...made, ...(await made.open()) };
}
