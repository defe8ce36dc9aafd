import { once } from 'node:events';
import { connect } from 'node:net';
import { type ByteVector, binaryLength, delimiter, type Framing, lengthField, parseHttp } from '@tarsier/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { HandlerResult } from './connection/handler-result.js';
import type { Current } from './current.js';
import { client, destroyClients } from './raw-client.testkit.js';
import { type Behaviour, calls, startServer, stopServers, framing as withIds } from './test-server.testkit.js';

afterEach(async () => {
  destroyClients();
  await stopServers();
});

const lines = delimiter('\n');

/** A framing, how a word is a request of it, and which word a request is. */
interface Words {
  readonly framing: Framing;
  readonly packet: (word: string) => Uint8Array;
  readonly wordOf: (current: Current) => string;
}

const wordAtEnd = (current: Current): string =>
  /[a-z]*$/.exec(current.getRequestBuffer().toString().trimEnd())?.[0] ?? '';
const plain = (framing: Framing): Words => ({ framing, packet: (word) => framing.encode(word), wordOf: wordAtEnd });

const withoutIds: Record<string, Words> = {
  delimiter: plain(lines),
  'binaryLength of 1': plain(binaryLength(1)),
  'binaryLength of 2': plain(binaryLength(2)),
  'binaryLength of 4': plain(binaryLength(4)),
  'lengthField without an id': plain(lengthField({ bytes: 3, includesHeader: false, max: 1000 })),
  parseHttp: {
    framing: parseHttp,
    packet: (word) => Buffer.from(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${word.length}\r\n\r\n${word}`),
    wordOf: wordAtEnd,
  },
};

/** A promise that a word opens. */
class Gates {
  readonly #open = new Map<string, () => void>();

  wait(word: string): Promise<void> {
    return new Promise((resolve) => this.#open.set(word, resolve));
  }

  open(word: string): void {
    this.#open.get(word)?.();
  }
}

describe.each(Object.entries(withoutIds))('answers of %s, which has no ids', (_, { framing, packet, wordOf }) => {
  it('leave in the order of the requests without a key, late ones too', async () => {
    const { port } = await startServer(
      {
        doRequest: async (current, response) => {
          const word = wordOf(current);
          if (word === 'late') {
            current.setResponse(false);
            setTimeout(() => current.sendResponse(packet(word)), 10);
            return 0;
          }
          if (word === 'slow') await new Promise(setImmediate);
          response.assign(packet(word));
          return 0;
        },
      },
      {},
      {},
      framing,
    );
    const peer = await client(port);
    const all = Buffer.concat(['late', 'slow', 'fast', 'late', 'fast'].map(packet));
    peer.send(all);
    expect(await peer.take(all.length)).toEqual(all);
  });
});

/** What a server without ids does with `good bad next`, of which the second gets no answer. */
async function answersTo(behaviour: Behaviour, adapter: object = {}, words = 'good bad next'): Promise<string> {
  const { port } = await startServer(behaviour, adapter, {}, lines);
  const peer = await client(port);
  peer.send(words.replaceAll(' ', '\n').concat('\n'));
  await peer.closed();
  return peer.received.toString();
}

const echo = (current: Current, response: ByteVector): number => {
  response.assign(lines.encode(current.getRequestVector()));
  return 0;
};
const isBad = (current: Current): boolean => current.getRequestBuffer().toString() === 'bad';

describe('without ids, where a request gets no answer', () => {
  it.each<[string, (current: Current, response: ByteVector) => HandlerResult]>([
    [
      'its handler throws',
      () => {
        throw new Error('bad');
      },
    ],
    ['its handler rejects', () => Promise.reject(new Error('bad'))],
    [
      'its handler rejects after it has begun to answer',
      async (current) => {
        current.sendResponse(Buffer.from('half'));
        await Promise.resolve();
        throw new Error('bad');
      },
    ],
    [
      'its handler throws after it has announced an answer for later',
      (current) => {
        current.setResponse(false);
        throw new Error('bad');
      },
    ],
  ])('the connection ends after the answers before: %s', async (_, fail) => {
    const doRequest = async (current: Current, response: ByteVector): Promise<number | void> =>
      isBad(current) ? fail(current, response) : echo(current, response);
    expect((await answersTo({ doRequest })).replace('half', '')).toBe('good\n');
    const sync = (current: Current, response: ByteVector): HandlerResult =>
      isBad(current) ? fail(current, response) : echo(current, response);
    expect((await answersTo({ doRequest: sync })).replace('half', '')).toBe('good\n');
  });

  it('the connection ends after the answers before: too many are in progress', async () => {
    const doRequest = async (current: Current, response: ByteVector): Promise<number> => {
      await new Promise(setImmediate);
      return echo(current, response);
    };
    expect(await answersTo({ doRequest }, { queuecap: 2, queuecapperconn: 100 }, 'a b c d')).toBe('a\n');
  });

  it('what onOverload says has its place among the answers', async () => {
    const doRequest = async (current: Current, response: ByteVector): Promise<number> => {
      await new Promise(setImmediate);
      return echo(current, response);
    };
    const onOverload = (_: Current, response: ByteVector): void => {
      response.assign(Buffer.from('busy\n'));
    };
    const { port } = await startServer({ doRequest, onOverload }, { queuecap: 3, queuecapperconn: 100 }, {}, lines);
    const peer = await client(port);
    peer.send('a\nb\nc\nd\n');
    expect((await peer.take(14)).toString()).toBe('a\nb\nbusy\nbusy\n');
  });

  it('the connection ends after the answers before: a request has waited longer than queuetimeout', async () => {
    const { port, app } = await startServer(
      {
        doRequest: async (current, response) => {
          await new Promise((resolve) => setTimeout(resolve, 150));
          return echo(current, response);
        },
      },
      { queuetimeout: 100 },
      {},
      lines,
    );
    const peer = await client(port);
    peer.send('a\nb\nc\n');
    await peer.closed();
    expect(peer.received.toString()).toBe('a\n');
    expect(app.getBindAdapter('Obj')?.counters.queueTimeouts).toBe(1);
    expect(app.getBindAdapter('Obj')?.getRequestsInProgress()).toBe(0);
  });

  it.each(['drop-newest', 'drop-oldest', 'close'] as const)(
    'the connection ends where an answer is given up: %s',
    async (sendpolicy) => {
      const size = 100_000;
      const { port, app } = await startServer(
        {
          doRequest: (current, response) => {
            response.assign(Buffer.alloc(size, current.getRequestBuffer()[0]));
            return 0;
          },
        },
        { sendpolicy, backpacketlimit: 3 * size },
        {},
        lines,
      );
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.pause();
      socket.write(Array.from({ length: 2000 }, (_, i) => `${String.fromCharCode(97 + (i % 26))}\n`).join(''));
      // The end is on the server's side: this peer does not read.
      await once(app as never, 'close');
      const { counters } = app.getBindAdapter('Obj') ?? {};
      expect((counters?.sendDropped ?? 0) + (counters?.sendRefused ?? 0) + (counters?.sendClosed ?? 0)).toBeGreaterThan(
        0,
      );
      const chunks: Buffer[] = [];
      socket.on('data', (data: Buffer) => chunks.push(data));
      socket.on('error', () => {});
      await once(socket.resume(), 'close');
      const got = Buffer.concat(chunks);
      const wanted = Array.from({ length: Math.ceil(got.length / size) }, (_, i) => Buffer.alloc(size, 97 + (i % 26)));
      expect(got.equals(Buffer.concat(wanted).subarray(0, got.length))).toBe(true);
    },
  );

  it('what a handler leaves empty is a request that wants no answer', async () => {
    const doRequest = (current: Current, response: ByteVector): number =>
      isBad(current) ? 0 : echo(current, response);
    const { port } = await startServer({ doRequest }, {}, {}, lines);
    const peer = await client(port);
    peer.send('good\nbad\nnext\n');
    expect((await peer.take(10)).toString()).toBe('good\nnext\n');
  });
});

describe('with ids, or where it is not known', () => {
  const side = async (
    parser: Parameters<typeof startServer>[3],
    packet: (word: string) => Uint8Array,
  ): Promise<void> => {
    const gates = new Gates();
    const both = calls<string>(2);
    const { port } = await startServer(
      {
        doRequest: async (current, response) => {
          const word = wordAtEnd(current);
          const open = word === 'bad' ? undefined : gates.wait(word);
          both.call(word);
          if (word === 'bad') throw new Error('bad');
          await open;
          response.assign(packet(word));
          return 0;
        },
      },
      {},
      {},
      parser,
    );
    const peer = await client(port);
    peer.send(Buffer.concat(['first', 'second', 'bad'].map(packet)));
    await both.all;
    gates.open('second');
    expect(await peer.take(packet('second').length)).toEqual(Buffer.from(packet('second')));
    gates.open('first');
    expect(await peer.take(packet('first').length)).toEqual(Buffer.from(packet('first')));
  };

  it('requests run side by side, and a failed one costs no other', async () => {
    await side(withIds, (word) => withIds.encode(word, 1));
    await side(
      (input, output) => lines(input, output),
      (word) => lines.encode(word),
    );
  });
});

describe('current.close() in a handler', () => {
  const bye = Buffer.from('221 bye\n');

  it.each<[string, (current: Current, response: ByteVector) => HandlerResult]>([
    [
      'in response',
      (current, response) => {
        response.assign(bye);
        current.close();
        return 0;
      },
    ],
    [
      'in response, before it is there',
      async (current, response) => {
        current.close();
        await new Promise(setImmediate);
        response.assign(bye);
        return 0;
      },
    ],
    [
      'sent before',
      (current) => {
        current.sendResponse(bye);
        current.close();
        return 0;
      },
    ],
    [
      'announced for later',
      (current) => {
        current.setResponse(false);
        current.close();
        setImmediate(() => current.sendResponse(bye));
        return 0;
      },
    ],
  ])('comes after the answer: %s', async (_, doRequest) => {
    const seen: string[] = [];
    const { port } = await startServer(
      {
        doRequest: (current, response) => {
          seen.push(current.getRequestBuffer().toString());
          return doRequest(current, response);
        },
      },
      {},
      {},
      (input, output) => lines(input, output),
    );
    const peer = await client(port);
    peer.send('QUIT\nmore\n');
    await peer.closed();
    expect(peer.received.toString()).toBe(bye.toString());
    // Nothing is taken after it.
    expect(seen).toEqual(['QUIT']);
  });

  it('ends the connection when the handler throws after it', async () => {
    const doRequest = (current: Current): number => {
      current.close();
      throw new Error('bad');
    };
    const { port } = await startServer({ doRequest });
    const peer = await client(port);
    peer.send(withIds.encode('x', 1));
    await peer.closed();
    expect(peer.received.length).toBe(0);
  });

  it('outside of it ends the connection at once, also where a late answer was announced', async () => {
    const kept = calls<Current>(1);
    const { port } = await startServer({
      doRequest: (current) => {
        current.setResponse(false);
        setImmediate(() => kept.call(current));
        return 0;
      },
    });
    const peer = await client(port);
    peer.send(withIds.encode('x', 1));
    const [current] = await kept.all;
    current?.close();
    await peer.closed();
    expect(peer.received.length).toBe(0);
  });
});
