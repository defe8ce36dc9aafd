import type { Direction } from './faults.js';

/** One thing that happened on the network. */
export interface TraceEvent {
  readonly atMs: number;
  /** Number of the link, from 1. */
  readonly link: number;
  /** Absent where it is about the link as a whole. */
  readonly direction: Direction | undefined;
  readonly bytes: number;
  readonly what: string;
}

/** Keeps what happened, the oldest dropped beyond a limit. */
export class Trace {
  readonly #limit: number;
  #events: TraceEvent[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get events(): readonly TraceEvent[] {
    return this.#events;
  }

  add(event: TraceEvent): void {
    this.#events.push(event);
    // Seldom, so that it costs nothing per event.
    if (this.#events.length > 2 * this.#limit) this.#events = this.#events.slice(-this.#limit);
  }

  /** One line for each event, as `    12.500  #3 ->  deliver 12 B`. */
  lines(link?: number): string[] {
    const events = link === undefined ? this.#events : this.#events.filter((event) => event.link === link);
    return events.map(lineOf);
  }
}

function lineOf({ atMs, link, direction, bytes, what }: TraceEvent): string {
  const arrow = direction === undefined ? '  ' : direction === 'toServer' ? '->' : '<-';
  return `${atMs.toFixed(3).padStart(12)}  #${link} ${arrow} ${what}${bytes > 0 ? ` ${bytes} B` : ''}`;
}
