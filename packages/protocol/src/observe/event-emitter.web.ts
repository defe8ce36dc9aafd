import type { EventEmitter as Emitter } from 'eventemitter3';

type Run = (...args: unknown[]) => unknown;

interface Listener {
  readonly run: Run;
  readonly context: unknown;
  readonly isOnce: boolean;
}

/** Lists of listeners are replaced, never changed, so that `emit` may go through one while listeners come and go. */
class SmallEmitter {
  #listeners: Record<PropertyKey, readonly Listener[]> = Object.create(null);

  #of(event: PropertyKey): readonly Listener[] {
    return this.#listeners[event] ?? [];
  }

  #add(event: PropertyKey, run: Run, context: unknown, isOnce: boolean): this {
    if (typeof run !== 'function') throw new TypeError('The listener must be a function');
    this.#listeners[event] = [...this.#of(event), { run, context: context || this, isOnce }];
    return this;
  }

  eventNames(): PropertyKey[] {
    return Reflect.ownKeys(this.#listeners);
  }

  listeners(event: PropertyKey): Run[] {
    return this.#of(event).map(({ run }) => run);
  }

  listenerCount(event: PropertyKey): number {
    return this.#of(event).length;
  }

  emit(event: PropertyKey, ...args: unknown[]): boolean {
    const listeners = this.#of(event);
    for (const { run, context, isOnce } of listeners) {
      if (isOnce) this.off(event, run, undefined, true);
      run.apply(context, args);
    }
    return listeners.length > 0;
  }

  on(event: PropertyKey, run: Run, context?: unknown): this {
    return this.#add(event, run, context, false);
  }

  addListener(event: PropertyKey, run: Run, context?: unknown): this {
    return this.on(event, run, context);
  }

  once(event: PropertyKey, run: Run, context?: unknown): this {
    return this.#add(event, run, context, true);
  }

  off(event: PropertyKey, run?: Run, context?: unknown, onceOnly?: boolean): this {
    const stays = (one: Listener): boolean =>
      run !== undefined &&
      (one.run !== run || (onceOnly === true && !one.isOnce) || (!!context && one.context !== context));
    const left = this.#of(event).filter(stays);
    if (left.length > 0) this.#listeners[event] = left;
    else delete this.#listeners[event];
    return this;
  }

  removeListener(event: PropertyKey, run?: Run, context?: unknown, onceOnly?: boolean): this {
    return this.off(event, run, context, onceOnly);
  }

  removeAllListeners(event?: PropertyKey): this {
    if (event) return this.off(event);
    this.#listeners = Object.create(null);
    return this;
  }
}

/** What eventemitter3 does, in a fraction of its size. */
export const EventEmitter: typeof Emitter = SmallEmitter as unknown as typeof Emitter;
