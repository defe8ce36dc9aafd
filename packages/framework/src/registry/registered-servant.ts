import { Endpoint } from '@tarsier/protocol';
import { EndpointF } from '@tarsier/proxy';
import { RegisteredServant } from './registered-server.js';
import type { Served } from './served.js';

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
