import {
  type Bytes,
  bytesOf,
  type ProtocolHeartbeat,
  type ResponsePacket,
  TarsEncodeException,
  type TarsException,
  TarsSyncCallTimeoutException,
  type Transceiver,
} from '@tarsier/protocol';
import { Alarm } from '../time/alarm.js';
import type { ClientClock } from '../time/client-clock.js';
import { type ClockEnd, causeText, recogniserError } from './connection-end.js';
import { type LinkClocks, type LinkFacts, LinkWatch } from './link-watch.js';

/** The connection as its keeper sees it. */
export interface KeptLink extends Transceiver {
  readonly object: string;
  facts(answers: number): LinkFacts;
  /** Sends bytes that belong to no call. */
  push(bytes: Bytes): void;
  giveUp(kind: ClockEnd['kind']): void;
  fault(error: TarsException): void;
}

/** What a {@link LinkKeeper} is made of. */
export interface LinkKeeperInit {
  readonly link: KeptLink;
  readonly heartbeat: ProtocolHeartbeat | undefined;
  readonly clocks: LinkClocks;
  /** For looking at the connection; coarse. */
  readonly clock: ClientClock;
}

/** Ends somebody's wait for the answer to a heartbeat; without an error it has come. */
type PingEnd = (error?: TarsException) => void;

/** Looks at one connection now and then, sends its heartbeats, and measures pings. See {@link LinkWatch}. */
export class LinkKeeper {
  readonly #link: KeptLink;
  readonly #heartbeat: ProtocolHeartbeat | undefined;
  readonly #clock: ClientClock;
  readonly #alarm = new Alarm((nowMs) => {
    this.#look(nowMs);
  });
  #watch: LinkWatch;
  /** When the next look is due; 0 when none is. Counted from the last one, so that late looks do not add up. */
  #lookAtMs = 0;
  #answers = 0;
  #pings: PingEnd[] = [];
  /** Whether packets have to be shown to {@link LinkKeeper.took}. */
  isListening = false;

  constructor({ link, heartbeat, clocks, clock }: LinkKeeperInit) {
    this.#link = link;
    this.#heartbeat = heartbeat;
    this.#clock = clock;
    this.#watch = this.#watchOf(clocks, clock.recentMs);
  }

  /** Half a step earlier, so that the whole way of a heartbeat keeps within two intervals although the clock is coarse. */
  #watchOf(clocks: LinkClocks, nowMs: number): LinkWatch {
    const keepAliveMs = this.#heartbeat === undefined ? 0 : clocks.keepAliveMs;
    const early = Math.min(this.#clock.stepMs / 2, keepAliveMs / 4);
    return new LinkWatch({ ...clocks, keepAliveMs: keepAliveMs - early }, nowMs);
  }

  /** The connection is established, or the clocks have changed. */
  start(clocks: LinkClocks): void {
    const nowMs = this.#clock.now();
    this.#clock.remove(this.#alarm);
    this.#lookAtMs = 0;
    this.#watch = this.#watchOf(clocks, nowMs);
    this.#hear();
    this.#schedule(nowMs);
  }

  /** The transport has said that it has enough. */
  blocked(): void {
    const nowMs = this.#clock.now();
    // Often: a peer that takes bytes slowly blocks and takes again many times a second.
    if (this.#lookAtMs === 0 || this.#lookAtMs > nowMs + this.#watch.periodMs(true)) this.#schedule(nowMs);
  }

  /** The connection ended. */
  stop(error: () => TarsException): void {
    this.#clock.remove(this.#alarm);
    const pings = this.#pings;
    this.#pings = [];
    for (const end of pings) end(error());
  }

  #look(nowMs: number): void {
    const dueMs = this.#lookAtMs;
    this.#lookAtMs = 0;
    const lateMs = nowMs - dueMs;
    const isLate = lateMs > this.#watch.periodMs(true);
    // While this process could not look it could not hear either: nothing is held against the peer.
    if (isLate) this.#watch.paused(lateMs, nowMs);
    const atMs = isLate ? nowMs : dueMs;
    const verdict = this.#watch.look(atMs, this.#facts());
    if (verdict === 'heartbeat') this.#sendHeartbeat();
    else if (verdict !== 'fine') {
      this.#link.giveUp(verdict);
      return;
    }
    this.#schedule(atMs);
  }

  #schedule(fromMs: number): void {
    if (!this.#link.isConnected) return;
    const periodMs = this.#watch.periodMs(this.#facts().isBlocked);
    if (periodMs === 0) return;
    this.#lookAtMs = fromMs + periodMs;
    this.#clock.add(this.#alarm, this.#lookAtMs);
  }

  #facts(): LinkFacts {
    return this.#link.facts(this.#answers);
  }

  /** Whether heartbeats can be told from other packets. */
  get #tells(): boolean {
    return this.#heartbeat?.isAnswer !== undefined;
  }

  #hear(): void {
    this.isListening = this.#tells || this.#pings.length > 0;
  }

  /** False when the protocol could not make one. */
  #sendHeartbeat(): boolean {
    try {
      if (this.#heartbeat === undefined) return false;
      this.#link.push(bytesOf(this.#heartbeat.request(this.#link), 'the packet that heartbeat.request returns'));
      return true;
    } catch (cause) {
      const { endpoint } = this.#link;
      const text = `${this.#link.object}: no heartbeat was sent to ${endpoint}: ${causeText(cause)}; look at heartbeat.request of the protocol`;
      this.#link.fault(new TarsEncodeException(text, { cause, where: { object: this.#link.object, endpoint } }));
      return false;
    }
  }

  /** Looks at a packet: true when it answers a heartbeat and is for nobody else. */
  took(response: ResponsePacket): boolean {
    const isAnswer = this.#isAnswer(response);
    if (!isAnswer && this.#tells) return false;
    this.#answers++;
    const end = this.#pings.shift();
    this.#hear();
    end?.();
    return isAnswer;
  }

  #isAnswer(response: ResponsePacket): boolean {
    try {
      return this.#heartbeat?.isAnswer?.(response) === true;
    } catch (cause) {
      this.#link.fault(recogniserError('heartbeat.isAnswer', cause, this.#link.object, this.#link.endpoint));
      return false;
    }
  }

  /** The time from a heartbeat to its answer in ms. `deadlines`: the clock for the timeout. */
  ping(timeoutMs: number, deadlines: ClientClock): Promise<number> {
    return new Promise((resolve, reject) => {
      const { endpoint } = this.#link;
      const where = { object: this.#link.object, endpoint };
      if (!this.#sendHeartbeat()) {
        reject(
          new TarsEncodeException(`${this.#link.object}: the ping to ${endpoint} could not be encoded`, { where }),
        );
        return;
      }
      const beginMs = deadlines.read();
      const alarm = new Alarm(() => {
        const key = 'sync-invoke-timeout';
        const text = `${this.#link.object}: the ping to ${endpoint} timed out after ${timeoutMs} ms; look whether the server is stuck, or raise ${key}`;
        this.#pings = this.#pings.filter((one) => one !== end);
        this.#hear();
        end(new TarsSyncCallTimeoutException(text, { where: { ...where, limit: timeoutMs, key } }));
      });
      const end: PingEnd = (error) => {
        deadlines.remove(alarm);
        if (error === undefined) resolve(deadlines.read() - beginMs);
        else reject(error);
      };
      this.#pings.push(end);
      this.#hear();
      deadlines.add(alarm, deadlines.now() + timeoutMs);
    });
  }
}
