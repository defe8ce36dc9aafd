import { Buffer } from 'node:buffer';
import { LabError } from '../lab-error.js';
import { dump, soFar } from './hex.js';
import type { PeerEvents, PeerPlace, PeerSocket } from './peer-socket.js';
import type { PeerStep, StepRunner } from './peer-step.js';

/** Thrown through a script that the test itself ended. */
class Stopped extends Error {}

/** One connection of a fake peer, and how far its script has come. */
export class PeerSession implements PeerEvents, StepRunner {
  readonly socket: PeerSocket;
  readonly #place: PeerPlace;
  readonly #steps: readonly PeerStep[];
  readonly #name: string;
  readonly #changed: () => void;
  /** Everything that came. */
  readonly received: Buffer[] = [];
  /** What the last `expect` took. */
  taken: Buffer = Buffer.alloc(0);
  #unread: Buffer = Buffer.alloc(0);
  #step = 0;
  #isDone = false;
  #error: LabError | undefined;
  #hasEnded = false;
  #isClosed = false;
  #closeReason = '';
  #isStopped = false;
  #wake: (() => void) | undefined;
  #stopSleep: (() => void) | undefined;
  #expected: Uint8Array | undefined;

  constructor(socket: PeerSocket, place: PeerPlace, steps: readonly PeerStep[], name: string, changed: () => void) {
    this.socket = socket;
    this.#place = place;
    this.#steps = steps;
    this.#name = name;
    this.#changed = changed;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  get error(): LabError | undefined {
    return this.#error;
  }

  /** Where it stands, for messages. */
  place(): string {
    const steps = this.#steps;
    return `${this.#name}, step ${this.#step + 1} of ${steps.length} (${steps[this.#step]?.what ?? 'none'})`;
  }

  /** The error of a script that is not done. */
  unfinished(): LabError {
    return new LabError(`${this.place()}: unfinished${soFar(this.#unread, this.#expected)}`);
  }

  async run(): Promise<void> {
    const steps = this.#steps;
    try {
      for (; this.#step < steps.length; this.#step++) await steps[this.#step]?.run(this);
      this.#isDone = true;
    } catch (cause) {
      if (cause instanceof Stopped) return;
      const text = cause instanceof Error ? cause.message : String(cause);
      this.#error = new LabError(`${this.place()}: ${text}`, { cause });
      this.socket.reset();
    }
    this.#changed();
  }

  /** The test is over: waits for nothing more. */
  stop(): void {
    this.#isStopped = true;
    this.#stopSleep?.();
    this.#wake?.();
    if (!this.#isClosed) this.socket.destroy();
  }

  // --- steps ---------------------------------------------------------------------------------------------------------------

  async take(match: (received: Buffer) => number, expected?: Uint8Array): Promise<void> {
    this.#expected = expected;
    for (;;) {
      const size = this.#unread.length === 0 && expected?.length !== 0 ? 0 : match(this.#unread);
      if (size > this.#unread.length) throw new LabError(`the function takes ${size} of ${this.#unread.length} bytes`);
      if (size > 0 || expected?.length === 0) {
        this.taken = this.#unread.subarray(0, size);
        this.#unread = this.#unread.subarray(size);
        this.#expected = undefined;
        return;
      }
      if (this.#hasEnded) throw new LabError(`${this.#closeReason}${soFar(this.#unread, expected)}`);
      await this.#more();
    }
  }

  async waitForEnd(): Promise<void> {
    for (;;) {
      if (this.#unread.length > 0) throw new LabError(`bytes came instead:\n  received ${dump(this.#unread)}`);
      if (this.#hasEnded) return;
      await this.#more();
    }
  }

  send(bytes: Uint8Array): void {
    if (this.#isClosed) throw new LabError(this.#closeReason);
    this.socket.write(bytes);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#place.after(ms, resolve);
      this.#stopSleep = () => {
        cancel();
        reject(new Stopped());
      };
    });
  }

  /** Resolves when the connection is closed. */
  async leave(how: 'close' | 'reset'): Promise<void> {
    if (this.#isClosed) return;
    this.socket[how]();
    while (!this.#isClosed) await this.#more();
  }

  // --- the connection ------------------------------------------------------------------------------------------------------

  data(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes);
    this.received.push(chunk);
    this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    this.#wake?.();
  }

  ended(): void {
    this.#closeReason ||= 'the other side has ended';
    this.#hasEnded = true;
    this.#wake?.();
    // Nothing to do any more: a socket that nobody ends would stay.
    if (this.#isDone) this.socket.end();
  }

  closed(error: Error | undefined): void {
    if (error !== undefined) this.#closeReason = `the connection broke: ${error.message}`;
    this.#closeReason ||= 'the connection is closed';
    this.#isClosed = true;
    this.#hasEnded = true;
    this.#wake?.();
  }

  async #more(): Promise<void> {
    if (this.#isStopped) throw new Stopped();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    if (this.#isStopped) throw new Stopped();
  }
}
