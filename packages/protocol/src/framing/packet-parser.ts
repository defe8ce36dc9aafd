import type { ByteVector } from '../buffer/byte-vector.js';
import type { NetWorkBuffer } from '../buffer/network-buffer.js';
import type { PacketType } from './packet-type.js';

/**
 * How answers find their requests: by an id that both carry, or, without ids, by their place. Without ids answers have to leave in the
 * order of the requests, and where one cannot be given the connection has to end, or the next would be taken for it.
 */
export type AnswerMatching = 'id' | 'order';

/**
 * Cuts packets from the byte stream of one connection.
 *
 * Looks at `input` (`getBufferLength`, `getHeader`, `getValueOf4`, …), takes one packet with `moveHeader` and leaves
 * its bytes in `output`. It is never called with an empty buffer, and again and again while it returns `PACKET_FULL`.
 * An exception counts as `PACKET_ERR`: that connection alone is closed.
 *
 * State that belongs to a connection goes into `input.contextData`.
 *
 * Source: TC_NetWorkBuffer::protocol_functor (TarsCpp).
 */
export interface PacketParser {
  (input: NetWorkBuffer, output: ByteVector): PacketType;
  /**
   * With `order` the server serves the requests of a connection one at a time, as `ordered = y` does, and ends the connection where a
   * request gets no answer. Absent: not known; `ordered` decides.
   */
  readonly matching?: AnswerMatching | undefined;
}
