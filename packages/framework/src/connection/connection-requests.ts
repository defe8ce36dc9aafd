import { ByteVector } from '@tarsier/protocol';
import type { Current } from '../current.js';
import { Flag } from './connection-flag.js';
import { ConnectionOutput } from './connection-output.js';
import type { HandlerResult } from './handler-result.js';
import { OrderedRequests } from './ordered-requests.js';

/** The part of a connection that has its requests served. A base class for the same reason as {@link ConnectionOutput}. */
export abstract class ConnectionRequests extends ConnectionOutput {
  #ordered: OrderedRequests | undefined = undefined;
  /** Requests whose handler runs, and requests whose answer was announced for later. */
  #running = 0;
  #late = 0;

  /** The peer had to wait for us until now. */
  protected abstract waitedForUs(): void;

  /** Reads on, if nothing keeps it from that any more. */
  protected abstract resumeIfCaughtUp(): void;

  /** A request is over, which an end may have waited for. */
  protected abstract endIfDue(): void;

  /** Requests that are counted in `queuecap`: those whose handler runs, and those that wait for the one before them. */
  protected get inProgress(): number {
    return this.#running + this.waiting;
  }

  /** Requests of an ordered connection that wait for the one before them. */
  protected get waiting(): number {
    return this.#ordered?.size ?? 0;
  }

  protected get hasRunning(): boolean {
    return this.#running > 0;
  }

  /** Whether nothing is left to be served or answered. */
  protected get isServed(): boolean {
    return this.#running + this.#late === 0 && this.waiting === 0;
  }

  /** Whether so many wait that the peer shall not send more for now. */
  protected get isCrowded(): boolean {
    return this.#ordered?.isFull === true;
  }

  /** Whether the peer, stopped before, may send again. */
  protected get hasRoom(): boolean {
    return this.#ordered?.isLow !== false && 2 * this.inProgress <= this.limits.maxRequests;
  }

  protected dispatch(current: Current): void {
    if (!this.host.admitRequest(current)) return;
    if (this.limits.isOrdered) {
      this.#ordered ??= new OrderedRequests();
      if (this.#running + this.#late > 0) {
        this.#ordered.add(current, this.now());
        this.#holdIfFull();
        return;
      }
    }
    this.#run(current);
  }

  /** One peer is not to take the places of all: no more of it is read until some of its requests are done. */
  #holdIfFull(): void {
    if (this.inProgress < this.limits.maxRequests || this.is(Flag.HELD)) return;
    this.host.onRequestsHeld(this);
    this.hold();
  }

  #run(current: Current): void {
    const response = new ByteVector();
    try {
      const result: HandlerResult = this.host.handle(current, response);
      if (typeof result === 'object') {
        this.#await(current, response, result);
        return;
      }
    } catch (error) {
      this.host.release();
      this.host.onHandlerError(this, error);
      return;
    }
    // The way of nearly every request: answered when the handler returns, without a promise.
    this.host.release();
    this.#answer(current, response);
  }

  /** Whatever thenable it is, and null, which only JavaScript can return: nothing of it may throw out of the reader. */
  #await(current: Current, response: ByteVector, result: Promise<number | void>): void {
    Promise.resolve(result).then(
      () => {
        this.#handled(current, response);
      },
      (error: unknown) => {
        this.host.onHandlerError(this, error);
        this.#requestDone();
      },
    );
    this.#running++;
    this.#holdIfFull();
  }

  #answer(current: Current, response: ByteVector): void {
    if (current.isResponse()) this.send(current.forSending(response), true);
    else if (current.awaitAnswer()) this.#late++;
  }

  #handled(current: Current, response: ByteVector): void {
    try {
      this.#answer(current, response);
    } catch (error) {
      this.fault(error);
    }
    this.#requestDone();
  }

  #requestDone(): void {
    this.#running--;
    this.host.release();
    if (this.#running === 0) this.waitedForUs();
    this.#next();
  }

  handlerFailed(error: unknown): string {
    return this.host.onHandlerError(this, error);
  }

  lateAnswerSent(): void {
    if (this.#late === 0) return;
    this.#late--;
    this.#next();
  }

  /** The connection is gone: an answer announced for later finds nobody, and the requests behind it must not wait for it. */
  protected peerGone(): void {
    this.#late = 0;
    this.#next();
  }

  /** A request is over: the next of an ordered connection begins, or the end that waited for it. */
  #next(): void {
    try {
      if (this.#ordered !== undefined) this.#runWaiting(this.#ordered);
      if (this.is(Flag.PAUSED)) this.resumeIfCaughtUp();
    } catch (error) {
      this.fault(error);
      this.forgetWaiting();
    }
    this.endIfDue();
  }

  #runWaiting(ordered: OrderedRequests): void {
    while (this.#running + this.#late === 0) {
      const current = ordered.take();
      if (current === undefined) break;
      if (this.host.isTooLate(current, this.now() - ordered.takenAddedMs)) this.host.release();
      else this.#run(current);
    }
  }

  /** Requests that wait are not served any more. */
  protected forgetWaiting(): void {
    while (this.#ordered?.take() !== undefined) this.host.release();
  }
}
