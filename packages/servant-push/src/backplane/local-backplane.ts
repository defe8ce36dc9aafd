import { randomUUID } from 'node:crypto';
import type { HubMessage } from '../hub/hub-message.js';
import type { SessionRecord } from '../session/session-record.js';
import type { Backplane, BackplanePort, LogAnswer, LogRequest, PresenceState } from './backplane.js';
import { type LogLimits, PushLog } from './push-log.js';

const ALONE: PresenceState = { nodes: 1, isPartial: false, waiting: 0 };

/** One process: the log is in memory, and gone with it. */
export class LocalBackplane implements Backplane {
  readonly name = 'local';
  readonly epoch: string = randomUUID();
  readonly isShared = false;
  readonly state = 'up';
  readonly #log: PushLog;
  #port: BackplanePort | undefined;

  constructor(limits: Partial<LogLimits> = {}, now: () => number = () => performance.now()) {
    this.#log = new PushLog(limits, now);
  }

  get lastSequence(): number {
    return this.#log.last;
  }

  /** What is kept now. */
  get keptBytes(): number {
    return this.#log.bytes;
  }

  open(port: BackplanePort): void {
    this.#port = port;
  }

  close(): void {
    this.#log.clear();
  }

  publish(message: HubMessage): void {
    if (message.delivery === 'reliable') {
      message.sequence = this.#log.last + 1;
      this.#log.advance(message.sequence);
    }
    this.#port?.deliver(message);
    if (message.sequence > 0) this.#log.keep(message);
  }

  subscribe(): void {}

  unsubscribe(): void {}

  changed(): void {}

  elsewhere(): number {
    return 0;
  }

  presence(): PresenceState {
    return ALONE;
  }

  retain(address: string): void {
    this.#log.retain(address);
  }

  release(address: string): void {
    this.#log.release(address);
  }

  read(request: LogRequest): LogAnswer {
    return this.#log.read(request);
  }

  saveSession(): void {}

  /** Sessions of this process are in its hub. */
  takeSession(): SessionRecord | undefined {
    return undefined;
  }

  forgetSession(): void {}

  sweep(): void {
    this.#log.sweep();
  }
}
