import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EnginePort } from '../cluster/engine.js';
import { SocketEngine, type SocketEngineOptions } from './socket-engine.js';

let folder = '';
const open = new Set<Node>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarsier-broker-'));
});

afterEach(async () => {
  await Promise.all(Array.from(open, (node) => node.engine.close()));
  open.clear();
  rmSync(folder, { recursive: true, force: true });
});

/** An engine, and what it has told. */
class Node implements EnginePort {
  readonly engine: SocketEngine;
  readonly keepMs = 60_000;
  readonly entries: [sequence: number, text: string][] = [];
  readonly casts: string[] = [];
  readonly errors: unknown[] = [];
  state = 'new';
  connects = 0;

  constructor(name: string, options: Partial<SocketEngineOptions> = {}) {
    this.engine = new SocketEngine({ path: join(folder, 'hub.sock'), ...options });
    open.add(this);
    void this.engine.open(this, name);
  }

  static async start(name: string, options: Partial<SocketEngineOptions> = {}): Promise<Node> {
    const node = new Node(name, options);
    await expect.poll(() => node.state, { timeout: 10_000, interval: 5 }).toBe('connected');
    return node;
  }

  connected(): void {
    this.state = 'connected';
    this.connects++;
  }

  disconnected(): void {
    this.state = 'disconnected';
  }

  entry(sequence: number, bytes: Uint8Array): void {
    this.entries.push([sequence, Buffer.from(bytes).toString()]);
  }

  received(channel: string, bytes: Uint8Array): void {
    this.casts.push(`${channel}: ${Buffer.from(bytes).toString()}`);
  }

  failed(error: unknown): void {
    this.errors.push(error);
  }
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('the engine of one machine', () => {
  it('has one log for all: numbered, in order, and told to whoever follows', async () => {
    const [one, two] = [await Node.start('one'), await Node.start('two')];
    const { epoch, first, last } = await one.engine.log();
    expect([first, last]).toEqual([1, 0]);
    one.engine.follow(0);
    expect(
      await Promise.all(
        ['a', 'b', 'c'].map((text, i) =>
          one.engine.append({ number: i + 1, bytes: bytes(text), epoch: epoch, unconfirmed: 1 }),
        ),
      ),
    ).toEqual([1, 2, 3]);
    expect(await two.engine.append({ number: 1, bytes: bytes('d'), epoch: epoch, unconfirmed: 1 })).toBe(4);
    two.engine.follow(1);
    await expect.poll(() => [one.entries.length, two.entries.length]).toEqual([4, 3]);
    expect(one.entries).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
      [4, 'd'],
    ]);
    expect(two.entries).toEqual(one.entries.slice(1));
    expect(await two.engine.log()).toEqual({ epoch, first: 1, last: 4 });
    expect(Buffer.from((await one.engine.entryAt(4)) ?? []).toString()).toBe('d');
    expect(await one.engine.entryAt(9)).toBeUndefined();
  });

  it('takes an entry once, and none for another log', async () => {
    const one = await Node.start('one');
    const { epoch } = await one.engine.log();
    expect(await one.engine.append({ number: 1, bytes: bytes('a'), epoch: epoch, unconfirmed: 1 })).toBe(1);
    expect(await one.engine.append({ number: 1, bytes: bytes('a'), epoch: epoch, unconfirmed: 1 })).toBe(1);
    await expect(one.engine.append({ number: 2, bytes: bytes('b'), epoch: 'another', unconfirmed: 1 })).rejects.toThrow(
      /the log has the epoch/,
    );
    await one.engine.renew('another');
    expect((await one.engine.log()).epoch).toBe(epoch);
    await one.engine.renew(epoch);
    const renewed = await one.engine.log();
    expect(renewed.epoch).not.toBe(epoch);
    expect(renewed.first).toBe(2);
  });

  it('casts to those who listen, and to nobody else', async () => {
    const [one, two] = [await Node.start('one'), await Node.start('two')];
    one.engine.listen('x');
    two.engine.listen('x');
    two.engine.listen('y');
    // Requests of one node are served in order.
    await Promise.all([one.engine.nodes(), two.engine.nodes()]);
    await one.engine.cast('x', bytes('1'));
    two.engine.unlisten('y');
    await two.engine.cast('y', bytes('2'));
    await two.engine.cast('x', bytes('3'));
    await expect.poll(() => two.casts.length).toBe(2);
    expect(one.casts).toEqual(['x: 1', 'x: 3']);
    expect(two.casts).toEqual(['x: 1', 'x: 3']);
  });

  it('keeps the newest of a value, for its time', async () => {
    const [one, two] = [await Node.start('one'), await Node.start('two')];
    expect(await one.engine.put('k', { version: 2, bytes: bytes('new') }, 60_000, false)).toBe(true);
    expect(await two.engine.put('k', { version: 1, bytes: bytes('old') }, 60_000, false)).toBe(false);
    const value = await two.engine.get('k');
    expect([value?.version, Buffer.from(value?.bytes ?? []).toString()]).toEqual([2, 'new']);
    // Of two who raise it to the same version one only may.
    expect(await two.engine.put('k', { version: 2, bytes: bytes('too') }, 60_000, true)).toBe(false);
    await one.engine.remove('k', 1);
    expect(await one.engine.get('k')).toBeDefined();
    await one.engine.remove('k', 2);
    expect(await one.engine.get('k')).toBeUndefined();
    await one.engine.put('short', { version: 1, bytes: bytes('x') }, 30, false);
    await expect.poll(() => one.engine.get('short'), { interval: 10 }).toBeUndefined();
  });

  it('knows who lives, and at once who does not', async () => {
    const [one, two] = [await Node.start('one'), await Node.start('two')];
    await one.engine.lease(60_000);
    await two.engine.lease(60_000);
    expect((await one.engine.nodes()).toSorted()).toEqual(['one', 'two']);
    await two.engine.close();
    await expect.poll(() => one.engine.nodes()).toEqual(['one']);
    await one.engine.lease(0);
    expect(await one.engine.nodes()).toEqual([]);
  });

  it('goes on when the process ends that was the broker: log, numbers and values stay', async () => {
    const broker = await Node.start('broker');
    const others = [
      await Node.start('one', { mayServe: true }),
      await Node.start('two', { mayServe: true }),
      await Node.start('three', { mayServe: true }),
    ] as const;
    const { epoch } = await broker.engine.log();
    for (const node of others) node.engine.follow(0);
    for (let i = 1; i <= 5; i++)
      await broker.engine.append({ number: i, bytes: bytes(`entry ${i}`), epoch: epoch, unconfirmed: 1 });
    await broker.engine.put('session', { version: 3, bytes: bytes('kept') }, 60_000, false);
    await expect.poll(() => others.map(({ entries }) => entries.length)).toEqual([5, 5, 5]);
    await broker.engine.close();
    for (const node of others) await expect.poll(() => node.connects, { timeout: 10_000, interval: 5 }).toBe(2);
    const infos = await Promise.all(others.map(({ engine }) => engine.log()));
    expect(new Set(infos.map((info) => info.epoch))).toEqual(new Set([epoch]));
    expect(infos[0]?.first).toBe(1);
    const sequence = await others[0].engine.append({ number: 1, bytes: bytes('after'), epoch: epoch, unconfirmed: 1 });
    expect(sequence).toBe(6);
    const value = await others[1].engine.get('session');
    expect([value?.version, Buffer.from(value?.bytes ?? []).toString()]).toEqual([3, 'kept']);
    others[2].engine.follow(3);
    await expect
      .poll(() => others[2].entries.slice(5))
      .toEqual([
        [4, 'entry 4'],
        [5, 'entry 5'],
        [sequence, 'after'],
      ]);
    expect(others.flatMap(({ errors }) => errors)).toEqual([]);
  });

  it('has one broker in the end, however many begin at the same time', async () => {
    const nodes = Array.from({ length: 8 }, (_, i) => new Node(`node ${i}`));
    for (const node of nodes) {
      await expect.poll(() => node.state, { timeout: 10_000, interval: 5 }).toBe('connected');
    }
    const infos = await Promise.all(nodes.map(({ engine }) => engine.log()));
    expect(new Set(infos.map(({ epoch }) => epoch)).size).toBe(1);
    const [first] = nodes;
    await first?.engine.lease(60_000);
    for (const { engine } of nodes) expect(await engine.nodes()).toEqual(['node 0']);
  });

  it('answers nothing while there is no broker, at once', async () => {
    const lonely = new Node('lonely', { mayServe: false });
    await expect(lonely.engine.log()).rejects.toThrow('there is no broker');
    await expect(lonely.engine.append({ number: 1, bytes: bytes('x'), epoch: 'e', unconfirmed: 1 })).rejects.toThrow(
      'there is no broker',
    );
    const broker = await Node.start('broker');
    await expect.poll(() => lonely.state, { timeout: 5000 }).toBe('connected');
    await broker.engine.close();
    await expect.poll(() => lonely.state, { timeout: 5000 }).toBe('disconnected');
  });

  it('lets go who sends what is none of its', async () => {
    const node = await Node.start('one');
    const socket = connect(join(folder, 'hub.sock'));
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(Buffer.from([0, 0, 0, 8, 1, 2, 3, 4]));
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await node.engine.log()).last).toBe(0);
  });
});
