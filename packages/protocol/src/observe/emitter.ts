import { EventEmitter } from '#event-emitter';
import { callBack } from './call-back.js';

/** What the listeners of an event are given. */
export type EmitterArgs<Events extends object, Name extends EventEmitter.EventNames<Events>> = EventEmitter.EventArgs<
  Events,
  Name
>;

/** A listener of an event. It may be async: a promise that rejects is reported as an exception is. */
export type EmitterListener<
  Events extends object,
  Name extends EventEmitter.EventNames<Events>,
> = EventEmitter.EventListener<Events, Name>;

/** Takes what a listener threw, or rejected with. */
export type ListenerFault = (fault: unknown, event: PropertyKey) => void;

type Run = (this: unknown, ...args: unknown[]) => unknown;

/**
 * The emitter of eventemitter3 (in pages a smaller one with the same methods) that takes care of its listeners: what they throw, and what async listeners reject with, goes to the
 * owner of the emitter. The other listeners run all the same, and `emit` never throws.
 *
 * Each listener is kept in a guard, one for each event and function, so that the library finds, replaces and counts listeners as ever.
 */
export class Emitter<Events extends object> extends EventEmitter<Events> {
  readonly #failed: ListenerFault;
  readonly #guards = new Map<PropertyKey, WeakMap<Run, Run>>();
  /** The listener in each guard. */
  readonly #guarded = new WeakMap<Run, Run>();

  /** @param failed takes what listeners throw or reject with. */
  constructor(failed: ListenerFault) {
    super();
    this.#failed = failed;
  }

  /** The listeners of an event, in the order in which they are called. */
  override listeners<Name extends EventEmitter.EventNames<Events>>(event: Name): EmitterListener<Events, Name>[] {
    const guards = super.listeners(event) as Run[];
    return guards.map((guard) => this.#guarded.get(guard) ?? guard) as EmitterListener<Events, Name>[];
  }

  /**
   * Calls a function at each such event, with `context` as its `this`; without one, with the emitter.
   *
   * @throws TypeError when it is no function.
   */
  override on<Name extends EventEmitter.EventNames<Events>>(
    event: Name,
    run: EmitterListener<Events, Name>,
    context?: unknown,
  ): this {
    return super.on(event, this.#guardOf(event, run), context);
  }

  /** As `on`. */
  override addListener<Name extends EventEmitter.EventNames<Events>>(
    event: Name,
    run: EmitterListener<Events, Name>,
    context?: unknown,
  ): this {
    return this.on(event, run, context);
  }

  /** As `on`, for the next such event only. */
  override once<Name extends EventEmitter.EventNames<Events>>(
    event: Name,
    run: EmitterListener<Events, Name>,
    context?: unknown,
  ): this {
    return super.once(event, this.#guardOf(event, run), context);
  }

  /** Takes a listener away: everywhere, or as far as it has that context, or was added by `once`; without a function, all of the event. */
  override off<Name extends EventEmitter.EventNames<Events>>(
    event: Name,
    run?: EmitterListener<Events, Name>,
    context?: unknown,
    onceOnly?: boolean,
  ): this {
    return this.removeListener(event, run, context, onceOnly);
  }

  /** As `off`. */
  override removeListener<Name extends EventEmitter.EventNames<Events>>(
    event: Name,
    run?: EmitterListener<Events, Name>,
    context?: unknown,
    onceOnly?: boolean,
  ): this {
    return super.removeListener(event, this.#guardOf(event, run), context, onceOnly);
  }

  /** What the library keeps for a listener. It refuses what is no function, and takes guards away by themselves after `once`. */
  #guardOf(event: PropertyKey, listener: unknown): never {
    if (typeof listener !== 'function' || this.#guarded.has(listener as Run)) return listener as never;
    const run = listener as Run;
    const guards = this.#guards.get(event) ?? new WeakMap<Run, Run>();
    this.#guards.set(event, guards);
    const known = guards.get(run);
    if (known !== undefined) return known as never;
    const failed = (fault: unknown): void => {
      this.#failed(fault, event);
    };
    const guard: Run = function guard(this: unknown, ...args) {
      callBack(() => run.apply(this, args), failed);
    };
    guards.set(run, guard);
    this.#guarded.set(guard, run);
    return guard as never;
  }
}
