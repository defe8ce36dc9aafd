import type { Acceptor, Listening, ServerTransport, Transport, TransportConnection, Wire } from '@tarsier/framework';
import { Endpoint } from '@tarsier/protocol';
import { writeTo } from '@tarsier/proxy/internal';
import { describe, expect, it, vi } from 'vitest';
import { TcpServerTransport } from '../../../framework/src/transport/tcp-server-transport.js';
import { TcpTransport } from '../../../proxy/src/transport/tcp-transport.js';
import { VirtualTime } from '../time/virtual-time.js';
import { MemoryNetwork } from './memory-network.js';

/** A way to connect and listen, and to let things happen. */
interface Place {
  readonly transport: Transport;
  readonly serverTransport: ServerTransport;
  until(isTrue: () => boolean): Promise<void>;
  /** Long enough for what was begun to be over. */
  rest(): Promise<void>;
}

function tcp(): Place {
  return {
    transport: new TcpTransport(),
    serverTransport: new TcpServerTransport(),
    until: async (isTrue) => void (await vi.waitUntil(isTrue, { timeout: 10_000, interval: 5 })),
    rest: () =>
      new Promise((resolve) => {
        setTimeout(resolve, 50);
      }),
  };
}

function memory(): Place {
  const time = new VirtualTime();
  const { transport, serverTransport } = new MemoryNetwork({ time });
  return {
    transport,
    serverTransport,
    until: async (isTrue) => void (await time.runUntil(isTrue)),
    rest: () => time.advance(50),
  };
}

/** What one side was told; bytes in a row as one number. */
class Log {
  readonly lines: string[] = [];
  bytes = 0;
  sum = 0;
  #run = 0;

  tell(what: string): void {
    this.flush();
    this.lines.push(what);
  }

  data(chunk: Uint8Array): void {
    this.#run += chunk.length;
    this.bytes += chunk.length;
    for (const byte of chunk) this.sum = (Math.imul(this.sum, 31) + byte) | 0;
  }

  flush(): void {
    if (this.#run > 0) this.lines.push(`data ${this.#run}`);
    this.#run = 0;
  }

  isOver(): boolean {
    return /^(close|closed)\b/.test(this.lines.at(-1) ?? '');
  }
}

function codeOf(error: Error): string {
  return String('code' in error ? error.code : error.message);
}

/** A server and a client of a place, both with a log. */
class Stage {
  readonly place: Place;
  readonly server = new Log();
  readonly client = new Log();
  drains = 0;
  wire: Wire | undefined;
  onServerData: (chunk: Uint8Array) => void = () => {};
  onServerDrain: () => void = () => {};
  onClientDrain: () => void = () => {};
  isRefusing = false;
  /** How deep in a call of ours we are: nothing may be told from within. */
  #calls = 0;
  #listening: Listening | undefined;

  constructor(place: Place) {
    this.place = place;
  }

  call<T>(what: () => T): T {
    this.#calls++;
    try {
      return what();
    } finally {
      this.#calls--;
    }
  }

  #told(what: string, log: Log): void {
    if (this.#calls > 0) log.tell('called from within');
    log.tell(what);
  }

  async listen(): Promise<void> {
    const acceptor = {
      config: { endpoint: Endpoint.parse('tcp -h 127.0.0.1 -p 0') },
      accept: (wire: Wire) => {
        if (this.isRefusing) return undefined;
        this.wire = wire;
        const log = this.server;
        return {
          receive: (chunk: Uint8Array) => {
            log.data(chunk);
            this.onServerData(chunk);
          },
          peerEnded: () => this.#told('end', log),
          drained: () => this.onServerDrain(),
          wireFailed: (error: Error) => this.#told(codeOf(error), log),
          wireClosed: () => this.#told('closed', log),
        };
      },
      failed: () => {},
    } as unknown as Acceptor;
    this.#listening = await this.place.serverTransport.listen(acceptor);
  }

  closePort(): void {
    this.#listening?.close();
  }

  connect(): TransportConnection {
    const log = this.client;
    return this.call(() =>
      this.place.transport.connect(
        this.#listening?.endpoint ?? Endpoint.parse('tcp -h 127.0.0.1 -p 1'),
        {
          onConnect: () => this.#told('connect', log),
          onData: (chunk) => log.data(chunk),
          onDrain: () => {
            this.drains++;
            this.onClientDrain();
          },
          onEnd: () => this.#told('end', log),
          onClose: (error) => this.#told(error === undefined ? 'close' : `close ${codeOf(error)}`, log),
        },
        { tls: { verify: true }, forwardProxy: undefined, maxReceiveBytes: 16_777_216 },
      ),
    );
  }

  async open(): Promise<{ connection: TransportConnection; wire: Wire }> {
    await this.listen();
    const connection = this.connect();
    await this.place.until(() => this.wire !== undefined && this.client.lines.length > 0);
    return { connection, wire: this.wire as Wire };
  }

  /** What both sides were told, once all is quiet. */
  async result(): Promise<object> {
    await this.place.rest();
    this.closePort();
    this.client.flush();
    this.server.flush();
    return { client: this.client.lines, server: this.server.lines };
  }
}

type Scenario = (stage: Stage) => Promise<object>;

const TOTAL = 1024 * 1024;

async function destroyedUnread(stage: Stage, size: number): Promise<object> {
  const { connection, wire } = await stage.open();
  wire.pause();
  connection.write(new Uint8Array(size));
  await stage.place.rest();
  stage.call(() => wire.destroy());
  return stage.result();
}

const scenarios: Record<string, Scenario> = {
  'echo of 1 MiB with backpressure on both sides': async (stage) => {
    const { connection, wire } = await stage.open();
    stage.onServerData = (chunk) => {
      if (!stage.call(() => writeTo(wire, chunk))) stage.call(() => wire.pause());
    };
    stage.onServerDrain = () => {
      stage.call(() => wire.resume());
    };
    const piece = (at: number) => Uint8Array.from({ length: 60_000 }, (_, i) => (at + i * 7) & 255);
    let at = 0;
    const send = () => {
      while (at < TOTAL) {
        const bytes = piece(at).subarray(0, TOTAL - at);
        at += bytes.length;
        if (!stage.call(() => connection.write(bytes))) return;
      }
    };
    stage.onClientDrain = send;
    send();
    await stage.place.until(() => stage.client.bytes === TOTAL);
    stage.call(() => connection.close());
    wire.end();
    await stage.place.until(() => stage.client.isOver() && stage.server.isOver());
    const { bytes, sum } = stage.client;
    return { ...(await stage.result()), bytes, sum, same: stage.server.sum === sum };
  },
  'a wire that is paused: the client is told that it is enough, and drains when it is read': async (stage) => {
    const { connection, wire } = await stage.open();
    wire.pause();
    const isEnough = !stage.call(() => connection.write(new Uint8Array(32 * TOTAL)));
    await stage.place.rest();
    const drainsBefore = stage.drains;
    stage.call(() => wire.resume());
    await stage.place.until(() => stage.server.bytes === 32 * TOTAL && stage.drains > 0);
    const drains = stage.drains;
    connection.destroy();
    wire.destroy();
    return { ...(await stage.result()), isEnough, drainsBefore, drains };
  },
  'the client ends first': async (stage) => {
    const { connection, wire } = await stage.open();
    stage.call(() => connection.write(new Uint8Array(100)));
    stage.call(() => connection.close());
    await stage.place.until(() => stage.server.lines.includes('end'));
    stage.call(() => wire.write(new Uint8Array(50)));
    stage.call(() => wire.end());
    return stage.result();
  },
  'the server ends first': async (stage) => {
    const { wire } = await stage.open();
    stage.call(() => wire.write(new Uint8Array(50)));
    stage.call(() => wire.end());
    return stage.result();
  },
  'the client is destroyed': async (stage) => {
    const { connection, wire } = await stage.open();
    stage.call(() => connection.write(new Uint8Array(100)));
    stage.call(() => connection.destroy());
    stage.call(() => connection.destroy());
    stage.call(() => connection.write(new Uint8Array(1)));
    await stage.place.until(() => stage.server.lines.includes('end'));
    wire.end();
    return stage.result();
  },
  'the server is destroyed': async (stage) => {
    const { wire } = await stage.open();
    stage.call(() => wire.destroy());
    return stage.result();
  },
  'the server is destroyed with few bytes unread': (stage) => destroyedUnread(stage, 100),
  'the server is destroyed with bytes unread in its kernel': (stage) => destroyedUnread(stage, 100_000),
  'the client writes to a server that is destroyed': async (stage) => {
    const { connection, wire } = await stage.open();
    wire.destroy();
    connection.write(new Uint8Array(100));
    await stage.place.until(() => stage.client.isOver());
    return { server: ((await stage.result()) as { server: string[] }).server };
  },
  'a paused wire sees the end when it reads': async (stage) => {
    const { connection, wire } = await stage.open();
    wire.pause();
    connection.write(new Uint8Array(100));
    connection.close();
    await stage.place.rest();
    const before = [...stage.server.lines];
    stage.call(() => wire.resume());
    await stage.place.until(() => stage.server.lines.includes('end'));
    wire.end();
    return { ...(await stage.result()), before };
  },
  'nobody listens': async (stage) => {
    await stage.listen();
    stage.closePort();
    await stage.place.rest();
    stage.connect();
    return stage.result();
  },
  'the adapter refuses': async (stage) => {
    stage.isRefusing = true;
    await stage.listen();
    stage.connect();
    return stage.result();
  },
  'the client gives up while it connects': async (stage) => {
    await stage.listen();
    const connection = stage.connect();
    stage.call(() => connection.destroy());
    await stage.place.rest();
    stage.wire?.destroy();
    return { client: ((await stage.result()) as { client: string[] }).client };
  },
};

describe('the network in memory does as TCP', () => {
  it.each(Object.entries(scenarios))('%s', async (_name, play) => {
    const inMemory = await play(new Stage(memory()));
    const real = await play(new Stage(tcp()));
    expect(inMemory).toEqual(real);
    expect(JSON.stringify(inMemory)).not.toContain('from within');
  });
});
