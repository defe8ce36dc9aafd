/** Who is told that a signal was aborted. */
export interface AbortTarget {
  handleEvent(): void;
}

/** The one listener of a signal, for all that wait for it. */
class AbortTargets {
  readonly #targets = new Set<AbortTarget>();

  get size(): number {
    return this.#targets.size;
  }

  add(target: AbortTarget): void {
    this.#targets.add(target);
  }

  delete(target: AbortTarget): void {
    this.#targets.delete(target);
  }

  handleEvent(): void {
    // Those that are told take themselves out.
    for (const target of Array.from(this.#targets)) target.handleEvent();
  }
}

const bySignal = new WeakMap<AbortSignal, AbortTargets>();

/**
 * Tells a target when a signal is aborted. A signal gets one listener for however many targets: one signal may serve a thousand calls, and from 11
 * listeners on Node.js warns of a leak.
 */
export function onAbort(signal: AbortSignal, target: AbortTarget): void {
  let targets = bySignal.get(signal);
  if (targets === undefined) {
    targets = new AbortTargets();
    bySignal.set(signal, targets);
    signal.addEventListener('abort', targets);
  }
  targets.add(target);
}

/** Takes a target back; with the last one the listener goes too. */
export function offAbort(signal: AbortSignal, target: AbortTarget): void {
  const targets = bySignal.get(signal);
  if (targets === undefined) return;
  targets.delete(target);
  if (targets.size > 0) return;
  bySignal.delete(signal);
  signal.removeEventListener('abort', targets);
}
