import type { TarsConfig, TimeSource } from '@tarsier/protocol';
import type { Communicator } from '@tarsier/proxy';
import type { BindAdapterImpl } from '../adapter/bind-adapter-impl.js';
import { CLIENT_DOMAIN } from '../config/server-domain.js';

/** An application as its reports see it. */
export interface ReportingApplication {
  readonly adapters: readonly BindAdapterImpl[];
  readonly time: TimeSource;
  getConfig(): TarsConfig;
  getCommunicator(): Communicator;
}

/**
 * Reports the requests and figures of an application when its client section names who takes them (`stat`, `property`); loads what does so
 * only then.
 *
 * @returns what ends it.
 */
export async function startReports(app: ReportingApplication): Promise<() => void> {
  const client = app.getConfig().getDomainMap(CLIENT_DOMAIN);
  if (!client.get('stat') && !client.get('property')) return () => {};
  const report = app.getCommunicator().getStatReport();
  if (report === undefined) return () => {};
  const { reportServer } = await import('./server-reports.js');
  return reportServer({ report, adapters: app.adapters, time: app.time });
}
