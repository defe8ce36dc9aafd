import { describe, expect, it } from 'vitest';
import { Outbox, type Outgoing } from './outbox.js';

/** An outbox, what it has sent, and the answers that the test gives. */
function make(limits = { bytes: 1000, pushes: 100 }) {
  const sent: number[] = [];
  const answers: { number: number; ok: () => void; fail: (error: Error) => void }[] = [];
  const stalls: unknown[] = [];
  const outbox = new Outbox(limits, {
    append: ({ number }) => {
      sent.push(number);
      return new Promise<void>((resolve, reject) => {
        answers.push({ number, ok: resolve, fail: reject });
      });
    },
    stalled: (error) => stalls.push(error),
  });
  const add = (number: number, size = 10): Outgoing => {
    const outgoing = { number, bytes: new Uint8Array(size), push: undefined, isConfirmed: false };
    outbox.add(outgoing);
    return outgoing;
  };
  const settle = (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  return { outbox, sent, answers, stalls, add, settle };
}

describe('the outbox', () => {
  it('keeps what it is given until it is open, and each until it is confirmed', async () => {
    const { outbox, sent, answers, add, settle } = make();
    for (const number of [1, 2, 3]) add(number);
    expect(sent).toEqual([]);
    outbox.open();
    add(4);
    expect(sent).toEqual([1, 2, 3, 4]);
    expect([outbox.size, outbox.bytes, outbox.firstNumber]).toEqual([4, 40, 1]);
    answers[0]?.ok();
    answers[2]?.ok();
    await settle();
    expect([outbox.size, outbox.bytes, outbox.firstNumber]).toEqual([2, 20, 2]);
  });

  it('sends all again, in order, that was not confirmed when the engine went away', async () => {
    const { outbox, sent, answers, add, settle } = make();
    outbox.open();
    for (const number of [1, 2, 3]) add(number);
    answers[0]?.ok();
    await settle();
    outbox.shut();
    add(4);
    // What belongs to the old connection means nothing any more.
    answers[1]?.ok();
    await settle();
    outbox.confirm(3);
    sent.length = 0;
    outbox.open();
    expect(sent).toEqual([2, 4]);
    expect(outbox.bytes).toBe(20);
  });

  it('waits for all that is under way when one fails, and says so once', async () => {
    const { outbox, sent, answers, stalls, add, settle } = make();
    outbox.open();
    for (const number of [1, 2, 3]) add(number);
    answers[1]?.fail(new Error('full'));
    await settle();
    add(4);
    expect(stalls).toEqual([]);
    answers[0]?.ok();
    answers[2]?.fail(new Error('another'));
    await settle();
    expect(stalls.map(String)).toEqual(['Error: full']);
    expect(sent).toEqual([1, 2, 3]);
    sent.length = 0;
    outbox.open();
    expect(sent).toEqual([2, 3, 4]);
  });

  it('has room for so many, and so many bytes', () => {
    const { outbox, add } = make({ bytes: 25, pushes: 3 });
    add(1);
    expect([outbox.hasRoom(15), outbox.hasRoom(16)]).toEqual([true, false]);
    add(2, 0);
    add(3, 0);
    expect(outbox.hasRoom(0)).toBe(false);
    expect(outbox.drain().map(({ number }) => number)).toEqual([1, 2, 3]);
    expect([outbox.size, outbox.bytes]).toEqual([0, 0]);
  });
});
