import { type Logger, parseObjectString, TarsException, type TimeSource } from '@tarsier/protocol';
import { causeText } from '../connection/connection-end.js';
import type { ProxyObserver } from '../observe/proxy-observer.js';
import type { ProxyMaker } from '../registry/registry-settings.js';
import type { ResolveTarget } from '../resolve/resolver.js';
import { ReportProxy } from './report-proxy.js';
import type { ReportSettings } from './report-settings.js';
import type { Reporter } from './reporter.js';
import { StatCalls } from './stat-calls.js';
import type { PropertyPolicy, PropertyReport, ServedRequest, StatReport } from './stat-report.js';

/** What happens before the code that counts is loaded, which takes a few ms. */
const MAX_EARLY = 10_000;
const policies: readonly unknown[] = ['Sum', 'Avg', 'Count', 'Max', 'Min'];

/** What {@link LazyReports} are made of. */
export interface LazyReportsInit {
  readonly settings: ReportSettings;
  readonly maker: ProxyMaker;
  readonly logger: Logger;
  readonly time: TimeSource;
}

/** The reports of a communicator. The code that counts is loaded when there is one that reports: few programs do. */
export class LazyReports implements StatReport {
  readonly #init: LazyReportsInit;
  readonly #reports = new Map<string, PropertyReport>();
  #early: ((reporter: Reporter) => void)[] = [];
  #reporter: Reporter | undefined;
  #starting: Promise<void> | undefined;
  /** Objects whose calls are not counted: reports would be reported for ever. */
  readonly #ownNames: readonly string[];

  constructor(init: LazyReportsInit) {
    this.#init = init;
    const { stat, property } = init.settings;
    this.#ownNames = [stat, property].filter((text) => text !== '').map((text) => parseObjectString(text).name);
  }

  get hasStat(): boolean {
    return this.#init.settings.stat !== '';
  }

  get hasProperties(): boolean {
    return this.#init.settings.property !== '';
  }

  /** Makes the proxies that it reports with, and loads the rest. */
  start(): void {
    const { settings, logger, time } = this.#init;
    const stat = this.#proxyOf('stat', settings.stat);
    const property = this.#proxyOf('property', settings.property);
    this.#starting = import('./reporter.js').then(({ Reporter: Class }) => {
      const reporter = new Class({ settings, stat, property, logger, time });
      this.#reporter = reporter;
      for (const run of this.#early) run(reporter);
      this.#early = [];
    });
    // Told now, and not when somebody waits for it at the end.
    this.#starting.catch((error: unknown) => {
      logger.warn(`nothing is reported, the code that does so could not be loaded: ${causeText(error)}`, { error });
    });
  }

  /** That a program cannot report must not keep it from working. */
  #proxyOf(key: string, text: string): ReportProxy | undefined {
    if (text === '') return undefined;
    const { maker, logger } = this.#init;
    try {
      return maker.stringToProxy(ReportProxy as never, text) as ReportProxy;
    } catch (error) {
      logger.warn(`nothing is reported to ${text}, the property ${key}: ${causeText(error)}`, { key, error });
      return undefined;
    }
  }

  #run(task: (reporter: Reporter) => void): void {
    if (this.#reporter !== undefined) task(this.#reporter);
    else if (this.#early.length < MAX_EARLY) this.#early.push(task);
  }

  observe({ name: object, setName = '' }: ResolveTarget, inner: ProxyObserver): ProxyObserver {
    if (!this.hasStat || this.#ownNames.includes(object)) return inner;
    const { time } = this.#init;
    const calls = new StatCalls(inner.calls, (call, outcome) => {
      const ms = time.now() - call.beginMs;
      this.#run((reporter) => reporter.called({ object, setName, call, outcome, ms }));
    });
    return {
      calls,
      connected: (endpoint) => inner.connected(endpoint),
      closed: (event) => inner.closed(event),
      pushed: (endpoint, response) => inner.pushed(endpoint, response),
      dropped: (endpoint, reason, response) => inner.dropped(endpoint, reason, response),
    };
  }

  served(request: ServedRequest): void {
    if (this.hasStat) this.#run((reporter) => reporter.served(request));
  }

  createPropertyReport(name: string, ...of: readonly PropertyPolicy[]): PropertyReport {
    const known = this.#reports.get(name);
    if (known !== undefined) return known;
    checkPolicies(name, of);
    const report: PropertyReport = {
      name,
      report: (value) => {
        if (this.hasProperties && Number.isFinite(value)) this.#run((reporter) => reporter.addValue(name, value));
      },
    };
    this.#reports.set(name, report);
    this.#run((reporter) => reporter.addProperty(name, of));
    return report;
  }

  getPropertyReport(name: string): PropertyReport | undefined {
    return this.#reports.get(name);
  }

  async close(): Promise<void> {
    try {
      await this.#starting;
      await this.#reporter?.close();
    } catch (error) {
      this.#init.logger.warn(`the last interval was not reported: ${causeText(error)}`, { error });
    }
  }
}

function checkPolicies(name: string, of: readonly PropertyPolicy[]): void {
  const isKnown = (policy: PropertyPolicy): boolean =>
    typeof policy === 'object' ? policy.Distr.every(Number.isFinite) : policies.includes(policy);
  if (of.length > 0 && of.every(isKnown)) return;
  throw new TarsException(
    `property report ${name}: give it one or more of Sum, Avg, Count, Max, Min, and { Distr: [10, 100] }, found ${JSON.stringify(of)}`,
    { code: 'TARSIER_INVALID_ARGUMENT' },
  );
}
