import type { Endpoint, EndpointInit } from '@tarsier/protocol';
import type { DnsService } from './dns-lookup.js';

/** What an SRV record changes in the endpoint that asked for it. */
export type ServiceChanges = Pick<EndpointInit, 'port' | 'rank' | 'weight' | 'weightType'>;

/** The largest weight of an endpoint, and its largest rank. */
const MAX_WEIGHT = 100;
const MAX_RANK = 65_535;

/**
 * Priorities as ranks, the lowest that of the endpoint itself, and weights as static ones: in proportion, the largest of a rank 100.
 * Where all of a rank are equal, nobody needs weights. A record of weight 0 gets few calls, not none. Source: RFC 2782.
 */
export function rankServices(services: readonly DnsService[], { rank }: Endpoint): ServiceChanges[] {
  const priorities = [...new Set(services.map(({ priority }) => priority))].toSorted((a, b) => a - b);
  return services.map(({ port, priority, weight }) => {
    const weights = services.filter((one) => one.priority === priority).map((one) => one.weight);
    const largest = Math.max(...weights);
    const isEven = weights.every((one) => one === largest);
    return {
      port,
      rank: Math.min(MAX_RANK, rank + priorities.indexOf(priority)),
      weightType: isEven ? 0 : 1,
      weight: isEven ? -1 : Math.max(1, Math.round((MAX_WEIGHT * weight) / largest)),
    };
  });
}
