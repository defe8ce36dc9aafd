import { callBack } from './call-back.js';

/** What the listeners of an event are given: events are declared as lists of arguments, or as the listeners themselves. */
export type EmitterArgs<Events, Name extends keyof Events> = Events[Name] extends (...args: infer Args) => unknown
  ? Args
  : Events[Name] extends unknown[]
    ? Events[Name]
    : never;

/** A listener of an event. It may be async: a promise that rejects is reported as an exception is. */
export type EmitterListener<Events, Name extends keyof Events> = (...args: EmitterArgs<Events, Name>) => unknown;

/** Takes what a listener threw, or rejected with. */
export type ListenerFault = (fault: unknown, event: PropertyKey) => void;

type Run = (...args: unknown[]) => unknown;

interface Listener {
  readonly run: Run;
  readonly context: unknown;
  readonly isOnce: boolean;
}

/**
 * Tells listeners of events: the methods are those of eventemitter3, and of Node.js as far as both have them.
 *
 * Unlike theirs it takes care of what listeners throw, and of what async listeners reject with: that goes to the owner of the emitter, the
 * other listeners run all the same, and `emit` never throws. Lists of listeners are replaced, never changed, so that `emit` may go through
 * one while listeners come and go.
 */
export class Emitter<Events extends object> {
  #listeners: Record<PropertyKey, readonly Listener[]> = Object.create(null) as Record<
    PropertyKey,
    readonly Listener[]
  >;
  readonly #failed: ListenerFault;

  /** @param failed takes what listeners throw or reject with. */
  constructor(failed: ListenerFault) {
    this.#failed = failed;
  }

  #of(event: PropertyKey): readonly Listener[] {
    return this.#listeners[event] ?? [];
  }

  #add(event: PropertyKey, run: unknown, context: unknown, isOnce: boolean): this {
    if (typeof run !== 'function') throw new TypeError('The listener must be a function');
    this.#listeners[event] = [...this.#of(event), { run: run as Run, context: context || this, isOnce }];
    return this;
  }

  /** The events that have listeners. */
  eventNames(): (keyof Events)[] {
    return Reflect.ownKeys(this.#listeners) as (keyof Events)[];
  }

  /** The listeners of an event, in the order in which they are called. */
  listeners<Name extends keyof Events>(event: Name): EmitterListener<Events, Name>[] {
    return this.#of(event).map(({ run }) => run as EmitterListener<Events, Name>);
  }

  /** How many listeners an event has. */
  listenerCount(event: keyof Events): number {
    return this.#of(event).length;
  }

  /** Calls the listeners of an event, in their order. What one throws does not reach the caller, nor the others. @returns whether there was one. */
  emit<Name extends keyof Events>(event: Name, ...args: EmitterArgs<Events, Name>): boolean {
    const listeners = this.#of(event);
    for (const { run, context, isOnce } of listeners) {
      if (isOnce) this.#remove(event, run, undefined, true);
      callBack(
        () => run.apply(context, args),
        (fault) => {
          this.#failed(fault, event);
        },
      );
    }
    return listeners.length > 0;
  }

  /**
   * Calls a function at each such event, with `context` as its `this`; without one, with the emitter.
   *
   * @throws TypeError when it is no function.
   */
  on<Name extends keyof Events>(event: Name, run: EmitterListener<Events, Name>, context?: unknown): this {
    return this.#add(event, run, context, false);
  }

  /** As {@link Emitter.on}. */
  addListener<Name extends keyof Events>(event: Name, run: EmitterListener<Events, Name>, context?: unknown): this {
    return this.#add(event, run, context, false);
  }

  /** As {@link Emitter.on}, for the next such event only. */
  once<Name extends keyof Events>(event: Name, run: EmitterListener<Events, Name>, context?: unknown): this {
    return this.#add(event, run, context, true);
  }

  /** Takes a listener away: everywhere, or as far as it has that context, or was added by `once`; without a function, all of the event. */
  off<Name extends keyof Events>(
    event: Name,
    run?: EmitterListener<Events, Name>,
    context?: unknown,
    onceOnly?: boolean,
  ): this {
    return this.#remove(event, run as Run | undefined, context, onceOnly);
  }

  /** As {@link Emitter.off}. */
  removeListener<Name extends keyof Events>(
    event: Name,
    run?: EmitterListener<Events, Name>,
    context?: unknown,
    onceOnly?: boolean,
  ): this {
    return this.#remove(event, run as Run | undefined, context, onceOnly);
  }

  /** Takes all listeners of an event away; without one, those of all events. */
  removeAllListeners(event?: keyof Events): this {
    if (event) return this.#remove(event, undefined, undefined, undefined);
    this.#listeners = Object.create(null) as Record<PropertyKey, readonly Listener[]>;
    return this;
  }

  #remove(event: PropertyKey, run: Run | undefined, context: unknown, onceOnly: boolean | undefined): this {
    const stays = (one: Listener): boolean =>
      run !== undefined &&
      (one.run !== run || (onceOnly === true && !one.isOnce) || (Boolean(context) && one.context !== context));
    const left = this.#of(event).filter(stays);
    if (left.length > 0) this.#listeners[event] = left;
    else delete this.#listeners[event];
    return this;
  }
}
