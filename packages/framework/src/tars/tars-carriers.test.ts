import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import type { ResponsePacket } from '@tarsier/protocol';
import { decodeResult } from '@tarsier/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type CertificatePair, LOCAL_NAMES, TestAuthority } from '../../../../test/support/certificates.js';
import {
  add,
  bytesOf,
  call,
  decoded,
  greet,
  HelloServant,
  hello,
  request,
  startTars,
  stopTars,
} from './tars-server.testkit.js';

const cleanups: (() => unknown)[] = [];
let authority: TestAuthority;
let certificate: CertificatePair;

beforeAll(async () => {
  authority = await TestAuthority.create();
  certificate = await authority.issue({ name: 'localhost', names: LOCAL_NAMES });
});

afterAll(() => authority.remove());

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  await stopTars();
});

/** What comes, with its lengths; a packet of the server is one message or datagram, or lies in a stream. */
class Inbox {
  #bytes = Buffer.alloc(0);
  #wake: () => void = () => {};

  readonly add = (bytes: Buffer): void => {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    this.#wake();
  };

  async take(): Promise<ResponsePacket> {
    for (;;) {
      const size = this.#bytes.length < 4 ? 4 : this.#bytes.readUInt32BE();
      if (this.#bytes.length >= size && size > 4) {
        const packet = this.#bytes.subarray(4, size);
        this.#bytes = this.#bytes.subarray(size);
        return decoded(packet);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const greetingOf = async (inbox: Inbox): Promise<string> => decodeResult(hello, (await inbox.take()).sBuffer, 1);

describe('TARS over UDP', () => {
  async function sender(port: number): Promise<{ readonly socket: Socket; readonly inbox: Inbox }> {
    const socket = createSocket('udp4');
    cleanups.push(() => socket.close());
    const inbox = new Inbox();
    socket.on('message', inbox.add);
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return { socket, inbox };
  }

  it('answers each request with a datagram, later and pushed ones too, and drops what is none', async () => {
    const server = await startTars(
      {
        hello: (name, current) => {
          if (name === 'late') {
            current.setResponse(false);
            setTimeout(() => HelloServant.asyncResponseHello(current, name));
          }
          if (name === 'push') HelloServant.asyncResponsePushPushMsg(current, { _ret: 0, sRsp: name });
          return `hello ${name}`;
        },
      },
      { endpoint: 'udp -h 127.0.0.1 -p 0' },
    );
    const { socket, inbox } = await sender(server.port);
    socket.send(greet('ann'));
    expect(await greetingOf(inbox)).toBe('hello ann');
    socket.send(Buffer.concat([greet('a', { iRequestId: 1 }), greet('b', { iRequestId: 2 })]));
    expect(await greetingOf(inbox)).toBe('hello a');
    expect(await greetingOf(inbox)).toBe('hello b');
    socket.send(greet('late'));
    expect(await greetingOf(inbox)).toBe('late');
    socket.send(greet('push'));
    expect((await inbox.take()).iRequestId).toBe(0);
    expect(await greetingOf(inbox)).toBe('hello push');
    for (const bad of ['00', '00 00 00 06 10 01', '00 00 00 04']) socket.send(bytesOf(bad));
    socket.send(Buffer.concat([greet('first'), bytesOf('00 00 00 06 10 01')]));
    expect(await greetingOf(inbox)).toBe('hello first');
    // Nobody knows who asks: what cannot be done is not answered.
    socket.send(request({ sFuncName: 'unknown' }));
    socket.send(request({ sServantName: 'T.S.Another' }));
    socket.send(greet('last'));
    expect(await greetingOf(inbox)).toBe('hello last');
    expect(server.app.getBindAdapter('Obj')?.counters).toMatchObject({ datagramsDropped: 4, handlerErrors: 0 });
  });

  it('sends no errors: not when there are too many, nor for what a handler throws', async () => {
    let finish: (text: string) => void = () => {};
    const server = await startTars(
      {
        hello: (name) => {
          if (name === 'throws') throw new Error('on purpose');
          return new Promise((resolve) => {
            finish = resolve;
          });
        },
      },
      { endpoint: 'udp -h 127.0.0.1 -p 0', queuecap: 2 },
    );
    const { socket, inbox } = await sender(server.port);
    const { counters } = server.app.getBindAdapter('Obj') ?? {};
    socket.send(greet('throws'));
    socket.send(greet('waits'));
    socket.send(greet('too much'));
    await expect.poll(() => counters).toMatchObject({ handlerErrors: 1, overloaded: 1 });
    finish('done');
    expect(await greetingOf(inbox)).toBe('done');
  });
});

describe('TARS over WebSocket', () => {
  async function open(url: string): Promise<{ readonly socket: WebSocket; readonly inbox: Inbox }> {
    const socket = new WebSocket(url, { ca: readFileSync(authority.ca) });
    cleanups.push(() => socket.terminate());
    const inbox = new Inbox();
    socket.on('message', inbox.add);
    await once(socket, 'open');
    return { socket, inbox };
  }

  it.each(['ws', 'wss'])('answers and pushes: %s', async (type) => {
    const tls = type === 'wss' ? { cert: certificate.cert, key: certificate.key } : {};
    const { port } = await startTars(
      {
        nothing: (current) => {
          HelloServant.asyncResponsePushPushMsg(current, { _ret: 0, sRsp: 'pushed' });
        },
      },
      { endpoint: `${type} -h 127.0.0.1 -p 0 -t 60000`, ...tls },
    );
    const { socket, inbox } = await open(`${type}://localhost:${port}/`);
    socket.send(greet('ann'));
    expect(await greetingOf(inbox)).toBe('hello ann');
    socket.send(call(add, [1, 2]));
    expect(decodeResult(add, (await inbox.take()).sBuffer, 1)._ret).toBe(3);
    socket.send(request({ sFuncName: 'nothing' }));
    expect((await inbox.take()).status.get('TARS_FUNC')).toBe('pushMsg');
    expect((await inbox.take()).iRet).toBe(0);
    socket.send(bytesOf('00 00 00 06 10 01'));
    await once(socket, 'close');
  });
});

describe('TARS over TLS', () => {
  it('answers', async () => {
    const { port } = await startTars(
      {},
      { endpoint: 'ssl -h 127.0.0.1 -p 0 -t 60000', cert: certificate.cert, key: certificate.key },
    );
    const socket = connect({ port, host: 'localhost', ca: readFileSync(authority.ca) });
    cleanups.push(() => socket.destroy());
    const inbox = new Inbox();
    socket.on('data', inbox.add);
    await once(socket, 'secureConnect');
    socket.write(greet('ann'));
    expect(await greetingOf(inbox)).toBe('hello ann');
  });
});
