import type { ProxyObserver } from '../observe/proxy-observer.js';
import type { ResolveTarget } from '../resolve/resolver.js';

/**
 * What is made of the values that a property is given within one interval, under its name in TARS.
 *
 * `Distr` counts those below each bound, and not below the one before; those at or above the last are left out.
 */
export type PropertyPolicy = 'Sum' | 'Avg' | 'Count' | 'Max' | 'Min' | { readonly Distr: readonly number[] };

/** A figure of the program that is reported, as the length of a queue. Source: PropertyReport (TarsCpp). */
export interface PropertyReport {
  readonly name: string;
  /** Adds a value to the interval that runs. What is no finite number is left out. Never throws. */
  report(value: number): void;
}

/** One request that this program has served. */
export interface ServedRequest {
  readonly func: string;
  /** Address of the peer. */
  readonly peerIp: string;
  readonly port: number;
  /** 0, or why it failed. */
  readonly result: number;
  readonly ms: number;
}

/**
 * The reports of one communicator: counts of calls, and properties.
 *
 * ```ts
 * const waiting = communicator.getStatReport()?.createPropertyReport('waiting', 'Avg', 'Max');
 * waiting?.report(7);
 * ```
 *
 * Source: StatReport (servant/servant/StatReport.h, TarsCpp).
 */
export interface StatReport {
  /** Whether calls are counted: property `stat`. */
  readonly hasStat: boolean;
  /** Whether properties are reported: property `property`. */
  readonly hasProperties: boolean;
  /** What observes the proxies of an object, and counts its calls besides. @internal */
  observe(target: ResolveTarget, inner: ProxyObserver): ProxyObserver;
  /** Counts a request; an application with `stat` does so itself for those of the TARS protocol. */
  served(request: ServedRequest): void;
  /**
   * A figure that is reported, to the object of property `property`: each interval it is told what the policies have made of the values. One
   * without values is left out. The same name gives the same report. Without `property` nothing becomes of the values.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for policies that are not known, and for none.
   * Source: StatReport::createPropertyReport.
   */
  createPropertyReport(name: string, ...policies: readonly PropertyPolicy[]): PropertyReport;
  /** The one that was created under a name. Source: StatReport::getPropertyReport. */
  getPropertyReport(name: string): PropertyReport | undefined;
  /** Sends what was counted, for the last time; settles within a second or so. Never rejects. @internal */
  close(): Promise<void>;
}
