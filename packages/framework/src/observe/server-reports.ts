import type { TimeSource } from '@tarsier/protocol';
import type { PropertyReport, StatReport } from '@tarsier/proxy';
import type { BindAdapterImpl } from '../adapter/bind-adapter-impl.js';
import { resultOfError } from '../tars/result-of-error.js';
import { TarsCurrent } from '../tars/tars-current.js';
import { type RequestMessage, serverChannels } from './server-channels.js';

/** How often the figures of adapters are looked at; a report has the average. Source: BindAdapter (TarsCpp). */
const SAMPLE_MS = 10_000;
/** `connectRate` is in thousandths of `maxconns`. */
const RATE = 1000;
const MICROSECONDS = 1000;

/** What {@link reportServer} reports of, and to. */
export interface ServerReportsInit {
  readonly report: StatReport;
  readonly adapters: readonly BindAdapterImpl[];
  readonly time: TimeSource;
}

/** The properties of one adapter. */
interface AdapterReports {
  readonly adapter: BindAdapterImpl;
  readonly queue: PropertyReport;
  /** Absent without `maxconns`. */
  readonly connectRate: PropertyReport | undefined;
  readonly timeoutNum: PropertyReport;
  timeouts: number;
}

/**
 * Counts the TARS requests of the adapters of an application, and reports their figures, under the names of TarsCpp.
 *
 * @returns what ends it, with a last look at the figures.
 * Source: Current::reportToStat, Application::bindAdapter (servant/libservant, TarsCpp).
 */
export function reportServer(init: ServerReportsInit): () => void {
  const stops = [init.report.hasProperties ? reportFigures(init) : undefined, watchRequests(init)];
  return () => {
    for (const stop of stops) stop?.();
  };
}

function reportFigures({ report, adapters, time }: ServerReportsInit): () => void {
  const all = adapters.map((adapter): AdapterReports => {
    const name = adapter.getName();
    return {
      adapter,
      queue: report.createPropertyReport(`${name}.queue`, 'Avg'),
      connectRate: adapter.getMaxConns() > 0 ? report.createPropertyReport(`${name}.connectRate`, 'Avg') : undefined,
      timeoutNum: report.createPropertyReport(`${name}.timeoutNum`, 'Sum'),
      timeouts: 0,
    };
  });
  const sample = (): void => {
    for (const one of all) sampleAdapter(one);
  };
  const stop = time.every(SAMPLE_MS, sample, false);
  return () => {
    stop();
    sample();
  };
}

function sampleAdapter(one: AdapterReports): void {
  const { adapter } = one;
  const { queueTimeouts } = adapter.counters;
  one.queue.report(adapter.getRequestsInProgress());
  one.connectRate?.report((adapter.getNowConnection() * RATE) / adapter.getMaxConns());
  one.timeoutNum.report(queueTimeouts - one.timeouts);
  one.timeouts = queueTimeouts;
}

/** Watches the requests of TARS adapters only, because the channels are those of the whole process. */
function watchRequests({ report, adapters, time }: ServerReportsInit): () => void {
  const handleTimes = new Map<unknown, PropertyReport>();
  for (const adapter of report.hasProperties ? adapters : []) {
    handleTimes.set(adapter, report.createPropertyReport(`${adapter.getName()}.servantHandleTime`, 'Avg'));
  }
  const own = new Set<unknown>(adapters);
  const begins = new WeakMap<object, number>();

  const begin = (message: unknown): void => {
    const { current } = message as RequestMessage;
    if (current instanceof TarsCurrent && own.has(current.getBindAdapter())) begins.set(current, time.now());
  };
  const finish = (message: unknown): void => {
    const { current, error, result } = message as RequestMessage;
    const beganMs = begins.get(current);
    if (beganMs === undefined || !(current instanceof TarsCurrent)) return;
    begins.delete(current);
    const adapter = current.getBindAdapter();
    const nowMs = time.now();
    handleTimes.get(adapter)?.report((nowMs - beganMs) * MICROSECONDS);
    report.served({
      func: current.getFuncName(),
      peerIp: current.getIp(),
      port: adapter.getEndpoint().port,
      result: error === undefined ? Number(result ?? 0) : resultOfError(error),
      ms: nowMs - current.received.ms,
    });
  };
  // The handler of one that is async has neither a result nor failed yet: `asyncEnd` follows.
  const end = (message: unknown): void => {
    if ('result' in (message as RequestMessage) || 'error' in (message as RequestMessage)) finish(message);
  };

  const { request } = serverChannels;
  request.start.subscribe(begin);
  request.end.subscribe(end);
  request.asyncEnd.subscribe(finish);
  return () => {
    request.start.unsubscribe(begin);
    request.end.unsubscribe(end);
    request.asyncEnd.unsubscribe(finish);
  };
}
