/** The three clocks of a connection in ms; 0: off. */
export interface LinkClocks {
  /** A heartbeat is sent when nothing came for so long, and must be answered within it. */
  readonly keepAliveMs: number;
  /** Something must come within it while something is expected. */
  readonly silenceMs: number;
  /** The network must take bytes within it while there are any. */
  readonly stallMs: number;
}

/** What a connection says of itself at each look. */
export interface LinkFacts {
  /** Chunks received so far. */
  readonly chunks: number;
  /** Answers to heartbeats so far; chunks where answers cannot be told from other packets. */
  readonly answers: number;
  /** The begin of a packet lies in the buffer. */
  readonly isPartial: boolean;
  /** Calls wait for answers, or pushes may come. */
  readonly isExpecting: boolean;
  /** The transport has said that it has enough. */
  readonly isBlocked: boolean;
  /** When it last said so. */
  readonly blockedMs: number;
  /** Bytes that the transport has taken and the network has not; 0 where that is not known. */
  readonly waitingBytes: number;
}

/** What is to be done after a look: nothing, send a heartbeat, or give the connection up, because this clock has run out. */
export type LinkVerdict = 'fine' | 'heartbeat' | 'unanswered' | 'silent' | 'stalled';

/** So often within the shortest of the clocks the connection is looked at. */
const LOOKS = 4;

/**
 * Tells a live connection from a half-open one, by looking at counters a few times within each clock; a packet costs no
 * more than a counter.
 *
 * A heartbeat is sent after three quarters of its interval without a byte, and has a whole one to be answered, so that a link
 * that is cut at any moment is found within two intervals.
 */
export class LinkWatch {
  readonly #clocks: LinkClocks;
  #chunks = 0;
  /** When the last byte was noticed. */
  #heardMs: number;
  /** When the heartbeat that waits for its answer was sent; below 0 for none. */
  #heartbeatMs = -1;
  #heartbeatAnswers = 0;
  #isExpecting = false;
  #expectedMs = 0;
  /** When bytes were last seen to be taken. */
  #takenMs = 0;
  #waitingBytes = 0;

  constructor(clocks: LinkClocks, nowMs: number) {
    this.#clocks = clocks;
    this.#heardMs = nowMs;
  }

  /** Time to the next look in ms; 0 when nothing is to be watched. */
  periodMs(isBlocked: boolean): number {
    const { keepAliveMs, silenceMs, stallMs } = this.#clocks;
    let shortest = 0;
    for (const ms of [keepAliveMs, silenceMs, isBlocked ? stallMs : 0]) {
      if (ms > 0 && (shortest === 0 || ms < shortest)) shortest = ms;
    }
    return shortest / LOOKS;
  }

  /** For `ms` until now nobody could look or hear: they count for nothing. */
  paused(ms: number, nowMs: number): void {
    this.#heardMs += ms;
    this.#expectedMs += ms;
    this.#takenMs = nowMs;
    if (this.#heartbeatMs >= 0) this.#heartbeatMs += ms;
  }

  look(nowMs: number, facts: LinkFacts): LinkVerdict {
    const hasHeard = facts.chunks !== this.#chunks;
    this.#chunks = facts.chunks;
    if (hasHeard) this.#heardMs = nowMs;
    if (this.#isStalled(nowMs, facts)) return 'stalled';
    if (this.#isSilent(nowMs, facts)) return 'silent';
    return this.#pulse(nowMs, facts, hasHeard && facts.isPartial);
  }

  #isStalled(nowMs: number, { isBlocked, blockedMs, waitingBytes }: LinkFacts): boolean {
    // Nothing is written while it is blocked, so it shrinks only by what the network takes.
    if (waitingBytes < this.#waitingBytes) this.#takenMs = nowMs;
    this.#waitingBytes = waitingBytes;
    const { stallMs } = this.#clocks;
    return isBlocked && stallMs > 0 && nowMs - Math.max(this.#takenMs, blockedMs) >= stallMs;
  }

  #isSilent(nowMs: number, { isExpecting }: LinkFacts): boolean {
    if (isExpecting && !this.#isExpecting) this.#expectedMs = nowMs;
    this.#isExpecting = isExpecting;
    const { silenceMs } = this.#clocks;
    return isExpecting && silenceMs > 0 && nowMs - Math.max(this.#heardMs, this.#expectedMs) >= silenceMs;
  }

  /** `isArriving`: a long packet comes piece by piece, and the answer may stand behind it. */
  #pulse(nowMs: number, { answers }: LinkFacts, isArriving: boolean): LinkVerdict {
    const { keepAliveMs } = this.#clocks;
    if (keepAliveMs === 0) return 'fine';
    if (this.#heartbeatMs >= 0) {
      if (answers !== this.#heartbeatAnswers) this.#heartbeatMs = -1;
      else if (isArriving) this.#heartbeatMs = nowMs;
      else return nowMs - this.#heartbeatMs >= keepAliveMs ? 'unanswered' : 'fine';
      return 'fine';
    }
    if (nowMs - this.#heardMs < (keepAliveMs * (LOOKS - 1)) / LOOKS) return 'fine';
    this.#heartbeatMs = nowMs;
    this.#heartbeatAnswers = answers;
    return 'heartbeat';
  }
}
