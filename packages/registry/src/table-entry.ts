import type { EndpointF } from '@tarsier/proxy';

/** One node of an object. */
export interface TableEntry {
  readonly obj: string;
  readonly endpoint: EndpointF;
  readonly station: string;
  /** Of the server that has registered it; empty when it was entered by hand. */
  readonly instance: string;
  /** Whether it may be called while its lease lasts. */
  readonly isActive: boolean;
  /** By the clock of the table; Infinity for one that was entered by hand. */
  readonly leaseEndMs: number;
}

/** What makes two nodes of an object the same. */
export function keyOfEndpoint({ istcp, host, port }: EndpointF): string {
  return `${istcp}:${host}:${port}`;
}
