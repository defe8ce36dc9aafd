import type { ByteVector } from '../buffer/byte-vector.js';
import type { NetWorkBuffer } from '../buffer/network-buffer.js';
import type { PacketType } from './packet-type.js';

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
export type PacketParser = (input: NetWorkBuffer, output: ByteVector) => PacketType;
