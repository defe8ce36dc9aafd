/**
 * What a parser found at the start of the buffer.
 *
 * - `PACKET_LESS`: the packet is not complete; the parser is asked again when more bytes came.
 * - `PACKET_FULL`: one packet was taken; the parser is asked again for the next.
 * - `PACKET_FULL_CLOSE`: one packet was taken, the last of this connection: it is served, answered, and then the
 *   connection is closed.
 * - `PACKET_ERR`: the bytes are not of this protocol; the connection is closed.
 *
 * Source: TC_NetWorkBuffer::PACKET_TYPE (util/include/util/tc_network_buffer.h).
 */
export const PacketType = {
  PACKET_LESS: 0,
  PACKET_FULL: 1,
  PACKET_FULL_CLOSE: 2,
  PACKET_ERR: -1,
} as const;

/** One of the values of {@link PacketType}. */
export type PacketType = (typeof PacketType)[keyof typeof PacketType];
