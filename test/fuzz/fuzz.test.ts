import { setLogger } from '@tarsier/framework';
import * as protocol from '@tarsier/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOfCase, FuzzFault, type FuzzTarget, runCase, runFuzz } from './run-fuzz.js';
import { targets } from './targets.js';

/** Exports of protocol that read nothing of others: those that write, hold, name or measure. */
const readsNothing = [
  'ByteVector',
  'CallType',
  'Emitter',
  'MAX_COUNT',
  'MAX_DURATION_MS',
  'NetWorkBuffer',
  'PacketType',
  'ProtocolVersion',
  'ReqStatus',
  'RequestPacket',
  'ResponsePacket',
  'ResultCode',
  'StatusKey',
  'TarsOutputStream',
  'TarsPacketType',
  'WireType',
  'bytesOf',
  'checkCount',
  'checkDurationMs',
  'cutText',
  'decodeDefaults',
  'encodeArgs',
  'encodePush',
  'encodeRequest',
  'encodeResponse',
  'encodeResult',
  'encodeStruct',
  'encodeUtf8',
  'errorCodes',
  'ownText',
  'sortedEntries',
  'stringifyTarsJson',
  'tars',
  'tarsFunction',
  'tarsInterface',
];

// What is hostile to a configuration is also logged.
beforeAll(() => setLogger({ debug() {}, info() {}, warn() {}, error() {} }));
afterAll(() => setLogger(undefined));

describe('the table of what is fuzzed', () => {
  it('has every reader that protocol exports', () => {
    const covered = new Set([...readsNothing, ...targets.flatMap(({ covers }) => covers)]);
    const forgotten = Object.keys(protocol).filter((name) => !covered.has(name) && !name.endsWith('Exception'));
    expect(forgotten, 'add a target, or say that it reads nothing of others').toEqual([]);
  });

  it('has no name twice, and samples that are read without a fault where the target refuses others', () => {
    expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length);
    for (const target of targets) {
      for (const sample of target.samples) expect(() => target.read(sample.slice()), target.name).not.toThrow();
    }
  });
});

describe('hostile bytes', () => {
  it('give exceptions of a type only, within 50 ms each, and leave the heap as it was', () => {
    const report = runFuzz(targets, { seed: 20_260_101, cases: 400 });
    expect(report.cases).toBe(400 * targets.length);
    // Else they are so hostile that nothing of them is read, or so tame that nothing is refused.
    expect(report.refused / report.cases).toBeGreaterThan(0.2);
    expect(report.refused / report.cases).toBeLessThan(0.95);
  });

  const careless: FuzzTarget = {
    name: 'careless',
    covers: [],
    samples: [Uint8Array.of(1, 2, 3)],
    read: (bytes) => {
      if (bytes.length > 3) throw new RangeError('out of range');
    },
    isTyped: () => false,
  };

  it('find a reader that throws something else, and name a case that shows it again', () => {
    let found: unknown;
    try {
      runFuzz([careless], { seed: 1, cases: 100 });
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(FuzzFault);
    const seed = Number(/--case (\d+)/.exec((found as Error).message)?.[1]);
    expect(() => runCase(careless, seed)).toThrow(/RangeError: out of range/);
    expect(bytesOfCase(careless, seed)).toEqual(bytesOfCase(careless, seed));
  });

  it('find a reader that takes too long', () => {
    const read = (): void => {
      for (const endMs = performance.now() + 60; performance.now() < endMs; );
    };
    expect(() => runFuzz([{ ...careless, read }], { seed: 1, cases: 1 })).toThrow(/takes \d+ ms, more than 50/);
  });
});
