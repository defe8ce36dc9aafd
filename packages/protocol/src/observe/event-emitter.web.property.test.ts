import { EventEmitter as Original } from 'eventemitter3';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventEmitter as Small } from './event-emitter.web.js';

const EVENTS = ['a', 'b', 'constructor', Symbol.for('c')] as const;

const event = fc.constantFrom(...EVENTS);
const listener = fc.nat(2);
/** Index of a context; 2 for none. */
const context = fc.nat(2);
/** What a listener does while it is called. */
const reaction = fc.constantFrom('nothing', 'removes itself', 'removes another', 'adds another', 'emits again');

const step = fc.oneof(
  fc.record({ kind: fc.constantFrom('on', 'addListener', 'once'), event, listener, context }),
  fc.record({
    kind: fc.constantFrom('off', 'removeListener'),
    event,
    listener: fc.option(listener),
    context,
    once: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('removeAllListeners'), event: fc.option(event) }),
  fc.record({ kind: fc.constant('emit'), event, args: fc.array(fc.integer(), { maxLength: 7 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What a program can see of an emitter on which the steps are done. */
function trace(Emitter: typeof Original, steps: readonly Step[], reactions: readonly string[]): unknown[] {
  const emitter = new Emitter();
  const seen: unknown[] = [];
  const contexts = [{ name: 'one' }, { name: 'two' }];
  let depth = 0;
  const listeners = [0, 1, 2].map(
    (index) =>
      function run(this: unknown, ...args: unknown[]): void {
        seen.push([index, this === emitter ? 'emitter' : this, args]);
        const other = listeners[(index + 1) % 3]!;
        if (reactions[index] === 'removes itself') emitter.off('a', run);
        if (reactions[index] === 'removes another') emitter.off('a', other);
        if (reactions[index] === 'adds another' && seen.length < 50) emitter.on('a', other);
        if (reactions[index] === 'emits again' && depth++ < 2) emitter.emit('a', depth);
      },
  );
  for (const one of steps) {
    let result: unknown;
    if ('args' in one) result = emitter.emit(one.event, ...one.args);
    else if (one.kind === 'removeAllListeners') result = emitter.removeAllListeners(one.event ?? undefined);
    else {
      const { kind, event: name, listener: index, context: at } = one as Extract<Step, { context: number }>;
      const run = index === null ? undefined : listeners[index];
      if (kind === 'off' || kind === 'removeListener') {
        result = emitter[kind](name, run, contexts[at], 'once' in one && one.once);
      } else result = emitter[kind as 'on'](name, run!, contexts[at]);
    }
    seen.push(result === emitter ? 'emitter' : result, emitter.eventNames());
    for (const name of EVENTS) {
      seen.push(
        emitter.listenerCount(name),
        emitter.listeners(name).map((run) => listeners.indexOf(run as never)),
      );
    }
  }
  return seen;
}

describe('the emitter of browsers', () => {
  it('does what eventemitter3 does', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.array(reaction, { minLength: 3, maxLength: 3 }),
        (steps, reactions) => {
          expect(trace(Small, steps, reactions)).toEqual(trace(Original, steps, reactions));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([Small, Original])('takes functions only', (Emitter) => {
    expect(() => new Emitter().on('a', 'text' as never)).toThrow(new TypeError('The listener must be a function'));
  });
});
