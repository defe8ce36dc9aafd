import { Endpoint } from '@tarsier/protocol';
import { EndpointF } from '@tarsier/proxy';
import type { BindAdapter } from '../adapter/bind-adapter.js';
import type { WorkerAnswer } from '../workers/supervisor.js';
import { RegisteredServant } from './registered-server.js';

/** An adapter that is open, as workers tell it to their supervisor. */
export interface Served {
  /** Name of its section. */
  readonly adapter: string;
  readonly servant: string;
  /** With the port that was really bound. */
  readonly endpoint: string;
}

/** What an adapter serves. */
export function servedBy(adapter: BindAdapter): Served {
  return {
    adapter: adapter.getName(),
    servant: adapter.getServantName(),
    endpoint: adapter.getEndpoint().toString(),
  };
}

/** What workers serve: all of them serve the same. Empty when none has answered. */
export function servedByWorkers(answers: readonly WorkerAnswer[]): readonly Served[] {
  const told = answers.map(({ result }) => result as readonly Served[] | undefined);
  return told.find((one) => one !== undefined && one.length > 0) ?? [];
}

/** How clients find a server. */
export interface Advertised {
  /** Host for all adapters; empty: that of the endpoint, or `localIp` where this is every address. */
  readonly advertise: string;
  readonly localIp: string;
}

/** `istcp` by type; a registry of TARS knows no others. */
const kinds = new Map([
  ['udp', 0],
  ['tcp', 1],
  ['ssl', 2],
]);
const everyAddress: readonly string[] = ['0.0.0.0', '::', '::0'];

/** What a registry is told of an adapter; undefined for WebSocket and Unix sockets, which it has no words for. */
export function registeredServant({ servant, endpoint }: Served, how: Advertised): RegisteredServant | undefined {
  const { type, host, port, timeoutMs, grid, qos, weight, weightType, authType } = Endpoint.parse(endpoint);
  const istcp = kinds.get(type);
  if (istcp === undefined || port === 0) return undefined;
  const seen = how.advertise || (everyAddress.includes(host) ? how.localIp : host);
  return RegisteredServant.create({
    obj: servant,
    endpoint: EndpointF.create({
      host: seen,
      port,
      timeout: timeoutMs,
      istcp,
      grid,
      qos,
      weight,
      weightType,
      authType,
    }),
  });
}
