import type { NodeFigures, NodeState } from '../endpoints/endpoint-state.js';

/** Weight of the newest sample in the moving average. */
const NEWEST = 1 / 8;

/** What is counted at one node, and since when it is in its state. */
export class NodeCounts {
  calls = 0;
  failures = 0;
  timeouts = 0;
  connects = 0;
  #latencyMs = 0;
  #state: NodeState = 'idle';
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  sampled(latencyMs: number): void {
    const known = this.#latencyMs;
    this.#latencyMs = known === 0 ? latencyMs : known + (latencyMs - known) * NEWEST;
  }

  note(state: NodeState, nowMs: number): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#sinceMs = nowMs;
  }

  /** How long it is in this state. */
  inStateMs(state: NodeState, nowMs: number): number {
    this.note(state, nowMs);
    return nowMs - this.#sinceMs;
  }

  figures(inFlight: number): NodeFigures {
    const { calls, failures, timeouts, connects } = this;
    return { calls, failures, timeouts, inFlight, connects, latencyMs: Math.round(this.#latencyMs * 1000) / 1000 };
  }
}
