import type { BackplaneState } from '../backplane/backplane.js';

/** What a hub has done since it was made, and what it holds now. */
export interface HubStats {
  readonly pushes: number;
  readonly joins: number;
  readonly leaves: number;
  /** How often a limit was met. */
  readonly overflows: number;
  readonly members: number;
  /** Members that read slower than they are sent to. */
  readonly behind: number;
  /** Bytes that wait for them here. */
  readonly waitingBytes: number;
  /** Pushes that are being handed out. */
  readonly fanOuts: number;
  readonly groups: number;
  readonly sessions: number;
  /** Sessions without a connection. */
  readonly away: number;
  readonly resumes: number;
  /** Gaps that clients were told. */
  readonly gaps: number;
  readonly backplane: {
    readonly name: string;
    readonly state: BackplaneState;
    /** How often the engine was away. */
    readonly outages: number;
    /** Pushes that other nodes did not get. */
    readonly undelivered: number;
  };
}
