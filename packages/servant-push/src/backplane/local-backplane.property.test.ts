import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HubMessage } from '../hub/hub-message.js';
import type { BackplanePort } from './backplane.js';
import { LocalBackplane } from './local-backplane.js';
import type { LogLimits } from './push-log.js';

const message = (address: string, size: number): HubMessage => ({
  address,
  topic: '',
  delivery: 'reliable',
  key: '',
  where: undefined,
  payload: new Uint8Array(size),
  sequence: 0,
  bytes: new Uint8Array(size),
  push: undefined,
  name: '',
  id: '',
  namedBytes: undefined,
  isRepeated: false,
});

function make(limits: Partial<LogLimits>, now: () => number = () => 0): LocalBackplane {
  const backplane = new LocalBackplane(limits, now);
  backplane.open({ deliver: () => undefined } as unknown as BackplanePort);
  return backplane;
}

const addresses = fc.constantFrom('g:a', 'g:b', 'g:c', 'u:d');

describe('the log in memory', () => {
  it('gives each session everything after its position, in order, or says that something is missing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ address: addresses, size: fc.integer({ min: 0, max: 400 }) }), { maxLength: 120 }),
        fc.uniqueArray(addresses, { minLength: 1 }),
        fc.nat(120),
        fc.record({
          bytesPerAddress: fc.integer({ min: 300, max: 20_000 }),
          pushesPerAddress: fc.integer({ min: 1, max: 60 }),
          totalBytes: fc.integer({ min: 300, max: 40_000 }),
        }),
        fc.integer({ min: 1, max: 2000 }),
        (pushes, wanted, after, limits, maxBytes) => {
          const backplane = make(limits);
          for (const address of ['g:a', 'g:b', 'g:c', 'u:d']) backplane.retain(address);
          for (const { address, size } of pushes) backplane.publish(message(address, size));
          const expected = pushes
            .map(({ address }, index) => ({ address, sequence: index + 1 }))
            .filter(({ address, sequence }) => wanted.includes(address) && sequence > after);
          const got: { address: string; sequence: number }[] = [];
          const gaps: { from: number; to: number }[] = [];
          let at = after;
          for (let i = 0; ; i++) {
            expect(i).toBeLessThan(200);
            const answer = backplane.read({ addresses: new Map(wanted.map((one) => [one, 0])), after: at, maxBytes });
            got.push(...answer.messages.map(({ address, sequence }) => ({ address, sequence })));
            if (answer.gap !== undefined) gaps.push(answer.gap);
            expect(answer.upTo).toBeGreaterThanOrEqual(at);
            at = answer.upTo;
            if (answer.isEnd) break;
          }
          // In order, without doubles, nothing that was not pushed.
          expect(got.map(({ sequence }) => sequence)).toEqual(
            got.map(({ sequence }) => sequence).toSorted((a, b) => a - b),
          );
          expect(new Set(got.map(({ sequence }) => sequence)).size).toBe(got.length);
          const missing = expected.filter((one) => !got.some(({ sequence }) => sequence === one.sequence));
          for (const { sequence } of missing) {
            expect(gaps.some(({ from, to }) => sequence >= from && sequence <= to)).toBe(true);
          }
          if (missing.length === 0) expect(got).toEqual(expected);
          expect(backplane.keptBytes).toBeLessThanOrEqual(limits.totalBytes);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('what the log keeps', () => {
  it('nothing for an address that no session asks for', () => {
    const backplane = make({});
    backplane.publish(message('g:a', 100));
    expect(backplane.keptBytes).toBe(0);
    expect(backplane.lastSequence).toBe(1);
  });

  it('nothing any more when the last session is gone', () => {
    const backplane = make({});
    backplane.retain('g:a');
    backplane.retain('g:a');
    backplane.publish(message('g:a', 100));
    backplane.release('g:a');
    expect(backplane.keptBytes).toBeGreaterThan(0);
    backplane.release('g:a');
    expect(backplane.keptBytes).toBe(0);
  });

  it('only what is behind the moment of the subscription', () => {
    const backplane = make({});
    backplane.retain('g:a');
    for (let i = 0; i < 4; i++) backplane.publish(message('g:a', 1));
    const answer = backplane.read({ addresses: new Map([['g:a', 2]]), after: 0, maxBytes: 1000 });
    expect(answer.messages.map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect(answer.gap).toBeUndefined();
  });

  it('nothing that is too old, and says up to where', () => {
    let nowMs = 0;
    const backplane = make({ ageMs: 100 }, () => nowMs);
    backplane.retain('g:a');
    backplane.publish(message('g:a', 1));
    nowMs = 60;
    backplane.publish(message('g:a', 1));
    nowMs = 120;
    backplane.sweep();
    const answer = backplane.read({ addresses: new Map([['g:a', 0]]), after: 0, maxBytes: 1000 });
    expect(answer.messages.map(({ sequence }) => sequence)).toEqual([2]);
    expect(answer.gap).toEqual({ from: 1, to: 1 });
  });

  it('no numbers for what is not reliable', () => {
    const backplane = make({});
    const latest = { ...message('g:a', 1), delivery: 'latest' as const };
    backplane.publish(latest);
    expect(latest.sequence).toBe(0);
    expect(backplane.lastSequence).toBe(0);
  });
});
