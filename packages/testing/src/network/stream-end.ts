import { Buffer } from 'node:buffer';
import type { Wire, WireHandlers } from '@tarsier/framework';
import type { LinkContext } from './link-context.js';
import type { Pipe, PipeReceiver, PipeSender } from './pipe.js';

/** What an end of a link asks of the link. */
export interface StreamEndHost {
  /** This end sends a reset. */
  reset(end: StreamEnd): void;
  /** The program at this end was told that all is over. */
  closed(end: StreamEnd): void;
  note(end: StreamEnd, what: string, bytes: number): void;
}

/**
 * One end of a stream in memory, with the manners of `net.Socket`: high-water mark, drain, cork, half-close, and what `destroy` does with
 * bytes that were not read. The server's end is given to an adapter as it is.
 */
export class StreamEnd implements Wire, PipeSender, PipeReceiver {
  readonly #context: LinkContext;
  readonly #host: StreamEndHost;
  /** Whether the end of what the peer sends ends this side too, as `allowHalfOpen: false`. */
  readonly #endsWithPeer: boolean;
  #out: Pipe | undefined;
  #in: Pipe | undefined;
  #handlers: WireHandlers | undefined;
  #corked: Buffer[] | undefined;
  #corkedBytes = 0;
  #bytesWritten = 0;
  #needsDrain = false;
  #isDrainDue = false;
  #isPaused = false;
  #isEnding = false;
  #hasPeerEnded = false;
  #goesWhenSent = false;
  #isGone = false;
  #isCloseDue = false;
  #isClosed = false;

  constructor(context: LinkContext, host: StreamEndHost, endsWithPeer: boolean) {
    this.#context = context;
    this.#host = host;
    this.#endsWithPeer = endsWithPeer;
  }

  /** @internal The two directions, once they are made. */
  join(out: Pipe, input: Pipe): void {
    this.#out = out;
    this.#in = input;
  }

  /** From now on the handlers are told; nothing is called from within. */
  start(handlers: WireHandlers): void {
    this.#handlers = handlers;
    if (!this.#isPaused && !this.#isGone) this.#in?.startReading();
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Whether the program was told that all is over. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  get writableLength(): number {
    const inKernel = Math.max(0, (this.#out?.heldBytes ?? 0) - this.#context.kernelBytes);
    return this.#corkedBytes + inKernel;
  }

  get writableNeedDrain(): boolean {
    return this.#needsDrain;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isGone || this.#isEnding) return false;
    // As a stream: what counts is what is there before the kernel is asked.
    const isEnough = this.writableLength + bytes.length >= this.#context.highWaterMark;
    if (isEnough) this.#needsDrain = true;
    this.#bytesWritten += bytes.length;
    if (bytes.length > 0) {
      const copy = Buffer.from(bytes);
      if (this.#corked === undefined) {
        this.#send(copy);
      } else {
        this.#corked.push(copy);
        this.#corkedBytes += copy.length;
      }
    }
    if (this.#corked === undefined) this.progressed();
    return !isEnough;
  }

  cork(): void {
    this.#corked ??= [];
  }

  uncork(): void {
    const corked = this.#corked;
    this.#corked = undefined;
    this.#corkedBytes = 0;
    if (corked === undefined || this.#isGone) return;
    for (const bytes of corked) this.#send(bytes);
    this.progressed();
  }

  pause(): void {
    this.#isPaused = true;
    this.#in?.stopReading();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (this.#handlers !== undefined && !this.#isGone) this.#in?.startReading();
  }

  end(): void {
    if (this.#isEnding || this.#isGone) return;
    this.uncork();
    this.#isEnding = true;
    this.#host.note(this, 'end', 0);
    this.#out?.end();
    this.#closeIfDone();
  }

  destroy(): void {
    if (this.#isGone) return;
    // Also while it is paused a socket takes this much out of the kernel, into a buffer of its own.
    const hasUnread = (this.#in?.unreadBytes ?? 0) > this.#context.highWaterMark;
    this.#leave();
    if (hasUnread) {
      // A kernel that throws away what came says so to the peer. Source: RFC 1122 section 4.2.2.13.
      this.#host.reset(this);
    } else {
      this.#out?.endWithKernel();
    }
  }

  /** Sends what was written, then closes both sides. */
  endAndDestroy(): void {
    this.end();
    this.#goesWhenSent = true;
    this.progressed();
  }

  /** Breaks the connection from this side: the peer gets a reset. */
  resetAndDestroy(): void {
    if (this.#isGone) return;
    this.#leave();
    this.#host.reset(this);
  }

  /** The network broke the connection; called in an event. */
  fail(error: Error): void {
    if (this.#isGone) return;
    this.#leave();
    this.#handlers?.wireFailed(error);
  }

  progressed(): void {
    if (this.#isGone) return;
    if (this.#isEnding) {
      if (this.#goesWhenSent && this.writableLength === 0) this.destroy();
      else this.#closeIfDone();
    } else if (this.#needsDrain && !this.#isDrainDue && this.writableLength === 0) {
      this.#isDrainDue = true;
      this.#context.time.schedule(0, this.#drain, 'a drain');
    }
  }

  data(bytes: Uint8Array): void {
    this.#handlers?.receive(bytes);
  }

  ended(): void {
    this.#hasPeerEnded = true;
    this.#handlers?.peerEnded();
    if (this.#endsWithPeer) this.end();
    this.#closeIfDone();
  }

  #send(bytes: Buffer): void {
    this.#host.note(this, 'write', bytes.length);
    this.#out?.write(bytes);
  }

  readonly #drain = (): void => {
    this.#isDrainDue = false;
    if (this.#isGone || this.#isEnding || !this.#needsDrain || this.writableLength > 0) return;
    this.#needsDrain = false;
    this.#handlers?.drained();
  };

  /** Both sides have ended and the kernel has the rest: a socket closes then by itself. */
  #closeIfDone(): void {
    if (this.#isEnding && this.#hasPeerEnded && !this.#isGone && this.writableLength === 0) this.#leave();
  }

  #leave(): void {
    this.#isGone = true;
    this.#corked = undefined;
    this.#corkedBytes = 0;
    this.#in?.stopReading();
    if (this.#isCloseDue) return;
    this.#isCloseDue = true;
    this.#context.time.schedule(
      0,
      () => {
        this.#in?.discard();
        this.#isClosed = true;
        this.#host.note(this, 'closed', 0);
        this.#handlers?.wireClosed();
        this.#host.closed(this);
      },
      'a close',
    );
  }
}
