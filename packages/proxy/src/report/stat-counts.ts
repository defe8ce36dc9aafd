import { cutText, ownText } from '@tarsier/protocol';
import { type StatMicMsg, StatMicMsgBody, StatMicMsgHead } from './stat-f.js';

/** Upper bounds in ms. Source: StatReport::resetStatInterv (TarsCpp). */
const bounds: readonly number[] = [5, 10, 50, 100, 200, 500, 1000, 2000, 3000];
const MAX_INT = 0x7fff_ffff;
const OTHER = 'other';
/** Longest key, in UTF-16 units: an object, a set, a function and an endpoint. Beyond it heads are counted together. */
const MAX_KEY = 1000;

/** How a call went, for its place among the counts. */
export type CallFate = 'answered' | 'timeout' | 'failed';

/** What one call adds. */
export interface CallSample {
  readonly fate: CallFate;
  readonly ms: number;
}

/**
 * The calls of one interval, counted by their heads.
 *
 * Above a number of different heads the calls of new ones are counted under one, whose callee and function are `other`: a caller that
 * makes up names cannot fill the memory; nor with long ones, since keys are cut and copied.
 */
export class StatCounts {
  readonly #maxHeads: number;
  readonly #onFull: () => void;
  #bodies = new Map<string, StatMicMsgBody>();
  #heads: StatMicMsgHead[] = [];

  /** @param onFull told at each call that is counted under `other`. */
  constructor(maxHeads: number, onFull: () => void) {
    this.#maxHeads = maxHeads;
    this.#onFull = onFull;
  }

  /** Different heads, that of `other` included. */
  get size(): number {
    return this.#heads.length;
  }

  /** @param key tells heads apart; `makeHead` is only called for a new one. */
  add(key: string, makeHead: () => StatMicMsgHead, sample: CallSample): void {
    const body = this.#bodies.get(cutText(key, MAX_KEY)) ?? this.#bodyOf(key, makeHead);
    const { fate, ms } = sample;
    if (fate === 'answered') addTime(body, Math.min(MAX_INT, Math.max(0, Math.round(ms))));
    else if (fate === 'timeout') body.timeoutCount++;
    else body.execCount++;
  }

  #bodyOf(key: string, makeHead: () => StatMicMsgHead): StatMicMsgBody {
    if (this.#heads.length < this.#maxHeads) return this.#keep(ownText(key, MAX_KEY), makeHead());
    this.#onFull();
    const { masterName } = makeHead();
    const head = StatMicMsgHead.create({ masterName, slaveName: OTHER, interfaceName: OTHER });
    return this.#bodies.get(OTHER) ?? this.#keep(OTHER, head);
  }

  #keep(key: string, head: StatMicMsgHead): StatMicMsgBody {
    const body = new StatMicMsgBody();
    for (const bound of bounds) body.intervalCount.set(bound, 0);
    this.#bodies.set(key, body);
    this.#heads.push(head);
    return body;
  }

  /** What was counted since this was called before. */
  take(): StatMicMsg {
    // Both are in the order in which the heads came.
    const bodies = [...this.#bodies.values()];
    const counts: StatMicMsg = new Map(this.#heads.map((head, at) => [head, bodies[at] as StatMicMsgBody]));
    this.#bodies = new Map();
    this.#heads = [];
    return counts;
  }
}

function addTime(body: StatMicMsgBody, ms: number): void {
  body.count++;
  body.totalRspTime += ms;
  if (ms > body.maxRspTime) body.maxRspTime = ms;
  // 0 says that there is none, as in C++.
  if (body.minRspTime === 0 || (ms > 0 && ms < body.minRspTime)) body.minRspTime = ms;
  const bound = bounds.find((one) => ms < one);
  if (bound !== undefined) body.intervalCount.set(bound, (body.intervalCount.get(bound) ?? 0) + 1);
}
