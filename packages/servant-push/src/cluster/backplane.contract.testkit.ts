import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Backplane, BackplanePort, Undelivered } from '../backplane/backplane.js';
import type { HubMessage } from '../hub/hub-message.js';
import { systemTime } from '../hub/hub-time.js';
import { PushState } from '../hub/push.js';
import type { SessionRecord } from '../session/session-record.js';

/** What a backplane has told, and the little that it asks. */
export class TestPort implements BackplanePort {
  readonly time = systemTime;
  readonly windowMs = 4000;
  readonly members = new Map<string, number>();
  readonly delivered: HubMessage[] = [];
  readonly states: string[] = [];
  readonly released_: string[] = [];
  readonly lost_: [number, number][] = [];
  readonly dropped: Undelivered[] = [];
  readonly errors: unknown[] = [];
  epochs = 0;

  deliver(message: HubMessage): void {
    this.delivered.push(message);
    if (message.push !== undefined) {
      message.push.sequence = message.sequence;
      message.push.finish();
    }
  }

  checkEncoding(): void {}

  countHere(address: string): number {
    return this.members.get(address) ?? 0;
  }

  addresses(): Iterable<string> {
    return this.members.keys();
  }

  stateChanged(state: string): void {
    this.states.push(state);
  }

  epochChanged(): void {
    this.epochs++;
  }

  lost(from: number, to: number): void {
    this.lost_.push([from, to]);
  }

  released(id: string): void {
    this.released_.push(id);
  }

  undelivered(pushes: Undelivered): void {
    this.dropped.push(pushes);
  }

  failed(error: unknown): void {
    this.errors.push(error);
  }

  /** The payloads that came for an address, in order. */
  texts(address: string): string[] {
    return this.delivered
      .filter((one) => one.address === address)
      .map(({ payload }) => Buffer.from(payload as Uint8Array).toString());
  }
}

/** What a test needs of an engine. */
export interface ContractSubject {
  /** Makes one more node of the same cluster. */
  make(): Backplane;
  /** Only for engines: the server goes away, and comes back. */
  readonly engine?: { stop(): Promise<void>; start(): Promise<void> };
}

let count = 0;

export function pushMessage(
  address: string,
  text: string,
  more: Partial<HubMessage> = {},
): HubMessage & { push: PushState } {
  return {
    address,
    topic: 't',
    delivery: 'reliable',
    key: '',
    where: undefined,
    payload: Buffer.from(text),
    sequence: 0,
    bytes: undefined,
    namedBytes: undefined,
    push: new PushState(),
    name: '',
    id: '',
    isRepeated: false,
    ...more,
  } as HubMessage & { push: PushState };
}

const record = (id: string, version = 1): SessionRecord => ({
  id,
  user: 'ann',
  labels: { role: 'admin' },
  setLabels: {},
  ackedSequence: 3,
  version,
  subscriptions: 2,
  addresses: [['g:a', 1, 'client']],
});

/** What every backplane does. Called within a `describe`; servers are real, so is the time. */
export function testBackplaneContract(isShared: boolean, subject: () => ContractSubject): void {
  const open: Backplane[] = [];

  async function node(): Promise<{ backplane: Backplane; port: TestPort }> {
    const backplane = subject().make();
    open.push(backplane);
    const port = new TestPort();
    await backplane.open(port);
    return { backplane, port };
  }

  const until = (check: () => void, timeout = 15_000): Promise<void> => vi.waitFor(check, { timeout, interval: 10 });

  afterEach(async () => {
    for (const backplane of open.splice(0)) await backplane.close();
  });

  it('numbers reliable pushes, hands them back in order, and gives them again', async () => {
    const { backplane, port } = await node();
    const address = `g:a ${count++} ä日本.*>`;
    backplane.subscribe(address);
    backplane.retain(address);
    const before = backplane.lastSequence;
    const pushes = Array.from({ length: 200 }, (_, i) => pushMessage(address, String(i)));
    for (const push of pushes) backplane.publish(push);
    await Promise.all(pushes.map(({ push }) => push.done));
    const expected = pushes.map((_, i) => String(i));
    expect(port.texts(address)).toEqual(expected);
    const numbers = port.delivered.map(({ sequence }) => sequence);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(numbers[0]).toBeGreaterThan(before);
    expect(backplane.lastSequence).toBe(numbers.at(-1));
    const answer = await backplane.read({ addresses: new Map([[address, 0]]), after: numbers[99] ?? 0, maxBytes: 1e6 });
    expect(answer.messages.map(({ payload }) => Buffer.from(payload as Uint8Array).toString())).toEqual(
      expected.slice(100),
    );
    expect(answer).toMatchObject({ isEnd: true, gap: undefined });
    expect(pushes[0]?.push.remote).toBe(isShared ? 'sent' : 'none');
    expect(port.errors).toEqual([]);
  });

  it('delivers the other classes at once, without a number', async () => {
    const { backplane, port } = await node();
    const address = `g:b ${count++}`;
    backplane.subscribe(address);
    backplane.publish(pushMessage(address, 'l', { delivery: 'latest', key: 'k' }));
    backplane.publish(pushMessage(address, 'v', { delivery: 'volatile' }));
    expect(port.texts(address)).toEqual(['l', 'v']);
    expect(port.delivered.map(({ sequence }) => sequence)).toEqual([0, 0]);
  });

  it('is known as complete when it is open', async () => {
    const { backplane } = await node();
    expect(backplane.epoch).not.toBe('');
    expect(backplane.state).toBe('up');
    await until(() => expect(backplane.presence()).toMatchObject({ isPartial: false }));
  });

  if (!isShared) return;

  describe('over several nodes', () => {
    it('reaches all of them, in one order', async () => {
      const [a, b] = [await node(), await node()];
      const address = `g:c ${count++}`;
      for (const { backplane } of [a, b]) backplane.subscribe(address);
      for (let i = 0; i < 100; i++)
        (i % 2 === 0 ? a : b).backplane.publish(pushMessage(address, String(i), { where: { role: 'x' } }));
      await until(() => {
        for (const { port } of [a, b]) expect(port.texts(address)).toHaveLength(100);
      });
      expect(a.port.texts(address)).toEqual(b.port.texts(address));
      expect(b.port.delivered[0]).toMatchObject({ topic: 't', delivery: 'reliable', where: { role: 'x' }, id: '' });
      // Whoever listens gets what is not kept; it takes a moment until a new address is listened to.
      await until(() => {
        a.backplane.publish(pushMessage(address, 'now', { delivery: 'latest', key: 'k' }));
        expect(b.port.delivered.at(-1)).toMatchObject({ delivery: 'latest', key: 'k', sequence: 0 });
      });
      b.backplane.unsubscribe(address);
      expect([...a.port.errors, ...b.port.errors]).toEqual([]);
    });

    it('gives a newcomer the end of the log, without delivering it', async () => {
      const a = await node();
      const address = `g:d ${count++}`;
      const pushes = Array.from({ length: 1500 }, (_, i) => pushMessage(address, String(i)));
      for (const push of pushes) a.backplane.publish(push);
      await Promise.all(pushes.map(({ push }) => push.done));
      const b = await node();
      expect(b.backplane.epoch).toBe(a.backplane.epoch);
      expect(b.backplane.lastSequence).toBe(a.backplane.lastSequence);
      const answer = await b.backplane.read({
        addresses: new Map([[address, 0]]),
        after: pushes[999]?.push.sequence ?? 0,
        maxBytes: 1e6,
      });
      expect(answer.messages.map(({ payload }) => Buffer.from(payload as Uint8Array).toString())).toEqual(
        pushes.slice(1000).map((_, i) => String(i + 1000)),
      );
      expect(b.port.delivered).toEqual([]);
    });

    it('keeps sessions where another node can take them, once', async () => {
      const [a, b] = [await node(), await node()];
      const id = `s ${count++}`;
      await a.backplane.saveSession(record(id));
      expect(await b.backplane.takeSession('unknown')).toBeUndefined();
      expect(await b.backplane.takeSession(id)).toEqual(record(id, 2));
      await until(() => expect(a.port.released_).toEqual([id]));
      expect(b.port.released_).toEqual([]);
      // The one that has lost it cannot write it any more.
      await a.backplane.saveSession(record(id));
      expect(a.port.released_).toEqual([id, id]);
      await a.backplane.forgetSession(record(id));
      await b.backplane.saveSession(record(id, 2));
      expect(await a.backplane.takeSession(id)).toEqual(record(id, 3));
      await a.backplane.forgetSession(record(id, 3));
      expect(await b.backplane.takeSession(id)).toBeUndefined();
    });

    it('keeps the newest of records that are stored at the same time', async () => {
      const [a, b] = [await node(), await node()];
      const id = `s ${count++}`;
      const saves = Array.from({ length: 20 }, (_, i) => a.backplane.saveSession({ ...record(id), subscriptions: i }));
      await saves[0];
      saves.push(a.backplane.saveSession({ ...record(id), subscriptions: 20 }));
      await Promise.all(saves.map((save) => Promise.resolve(save)));
      expect(await b.backplane.takeSession(id)).toMatchObject({ subscriptions: 20 });
    });

    it('gives a session to one of those who take it at the same time, and then to the other', async () => {
      const [a, b] = [await node(), await node()];
      const id = `s ${count++}`;
      await a.backplane.saveSession(record(id));
      const takes = [a, b, a, b].map(({ backplane }) => Promise.resolve(backplane.takeSession(id)));
      const versions = (await Promise.all(takes)).map((taken) => taken?.version ?? 0);
      expect(versions.toSorted((x, y) => x - y)).toEqual([2, 3, 4, 5]);
    });

    it('knows who is on which node', async () => {
      const [a, b] = [await node(), await node()];
      const address = `u:${count++} ann`;
      a.port.members.set(address, 2);
      a.backplane.changed(address);
      await until(() => expect(b.backplane.elsewhere(address)).toBe(2));
      const c = await node();
      await until(() => {
        expect(c.backplane.presence()).toEqual({ nodes: 3, isPartial: false, waiting: 0 });
        expect(c.backplane.elsewhere(address)).toBe(2);
      });
      a.port.members.delete(address);
      a.backplane.changed(address);
      await until(() => expect(b.backplane.elsewhere(address)).toBe(0));
      await c.backplane.close();
      await until(() => expect(b.backplane.presence().nodes).toBe(2));
    });
  });

  describe('without its engine', () => {
    it('delivers here, keeps what is reliable, says what is not kept, and comes back by itself', async () => {
      const { engine } = subject();
      if (engine === undefined) throw new Error('no engine to stop');
      const [a, b] = [await node(), await node()];
      const address = `g:e ${count++}`;
      for (const { backplane } of [a, b]) backplane.subscribe(address);
      const first = pushMessage(address, 'before');
      a.backplane.publish(first);
      await until(() => expect(b.port.texts(address)).toEqual(['before']));
      await engine.stop();
      await until(() => expect([a.backplane.state, b.backplane.state]).toEqual(['down', 'down']));
      expect(a.backplane.presence().isPartial).toBe(true);
      const kept = pushMessage(address, 'kept');
      const dropped = pushMessage(address, 'dropped', { delivery: 'volatile' });
      a.backplane.publish(kept);
      a.backplane.publish(dropped);
      expect(a.port.texts(address)).toEqual(['before', 'kept', 'dropped']);
      expect([kept.push.remote, dropped.push.remote]).toEqual(['waiting', 'dropped']);
      await expect(Promise.resolve(a.backplane.takeSession('x'))).rejects.toMatchObject({
        code: 'TARSIER_PUSH_ENGINE',
      });
      await until(() => expect(a.port.dropped).toMatchObject([{ delivery: 'volatile', pushes: 1 }]));
      await engine.start();
      await until(() => {
        expect([a.backplane.state, b.backplane.state]).toEqual(['up', 'up']);
        expect(b.port.texts(address)).toEqual(['before', 'kept']);
      });
      // For sessions that had it at the other node.
      const [, name] = b.port.delivered.map((message) => message.name);
      expect(name).not.toBe('');
      // Its own node gets it again too, with its number, for sessions that were away.
      await until(() => expect(a.port.delivered.at(-1)).toMatchObject({ name, id: name, isRepeated: true }));
      expect(a.port.delivered.at(-1)?.sequence).toBeGreaterThan(0);
      expect(kept.push.remote).toBe('sent');
      b.backplane.publish(pushMessage(address, 'after'));
      await until(() => expect(a.port.texts(address).at(-1)).toBe('after'));
      expect([a.port.epochs, b.port.epochs]).toEqual([1, 1]);
      await until(() => expect(a.backplane.presence()).toEqual({ nodes: 2, isPartial: false, waiting: 0 }));
    });
  });
}
