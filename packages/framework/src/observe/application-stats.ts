import type { AdapterCounters } from '../adapter/adapter-counters.js';

/** One adapter in figures. */
export interface AdapterStats {
  /** Name of the section in the configuration. */
  readonly name: string;
  /** Full name of the servant. */
  readonly servant: string;
  /** Where it listens. */
  readonly endpoint: string;
  /** Connections open now. */
  readonly connections: number;
  /** Requests accepted and not finished. */
  readonly requestsInProgress: number;
  /** Bytes that wait to be sent on all of its connections. */
  readonly waitingBytes: number;
  /** What was counted since the start. */
  readonly counters: Readonly<AdapterCounters>;
}

/** An application in figures, as `app.stats()` gives them: plain values that JSON can carry. */
export interface ApplicationStats {
  /** `App.Server`. */
  readonly application: string;
  readonly pid: number;
  /** Which of the workers it is, from 1; 0 when it is none. */
  readonly worker: number;
  /** Since `main` was called, in ms. */
  readonly uptimeMs: number;
  readonly memory: { readonly rssBytes: number; readonly heapUsedBytes: number; readonly externalBytes: number };
  /** Processor time used, in ms. */
  readonly cpuMs: number;
  /** Lines of the log that were lost: the logger threw, or nobody reads standard output any more. */
  readonly lostLogLines: number;
  readonly adapters: readonly AdapterStats[];
}
