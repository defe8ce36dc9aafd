import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isSessionRecord } from '../session/session-record.js';
import { TestPort } from './backplane.contract.testkit.js';
import { ClusterBackplane } from './cluster-backplane.js';
import type { Engine, EnginePort } from './engine.js';
import { decodePresence } from './presence-message.js';
import { decodePush, encodePush } from './push-record.js';

/** A head and a payload, as `encodePush` lays them out. */
function pushBytes(head: unknown): Uint8Array {
  const text = Buffer.from(typeof head === 'string' ? head : JSON.stringify(head));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(text.length);
  return Buffer.concat([size, text, Buffer.from('payload')]);
}

const sound = { n: 'node', i: 1, a: 'g:x' };
const wrongHeads: readonly unknown[] = [
  null,
  1,
  [],
  'no json',
  {},
  { ...sound, n: 1 },
  { ...sound, i: '1' },
  { ...sound, i: null },
  { ...sound, a: ['g:x'] },
  { ...sound, t: 1 },
  { ...sound, d: 'toString' },
  { ...sound, d: null },
  { ...sound, k: {} },
  { ...sound, w: null },
  { ...sound, w: 7 },
  { ...sound, w: [] },
  { ...sound, w: { a: null } },
  { ...sound, w: { a: [{}] } },
];

const wrongNews: readonly string[] = [
  '',
  'no json',
  'null',
  '7',
  '[]',
  '{}',
  '{"k":"change","n":"x"}',
  '{"k":"change","n":"x","v":1,"c":[["g:a"]]}',
  '{"k":"change","n":"x","v":1,"c":[["g:a","many"]]}',
  '{"k":"change","n":"x","v":1,"c":[["g:a",-1]]}',
  '{"k":"change","n":"x","v":"1","c":[]}',
  '{"k":"all","n":"x","v":1,"part":3,"of":2,"c":[]}',
  '{"k":"all","n":"x","v":1,"part":0,"of":2,"c":{}}',
  '{"k":"bye","n":7}',
  '{"k":"ask","n":"a b"}',
  '{"k":"nothing","n":"x"}',
];

/** An engine that does nothing, and gives away its port. */
class DeadEngine {
  readonly name = 'dead';
  port: EnginePort | undefined;
  open(port: EnginePort): Promise<void> {
    this.port = port;
    return Promise.resolve();
  }
  async log(): Promise<{ epoch: string; first: number; last: number }> {
    return { epoch: 'e', first: 1, last: 0 };
  }
  async append(): Promise<number> {
    return 0;
  }
  async nodes(): Promise<string[]> {
    return [];
  }
  async close(): Promise<void> {}
  async lease(): Promise<void> {}
  async cast(): Promise<void> {}
  listen(): void {}
  unlisten(): void {}
  follow(): void {}
}

const open: ClusterBackplane[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function node(): Promise<{ engine: EnginePort; port: TestPort; backplane: ClusterBackplane }> {
  const dead = new DeadEngine();
  const backplane = new ClusterBackplane({ engine: dead as unknown as Engine });
  open.push(backplane);
  const port = new TestPort();
  const opened = backplane.open(port);
  dead.port?.connected();
  await opened;
  return { engine: dead.port as EnginePort, port, backplane };
}

describe('what something else writes to the engine', () => {
  it.each(wrongHeads)('as a push %j is told, and nothing is thrown', async (head) => {
    expect(() => decodePush(pushBytes(head))).toThrow(/no push/);
    const { engine, port } = await node();
    engine.received('g:x', pushBytes(head));
    engine.entry(1, pushBytes(head));
    engine.entry(2, pushBytes(sound));
    expect(port.errors.length).toBe(2);
    expect(port.delivered.map(({ sequence }) => sequence)).toEqual([2]);
  });

  it.each(wrongNews)('as news of a node %j is told, and counts stay as they are', async (text) => {
    expect(() => decodePresence(Buffer.from(text))).toThrow(/no news of a node/);
    const { engine, port, backplane } = await node();
    engine.received('nodes', Buffer.from('{"k":"all","n":"x","v":1,"part":0,"of":1,"c":[["g:a",2]]}'));
    engine.received('nodes', Buffer.from(text));
    expect(port.errors.length).toBe(1);
    expect(backplane.elsewhere('g:a')).toBe(2);
  });

  it('of any bytes, on any channel, never throws', async () => {
    const { engine, port } = await node();
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.jsonValue().map(pushBytes),
    );
    const channel = fc.constantFrom('nodes', 'taken', 'renewed', 'g:x', 'u:', 'a:');
    fc.assert(
      fc.property(bytes, channel, fc.oneof(fc.integer(), fc.double()), (message, name, sequence) => {
        engine.received(name, message);
        engine.entry(Math.min(sequence, 1e9), message);
      }),
    );
    expect(port.delivered.length).toBeLessThan(5);
  });

  it('that is sound is what was written', () => {
    const where = { role: ['a', 1, true], level: 3 };
    const bytes = encodePush('n', 5, {
      address: 'g:x',
      topic: 't',
      delivery: 'latest',
      key: 'k',
      where,
      payload: Buffer.from('p'),
      sequence: 0,
      bytes: undefined,
      namedBytes: undefined,
      push: undefined,
      name: '',
      id: '',
      isRepeated: false,
    });
    expect(decodePush(bytes)).toMatchObject({
      node: 'n',
      number: 5,
      address: 'g:x',
      delivery: 'latest',
      key: 'k',
      where,
    });
  });
});

describe('a record of a session', () => {
  const good = {
    id: 'i',
    user: 'u',
    labels: { a: 1 },
    setLabels: {},
    ackedSequence: 0,
    version: 1,
    subscriptions: 0,
    addresses: [['g:a', 1, 'client']],
  };
  it('is one with all of its fields, and nothing else is', () => {
    expect(isSessionRecord(good)).toBe(true);
    for (const wrong of [null, 7, 'x', [], {}]) expect(isSessionRecord(wrong)).toBe(false);
    for (const name of Object.keys(good)) {
      for (const value of [undefined, null, {}, [[]], -1, 'x'.repeat(3), [['g:a', 1, 'king']]]) {
        if (name === 'id' || name === 'user') {
          expect(isSessionRecord({ ...good, [name]: value })).toBe(typeof value === 'string');
        } else if (!(typeof value === 'object' && value !== null && !Array.isArray(value))) {
          expect(isSessionRecord({ ...good, [name]: value })).toBe(false);
        }
      }
    }
  });
});

vi.setConfig({ testTimeout: 30_000 });
