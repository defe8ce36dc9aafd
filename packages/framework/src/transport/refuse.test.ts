import { readdir, readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { REFUSAL_MS } from '../connection/end-time.js';
import { refuse, refuseWith } from './refuse.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('refuse', () => {
  it('destroys the socket when its time is over, however often it is refused and whatever comes', () => {
    const socket = new PassThrough({ allowHalfOpen: true });
    const said = vi.fn();
    refuse(socket, said);
    vi.advanceTimersByTime(REFUSAL_MS - 1);
    refuse(socket, said);
    socket.write('more');
    expect([said.mock.calls.length, socket.destroyed]).toEqual([1, false]);
    vi.advanceTimersByTime(1);
    expect(socket.destroyed).toBe(true);
    expect(REFUSAL_MS).toBeLessThan(1000);
  });

  it('destroys at once where nothing is said, or saying it throws', () => {
    const silent = new PassThrough();
    refuse(silent);
    const failing = new PassThrough();
    refuse(failing, () => {
      throw new Error('the socket takes nothing');
    });
    expect([silent.destroyed, failing.destroyed]).toEqual([true, true]);
  });

  it('forgets a socket that closes by itself', async () => {
    const socket = new PassThrough();
    refuseWith(socket, 'no');
    socket.destroy();
    await new Promise((resolve) => {
      socket.once('close', resolve);
    });
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('is the only place where a transport of a server ends or destroys a socket', async () => {
  const folder = new URL('.', import.meta.url);
  // A probe of this side, and a wire, which does what its connection says.
  const others = ['refuse.ts', 'socket-file.ts', 'web-socket-wire.ts'];
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !/\.(test|testkit)\.ts$/.test(name));
  expect(files).toEqual(expect.arrayContaining(others));
  for (const name of files.filter((one) => !others.includes(one))) {
    const source = await readFile(new URL(name, folder), 'utf8');
    expect(
      source.match(/\b(?:socket|raw|webSocket)\.(?:destroy|destroySoon|end|terminate|resetAndDestroy)\(/g),
      name,
    ).toBeNull();
  }
});
