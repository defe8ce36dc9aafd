import type { ByteVector } from '@tarsier/protocol';
import type { HandlerResult } from '../connection/handler-result.js';
import type { Peer } from '../connection/peer.js';
import type { Current, Moment } from '../current.js';
import type { Servant } from '../servant.js';

/**
 * How the packets of an adapter become requests, and how those come to its servant: the one seam between protocols of a servant's own and
 * TARS, so that neither pays for the other.
 */
export interface Dispatcher {
  /** Whether answers may lack ids, so that one that is left out would be taken for the next; of TARS never. */
  readonly answersByOrder: boolean;
  /** The request that a packet is. @throws TarsDecodeException when it is none: its connection is closed. */
  requestOf(peer: Peer, packet: ByteVector, received: Moment): Current;
  /** A Current without a request, for everything that is told of a connection. */
  currentOf(peer: Peer, received: Moment): Current;
  /** Has a request served; what stands in `response` when it ends is sent. What it throws is a failure nobody is told of but the log. */
  handle(servant: Servant, current: Current, response: ByteVector): HandlerResult;
  /** Answers a request that is not taken, because too many are in progress. @returns what code of the program has returned. */
  refuse(servant: Servant, current: Current): unknown;
  /** How long the peer itself would have the request wait for its handler, in ms; 0: it has not said. */
  waitLimitMs(current: Current): number;
  /** Answers a request that waited too long. */
  tooLate(current: Current): void;
}
