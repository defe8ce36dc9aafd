import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LinkClocks, type LinkFacts, type LinkVerdict, LinkWatch } from './link-watch.js';

const calm: LinkFacts = {
  chunks: 0,
  answers: 0,
  isPartial: false,
  isExpecting: false,
  isBlocked: false,
  blockedMs: 0,
  waitingBytes: 0,
};
const off: LinkClocks = { keepAliveMs: 0, silenceMs: 0, stallMs: 0 };

/** Looks as often as it wants to until `endMs`; what it said and when, but for `fine`. */
function watch(clocks: Partial<LinkClocks>, endMs: number, factsAt: (ms: number) => Partial<LinkFacts>): string[] {
  const link = new LinkWatch({ ...off, ...clocks }, 0);
  const said: string[] = [];
  let isBlocked = false;
  for (let ms = link.periodMs(true); ms <= endMs; ms += link.periodMs(isBlocked)) {
    const facts = { ...calm, ...factsAt(ms) };
    ({ isBlocked } = facts);
    const verdict: LinkVerdict = link.look(ms, facts);
    if (verdict !== 'fine') said.push(`${verdict} ${ms}`);
    if (verdict !== 'fine' && verdict !== 'heartbeat') break;
    if (link.periodMs(isBlocked) === 0) break;
  }
  return said;
}

describe('LinkWatch', () => {
  it('sends a heartbeat after silence, and gives up when nothing answers', () => {
    expect(watch({ keepAliveMs: 1000 }, 5000, () => ({}))).toEqual(['heartbeat 750', 'unanswered 1750']);
  });

  it('goes on while heartbeats are answered', () => {
    const said = watch({ keepAliveMs: 1000 }, 5000, (ms) => {
      const answers = ms >= 2500 ? 2 : ms >= 1000 ? 1 : 0;
      return { chunks: answers, answers };
    });
    expect(said).toEqual(['heartbeat 750', 'heartbeat 1750', 'heartbeat 3250', 'unanswered 4250']);
  });

  it('sends none while something comes', () => {
    expect(watch({ keepAliveMs: 1000 }, 9000, (ms) => ({ chunks: ms, answers: ms }))).toEqual([]);
  });

  it('waits while a long packet is arriving, behind which the answer may stand', () => {
    const said = watch({ keepAliveMs: 1000 }, 5000, (ms) =>
      ms > 750 && ms <= 3000 ? { chunks: ms, isPartial: true } : { chunks: ms > 3000 ? 3000 : 0 },
    );
    expect(said).toEqual(['heartbeat 750', 'unanswered 4000']);
  });

  it('gives up on silence only while something is expected', () => {
    expect(watch({ silenceMs: 1000 }, 9000, () => ({}))).toEqual([]);
    // The call is seen at 2000.
    expect(watch({ silenceMs: 1000 }, 9000, (ms) => ({ isExpecting: ms > 1800 }))).toEqual(['silent 3000']);
    const talking = (ms: number): Partial<LinkFacts> => ({ isExpecting: true, chunks: Math.min(ms, 4000) });
    expect(watch({ silenceMs: 1000 }, 9000, talking)).toEqual(['silent 5000']);
  });

  it('gives up on a write only when the network takes nothing', () => {
    const blocked = { isBlocked: true, blockedMs: 0 };
    expect(watch({ stallMs: 1000 }, 9000, () => blocked)).toEqual(['stalled 1000']);
    const slow = (ms: number): Partial<LinkFacts> => ({ ...blocked, waitingBytes: Math.max(1, 4000 - ms) });
    expect(watch({ stallMs: 1000 }, 9000, slow)).toEqual(['stalled 5000']);
    // It takes all of it now and then.
    expect(watch({ stallMs: 1000 }, 9000, (ms) => ({ isBlocked: true, blockedMs: ms - 500 }))).toEqual([]);
  });

  it('holds nothing against the peer that happened while nobody could look', () => {
    const link = new LinkWatch({ keepAliveMs: 1000, silenceMs: 2000, stallMs: 2000 }, 0);
    const facts = { ...calm, isExpecting: true, isBlocked: true };
    expect(link.look(750, facts)).toBe('heartbeat');
    link.paused(60_000, 60_750);
    expect(link.look(60_750, facts)).toBe('fine');
    expect(link.look(61_750, facts)).toBe('unanswered');
  });

  it('finds a link that is cut at any moment within two intervals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 700 }), (cutMs, everyMs) => {
        // Packets come each `everyMs`, and heartbeats are answered, until the cut.
        const heard = (ms: number): number => Math.floor(Math.min(ms, cutMs) / everyMs) + 1;
        const said = watch({ keepAliveMs: 1000 }, 10_000, (ms) => ({ chunks: heard(ms), answers: heard(ms) }));
        const [verdict, ms] = said.at(-1)?.split(' ') ?? [];
        expect(verdict).toBe('unanswered');
        expect(Number(ms) - cutMs).toBeLessThanOrEqual(2000);
        expect(Number(ms) - cutMs).toBeGreaterThan(0);
      }),
    );
  });
});
