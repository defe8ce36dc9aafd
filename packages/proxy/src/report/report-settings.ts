/** What the properties of a communicator say of reports; there are none when neither object is named. */
export interface ReportSettings {
  /** Object string of who takes the counts of calls; empty for nobody. Property `stat`. */
  readonly stat: string;
  /** Object string of who takes properties; empty for nobody. Property `property`. */
  readonly property: string;
  /** Time between two reports. Property `report-interval`. */
  readonly intervalMs: number;
  /** So long a report may wait for a connection. Property `report-timeout`. */
  readonly timeoutMs: number;
  /** Largest packet. Property `max-report-size`. */
  readonly maxBytes: number;
  /** Name of this program, as `App.Server`. Property `modulename`. */
  readonly moduleName: string;
  /** The set of this program, as `app.sz.1`; empty when it is in none. */
  readonly setDivision: string;
}
