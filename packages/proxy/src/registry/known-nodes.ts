import { Endpoint, type EndpointType } from '@tarsier/protocol';
import { causeText } from '../connection/connection-end.js';
import type { EndpointF } from './endpoint-f.js';
import type { FoundNodes } from './query-f.js';

/** The nodes of an object, as a registry has told them. */
export interface KnownNodes {
  readonly active: readonly Endpoint[];
  readonly inactive: readonly Endpoint[];
}

/** By `istcp`. */
const types: readonly EndpointType[] = ['udp', 'tcp', 'ssl'];
const MAX_WEIGHT = 100;

/**
 * A node of the registry as an endpoint. A static weight of 0 or less stays 0: it is called while no other can be.
 *
 * @throws Error that says what is wrong with it.
 */
function endpointOf(node: EndpointF): Endpoint {
  const type = types[node.istcp];
  if (type === undefined) throw new Error(`istcp must be 0, 1 or 2, found ${node.istcp}`);
  const isWeighted = node.weightType !== 0;
  return Endpoint.of({
    type,
    host: node.host,
    port: node.port,
    timeoutMs: node.timeout,
    grid: node.grid,
    qos: node.qos,
    weightType: isWeighted ? 1 : 0,
    weight: isWeighted ? Math.min(MAX_WEIGHT, Math.max(0, node.weight)) : -1,
    authType: node.authType === 0 ? 0 : 1,
  });
}

/** What a registry has told; `problem` says of the first node that cannot be one what is wrong with it. */
export function knownNodes({ activeEp, inactiveEp }: FoundNodes): KnownNodes & { readonly problem: string } {
  let problem = '';
  const read = (nodes: readonly EndpointF[]): Endpoint[] =>
    nodes.flatMap((node) => {
      try {
        return [endpointOf(node)];
      } catch (cause) {
        problem ||= `it tells of a node ${node.host}:${node.port} that cannot be called: ${causeText(cause)}`;
        return [];
      }
    });
  const active = read(activeEp);
  return { active, inactive: read(inactiveEp), problem };
}

/** Equal for the same nodes in whatever order. */
export function textOfNodes({ active, inactive }: KnownNodes): string {
  return [active, inactive].map((list) => list.map(String).toSorted().join(':')).join('\n');
}
