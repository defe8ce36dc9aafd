import type { PartInit } from '../environment.js';
import type { ProxyMaker } from '../registry/registry-settings.js';
import { LazyReports } from './lazy-reports.js';

const all = new WeakMap<ProxyMaker, LazyReports>();

/** The reports of a communicator: they begin when they are first asked for; undefined when its properties name nobody who takes them. */
export function reportsOf({ settings, maker, logger, time }: PartInit): LazyReports | undefined {
  const known = all.get(maker);
  if (known !== undefined || settings.report === undefined) return known;
  const reports = new LazyReports({ settings: settings.report, maker, logger, time });
  // Before it makes proxies, which ask for it.
  all.set(maker, reports);
  reports.start();
  return reports;
}

/** Reports the last interval of a communicator; undefined when there is nothing to wait for. */
export function endReport(maker: ProxyMaker): Promise<void> | undefined {
  return all.get(maker)?.close();
}
