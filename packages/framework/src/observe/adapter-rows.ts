import type { BindAdapterImpl } from '../adapter/bind-adapter-impl.js';
import type { ConnectionRow } from '../admin/builtin-commands.js';
import type { AdapterStats } from './application-stats.js';

/** One adapter in figures. */
export function adapterStats(adapter: BindAdapterImpl): AdapterStats {
  return {
    name: adapter.getName(),
    servant: adapter.getServantName(),
    endpoint: adapter.getEndpoint().toString(),
    connections: adapter.getNowConnection(),
    requestsInProgress: adapter.getRequestsInProgress(),
    waitingBytes: Array.from(adapter.connections, ({ pendingBytes }) => pendingBytes).reduce((a, b) => a + b, 0),
    counters: { ...adapter.counters },
  };
}

/** The open connections of all adapters. */
export function connectionRows(adapters: readonly BindAdapterImpl[], nowMs: number): ConnectionRow[] {
  return adapters.flatMap((adapter) =>
    Array.from(adapter.connections, (connection) => ({
      adapter: adapter.getName(),
      uid: connection.uid,
      peer: connection.ip === '' ? 'unix' : `${connection.ip}:${connection.port}`,
      silentMs: nowMs - connection.receivedMs,
      timeoutMs: adapter.limits.idleMs,
      bufferedBytes: connection.bufferedBytes,
      waitingBytes: connection.pendingBytes,
    })),
  );
}
