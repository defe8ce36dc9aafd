import { describe, expect, it } from 'vitest';
import { type AbortTarget, offAbort, onAbort } from './abort-targets.js';

/** Counts the listeners of its signal. */
function counted(): { readonly controller: AbortController; readonly listeners: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners.add(args[1]);
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners.delete(args[1]);
    removeEventListener.apply(signal, args);
  };
  return { controller, listeners: () => listeners.size };
}

function target(told: AbortTarget[]): AbortTarget {
  const one: AbortTarget = { handleEvent: () => void told.push(one) };
  return one;
}

describe('onAbort', () => {
  it('adds one listener to a signal for a thousand targets, and takes it away with the last', () => {
    const { controller, listeners } = counted();
    const told: AbortTarget[] = [];
    const targets = Array.from({ length: 1000 }, () => target(told));
    for (const one of targets) onAbort(controller.signal, one);
    expect(listeners()).toBe(1);
    for (const one of targets.slice(1)) offAbort(controller.signal, one);
    expect(listeners()).toBe(1);
    offAbort(controller.signal, targets[0] as AbortTarget);
    offAbort(controller.signal, targets[0] as AbortTarget);
    expect(listeners()).toBe(0);
    controller.abort();
    expect(told).toEqual([]);
  });

  it('tells all, also when they take themselves out', () => {
    const { controller, listeners } = counted();
    const told: AbortTarget[] = [];
    for (let n = 0; n < 3; n++) {
      const one: AbortTarget = {
        handleEvent: () => {
          told.push(one);
          offAbort(controller.signal, one);
        },
      };
      onAbort(controller.signal, one);
    }
    controller.abort();
    expect([told.length, listeners()]).toEqual([3, 0]);
  });
});
