import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectAddress, type DialSystem, dial } from './dial.js';
import { codeOf } from './transport-error.js';

/** Sockets that connect, or fail, when the test says so. */
class FakeSystem implements DialSystem {
  readonly sockets = new Map<string, Socket>();
  readonly #addresses: readonly string[];

  constructor(...addresses: string[]) {
    this.#addresses = addresses;
  }

  lookup(): ReturnType<DialSystem['lookup']> {
    return Promise.resolve(this.#addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  }

  connect(host: string): Socket {
    const socket = new Socket();
    this.sockets.set(host, socket);
    return socket;
  }

  get tried(): string[] {
    return [...this.sockets.keys()];
  }

  socket(host: string): Socket {
    const socket = this.sockets.get(host);
    if (socket === undefined) throw new Error(`${host} was not tried`);
    return socket;
  }
}

const never = new AbortController().signal;
const refusal = (address: string): Error =>
  Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: 'ECONNREFUSED' });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('dial', () => {
  it('waits for a slow address as long as its caller does, while others are tried beside it', async () => {
    const system = new FakeSystem('10.0.0.1', 'fd00::1');
    const dialled = dial('two.example', 1, never, system);
    await vi.advanceTimersByTimeAsync(249);
    expect(system.tried).toEqual(['10.0.0.1']);
    await vi.advanceTimersByTimeAsync(1);
    expect(system.tried).toEqual(['10.0.0.1', 'fd00::1']);
    system.socket('fd00::1').emit('error', refusal('fd00::1'));
    // Node's own connect would have given it up after 250 ms.
    await vi.advanceTimersByTimeAsync(60_000);
    expect(system.socket('10.0.0.1').destroyed).toBe(false);
    system.socket('10.0.0.1').emit('connect');
    expect(await dialled).toBe(system.socket('10.0.0.1'));
  });

  it('takes the first address that answers, and lets go of the others', async () => {
    const system = new FakeSystem('10.0.0.1', '10.0.0.2', 'fd00::1');
    const dialled = dial('three.example', 1, never, system);
    await vi.advanceTimersByTimeAsync(500);
    expect(system.tried).toEqual(['10.0.0.1', 'fd00::1', '10.0.0.2']);
    system.socket('fd00::1').emit('connect');
    expect(await dialled).toBe(system.socket('fd00::1'));
    expect([system.socket('10.0.0.1').destroyed, system.socket('10.0.0.2').destroyed]).toEqual([true, true]);
    expect(system.socket('fd00::1').destroyed).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tries the next address at once when one fails, and says of all why they did', async () => {
    const system = new FakeSystem('10.0.0.1', 'fd00::1');
    const dialled = dial('two.example', 1, never, system);
    const failed = expect(dialled).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: 'connect ECONNREFUSED 10.0.0.1; connect ECONNREFUSED fd00::1',
    });
    await vi.advanceTimersByTimeAsync(0);
    system.socket('10.0.0.1').emit('error', refusal('10.0.0.1'));
    expect(system.tried).toEqual(['10.0.0.1', 'fd00::1']);
    system.socket('fd00::1').emit('error', refusal('fd00::1'));
    await failed;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets go of everything when the connection is not wanted any more', async () => {
    const system = new FakeSystem('10.0.0.1', 'fd00::1');
    const abort = new AbortController();
    const dialled = dial('two.example', 1, abort.signal, system);
    const failed = expect(dialled).rejects.toThrow(/not wanted/);
    await vi.advanceTimersByTimeAsync(250);
    abort.abort();
    await failed;
    expect([...system.sockets.values()].map(({ destroyed }) => destroyed)).toEqual([true, true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says that a name has no address', async () => {
    await expect(dial('none.example', 1, never, new FakeSystem())).rejects.toThrow('the name has no address');
    const missing = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const lookup = { lookup: () => Promise.reject(missing), connect: connectAddress };
    expect(codeOf(await dial('none.example', 1, never, lookup).catch((error: unknown) => error))).toBe('ENOTFOUND');
  });

  it('connects to a name of this machine', async () => {
    vi.useRealTimers();
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = await dial('localhost', (server.address() as AddressInfo).port, never);
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
    server.close();
    await once(server, 'close');
  });
});
