import { TarsException, type TimeSource } from '@tarsier/framework';
import { after } from '../client/session-time.js';
import type { Engine } from './engine.js';
import { decodePush, pushId } from './push-record.js';

/** The backplane, as the follower of its log sees it. */
export interface FollowerHost {
  readonly epoch: string;
  /** The last entry that came, and its id; 0 and '' before. */
  readonly copiedSequence: number;
  readonly lastId: string;
  /** The log is another one; what it keeps is behind this number. */
  begin(epoch: string, sequence: number, isFirst: boolean, last: number): void;
  /** Nothing up to this number can be had. */
  lost(sequence: number): void;
  /** All that was in the log when the connection was made has come. */
  caughtUp(): void;
  /** The log got another epoch. */
  renewed(): void;
  /** It does not work yet, and is tried again. */
  troubled(error: unknown): void;
}

/** So long an attempt may take, and so long it waits before the next one, in ms. */
const ATTEMPT_MS = 5000;
const AGAIN_MS = 200;

/** Finds its place in the log after each loss of the connection: whether it is the same log, and what was missed. */
export class LogFollower {
  readonly #engine: Engine;
  readonly #host: FollowerHost;
  readonly #time: TimeSource;
  #attempt = 0;
  #isConnected = false;
  /** What it has to come to, to have caught up; undefined when it has, or is not there yet. */
  #target: number | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(engine: Engine, host: FollowerHost, time: TimeSource) {
    this.#engine = engine;
    this.#host = host;
    this.#time = time;
  }

  connected(): void {
    this.#isConnected = true;
    this.#begin();
  }

  disconnected(): void {
    this.#isConnected = false;
    this.#attempt++;
    this.#target = undefined;
    this.#stopTimer?.();
  }

  /** An entry has been dealt with. */
  advanced(): void {
    if (this.#target === undefined || this.#host.copiedSequence < this.#target) return;
    this.#target = undefined;
    this.#stopTimer?.();
    this.#host.caughtUp();
  }

  /** Looks again what the log is, after a time. */
  again(ms: number): void {
    if (this.#isConnected) this.#retryAfter(ms);
  }

  #begin(): void {
    const attempt = ++this.#attempt;
    this.#target = undefined;
    this.#retryAfter(ATTEMPT_MS);
    this.#find(attempt).catch((error: unknown) => {
      if (attempt !== this.#attempt) return;
      this.#host.troubled(error);
      this.#retryAfter(AGAIN_MS);
    });
  }

  #retryAfter(ms: number): void {
    this.#stopTimer?.();
    this.#stopTimer = after(this.#time, ms, () => {
      this.#begin();
    });
  }

  async #find(attempt: number): Promise<void> {
    const info = await this.#engine.log();
    if (attempt !== this.#attempt) return;
    const host = this.#host;
    if (info.epoch === host.epoch && (await this.#isOlder(info.last, info.first))) {
      await this.#engine.renew(info.epoch);
      host.renewed();
      throw new TarsException(
        `${this.#engine.name} has come back with an older log than it had: what it had confirmed is lost there`,
        { code: 'TARSIER_PUSH_ENGINE' },
      );
    }
    if (attempt !== this.#attempt) return;
    if (info.epoch !== host.epoch) host.begin(info.epoch, info.first - 1, host.epoch === '', info.last);
    else if (info.first - 1 > host.copiedSequence) host.lost(info.first - 1);
    this.#target = info.last;
    this.#engine.follow(host.copiedSequence);
    this.advanced();
  }

  /** Whether the log lacks what it has given before, or has other entries under the same numbers. */
  async #isOlder(last: number, first: number): Promise<boolean> {
    const { copiedSequence: lastSequence, lastId } = this.#host;
    if (last < lastSequence) return true;
    if (lastId === '' || first > lastSequence) return false;
    const bytes = await this.#engine.entryAt(lastSequence);
    return bytes !== undefined && pushId(decodePush(bytes)) !== lastId;
  }
}
