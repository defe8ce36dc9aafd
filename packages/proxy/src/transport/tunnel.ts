import type { ForwardProxy } from './connect-options.js';
import { shortly, TransportError } from './transport-error.js';

/** A connection that a forward proxy shall make. */
export interface Tunnel {
  readonly proxy: ForwardProxy;
  /** The proxy, for messages. */
  readonly name: string;
  /** Where it leads to. */
  readonly host: string;
  readonly port: number;
  /** Says that it is not wanted any more. */
  readonly signal: AbortSignal;
}

/** The proxy itself could not be reached. */
export function unreachableError({ name }: Tunnel, cause: unknown): TransportError {
  return new TransportError(
    `${name} could not be reached (${shortly(cause)}): check that it runs there, or change the property proxy`,
    cause,
  );
}
