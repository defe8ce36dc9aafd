import { type ByteVector, type NetWorkBuffer, PacketType, TarsDecodeException } from '@tarsier/framework';

/** Length of the packet and request id. */
const HEADER_BYTES = 8;
const MAX_PACKET_BYTES = 100_000;

/**
 * The server's parser: one packet, header included, as it came.
 *
 * Layout: `| uint32 BE: length of the whole packet | uint32 BE: request id | body |`. The length is read unsigned and the
 * header belongs to the least packet; the document compares a signed length with 4 and so waits for ever for a packet of
 * negative length.
 *
 * The short way: `lengthField({ bytes: 4, includesHeader: true, max: 100_000, requestId: { offset: 4, bytes: 4 } })`.
 */
export function parse(input: NetWorkBuffer, output: ByteVector): PacketType {
  if (input.getBufferLength() < 4) return PacketType.PACKET_LESS;
  const length = input.getValueOf4();
  if (length < HEADER_BYTES || length > MAX_PACKET_BYTES) {
    throw new TarsDecodeException(`packet length too long or too short, len: ${length}`, {
      code: 'TARSIER_PACKET_INVALID',
    });
  }
  if (!input.getHeader(length, output)) return PacketType.PACKET_LESS;
  input.moveHeader(length);
  return PacketType.PACKET_FULL;
}
