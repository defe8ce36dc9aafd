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
    const { host } = this;
    const isAdmitted = host.admitRequest();
    if (this.limits.isOrdered) {
      this.#ordered ??= new OrderedRequests();
      // What is said to a request that is refused has its place among the answers too.
      if (this.#running + this.#late > 0 && (isAdmitted || host.answersByOrder)) {
        this.#ordered.add({ current, addedMs: this.now(), isAdmitted });
        this.#holdIfFull();
        return;
      }
    }
    if (isAdmitted) this.#run(current);
    else this.#refuse(current);
  }

  #refuse(current: Current): void {
    this.host.refuseRequest(current);
    if (!current.isAnswered) this.#unanswered();
  }

  /** A request will get no answer. Where the next would be taken for it nothing is answered any more. */
  #unanswered(): void {
    if (!this.host.answersByOrder) return;
    this.forgetWaiting();
    this.close();
  }

  /** One peer is not to take the places of all: no more of it is read until some of its requests are done. */
  #holdIfFull(): void {
    if (this.inProgress < this.limits.maxRequests || this.is(Flag.HELD)) return;
    this.host.onRequestsHeld(this);
    this.hold();
  }

  #run(current: Current): void {
    const response = new ByteVector();
    current.begin();
    try {
      const result: HandlerResult = this.host.handle(current, response);
      if (typeof result === 'object') {
        this.#await(current, response, result);
        return;
      }
    } catch (error) {
      this.host.release();
      this.#failed(current, error);
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
        this.#rejected(current, error);
      },
    );
    this.#running++;
    this.#holdIfFull();
  }

  /** A handler has ended: what it left is sent, and then the end that it has asked for comes. */
  #answer(current: Current, response: ByteVector): void {
    if (current.isResponse()) this.send(current.forSending(response), true);
    else if (current.awaitAnswer()) this.#late++;
    if (current.end()) this.close();
  }

  #failed(current: Current, error: unknown): void {
    this.host.onHandlerError(this, error);
    if (current.end()) this.close();
    // Whatever was sent before, it was no whole answer.
    else this.#unanswered();
  }

  #rejected(current: Current, error: unknown): void {
    try {
      this.#failed(current, error);
    } catch (fault) {
      this.fault(fault);
    }
    this.#requestDone();
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
      const request = ordered.take();
      if (request === undefined) break;
      const { current, addedMs } = request;
      if (!request.isAdmitted) this.#refuse(current);
      else if (this.host.isTooLate(current, this.now() - addedMs)) {
        this.host.release();
        if (!current.isAnswered) this.#unanswered();
      } else this.#run(current);
    }
  }

  /** Requests that wait are not served any more. */
  protected forgetWaiting(): void {
    for (let request = this.#ordered?.take(); request !== undefined; request = this.#ordered?.take()) {
      if (request.isAdmitted) this.host.release();
    }
  }
}
