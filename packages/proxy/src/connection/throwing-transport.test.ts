import { createSocket, Socket } from 'node:dgram';
import { once } from 'node:events';
import { TarsException } from '@tarsier/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { idProtocol, packet } from '../call/id-protocol.testkit.js';
import { Communicator } from '../communicator.js';
import { failureOf, settled } from '../memory-client.testkit.js';
import type { ServantProxy } from '../servant-proxy.js';
import { type MemoryConnection, MemoryTransport } from '../transport/memory-transport.testkit.js';
import type { Transport, TransportConnection, TransportHandlers } from '../transport/transport.js';

/** Everything that a client does with a connection of a transport, or asks it. */
const MEMBERS = ['write', 'writeAll', 'close', 'destroy', 'waitingBytes'] as const;
type Member = (typeof MEMBERS)[number];

/** In memory; connections to the port 1 throw. */
class ThrowingTransport implements Transport {
  readonly name = 'throwing';
  readonly memory = new MemoryTransport();
  readonly throwsAt = new Set<Member>();
  thrown = 0;

  canConnect(): boolean {
    return true;
  }

  connect(endpoint: Parameters<Transport['connect']>[0], handlers: TransportHandlers): TransportConnection {
    const connection = this.memory.connect(endpoint, handlers);
    if (endpoint.port !== 1) return connection;
    return new Proxy(connection, {
      get: (target, key) => {
        const member = key as Member;
        if (this.throwsAt.has(member)) {
          this.thrown++;
          throw new RangeError(`${member} throws on purpose`);
        }
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }
}

const open: Communicator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((communicator) => communicator.terminate()));
});

/** A client of two servers, with everything accepted; the first will throw. */
async function start() {
  const transport = new ThrowingTransport();
  const communicator = new Communicator({ 'try-times': 0 }, { transports: [transport] });
  open.push(communicator);
  const [bad, good] = [1, 2].map((port) =>
    communicator.stringToProxy(`T.S.Obj@tcp -h a -p ${port}`).setProtocol(idProtocol),
  ) as [ServantProxy, ServantProxy];
  const calls = [bad, good].map((proxy) => proxy.rpcCall(1, 'f', 'first'));
  await settled();
  const [badWire, goodWire] = transport.memory.connections as [MemoryConnection, MemoryConnection];
  for (const wire of [badWire, goodWire]) {
    wire.accept();
    wire.receive(packet(1, 'first'));
  }
  await Promise.all(calls);
  return { transport, communicator, bad, good, badWire, goodWire };
}

const LONG = 'x'.repeat(100_000);

describe('a connection whose transport throws', () => {
  it.each([
    ...MEMBERS.map((member) => [member]),
    ['write', 'destroy'],
    ['write', 'close', 'destroy'],
    [...MEMBERS],
  ] as Member[][])('at %s %s %s ends alone, with its calls, and its communicator ends', async (...members) => {
    const { transport, communicator, bad, good, badWire, goodWire } = await start();
    for (const member of members) transport.throwsAt.add(member);
    const outcomes = [bad.rpcCall(2, 'f', 'short'), bad.rpcCall(3, 'f', LONG), bad.rpcCall(4, 'f', LONG)].map((sent) =>
      sent.then(String, (error: unknown) => error),
    );
    await settled();
    const hasThrown = transport.thrown > 0;
    if (hasThrown) {
      for (const outcome of await Promise.all(outcomes)) {
        expect(outcome).toBeInstanceOf(TarsException);
        expect((outcome as TarsException).code).toBe('TARSIER_CONNECTION_LOST');
        expect((outcome as TarsException).cause).toMatchObject({
          message: expect.stringContaining('on purpose') as string,
        });
      }
    } else {
      for (const id of [2, 3, 4]) badWire.receive(packet(id, 'answered'));
      await Promise.all(outcomes);
    }
    const answer = good.rpcCall(2, 'f', 'second');
    await settled();
    goodWire.receive(packet(2, 'second'));
    expect((await answer).sBuffer.toString()).toBe('second');
    await communicator.terminate();
  });

  it('at connecting counts as one that was refused', async () => {
    const { transport, communicator } = await start();
    transport.connect = () => {
      throw new RangeError('connect throws on purpose');
    };
    const proxy = communicator.stringToProxy('T.S.Obj@tcp -h a -p 3').setProtocol(idProtocol);
    const error = await failureOf(proxy.rpcCall(1, 'f', 'x'));
    expect(error.code).toBe('TARSIER_CONNECT_FAILED');
  });
});

describe('UDP', () => {
  it('fails the call that Node does not send, and goes on with the next', async () => {
    const server = createSocket('udp4');
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    server.on('message', (datagram, { address, port }) => {
      server.send(datagram, port, address);
    });
    const communicator = new Communicator({ 'try-times': 0 });
    open.push(communicator);
    const proxy = communicator.stringToProxy(`T.S.Obj@udp -h 127.0.0.1 -p ${server.address().port}`);
    proxy.setProtocol(idProtocol);
    expect((await proxy.rpcCall(1, 'f', 'first')).sBuffer.toString()).toBe('first');
    const send = vi.spyOn(Socket.prototype, 'send').mockImplementationOnce(() => {
      throw new RangeError('send throws on purpose');
    });
    const error = await failureOf(proxy.rpcCall(2, 'f', 'second'));
    send.mockRestore();
    expect(error.code).toBe('TARSIER_CONNECTION_LOST');
    expect((await proxy.rpcCall(3, 'f', 'third')).sBuffer.toString()).toBe('third');
    const connect = vi.spyOn(Socket.prototype, 'connect').mockImplementationOnce(() => {
      throw new RangeError('connect throws on purpose');
    });
    const other = communicator.stringToProxy(`T.S.Another@udp -h 127.0.0.1 -p ${server.address().port}`);
    const refused = await failureOf(other.setProtocol(idProtocol).rpcCall(1, 'f', 'x'));
    connect.mockRestore();
    expect(refused.code).toBe('TARSIER_CONNECT_FAILED');
    await communicator.terminate();
    server.close();
  });
});
