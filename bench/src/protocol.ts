import { type ByteVector, lengthField, type NetWorkBuffer, PacketType, type ProxyProtocol } from '@tarsier/framework';

/** Bytes before the body: `| length: uint32 BE, counts itself | request id: uint32 BE |`. */
export const HEADER_BYTES: number = 8;
/** Largest packet that is measured with. */
export const MAX_PACKET_BYTES: number = 2 * 1024 * 1024;

/** The parser as a user writes it, in the manner of the C++ demos. */
export function parse(input: NetWorkBuffer, output: ByteVector): PacketType {
  if (input.getBufferLength() < 4) return PacketType.PACKET_LESS;
  const length = input.getValueOf4();
  if (length < HEADER_BYTES || length > MAX_PACKET_BYTES) return PacketType.PACKET_ERR;
  if (!input.getHeader(length, output)) return PacketType.PACKET_LESS;
  input.moveHeader(length);
  return PacketType.PACKET_FULL;
}

/** The client's half, of a ready framing. */
export const proxyProtocol: ProxyProtocol = lengthField({
  bytes: 4,
  includesHeader: true,
  max: MAX_PACKET_BYTES,
  requestId: { offset: 4, bytes: 4 },
}).proxyProtocol;

/** `count` packets one behind the other, with the ids `firstId`, `firstId + 1`, …; the bodies differ from packet to packet. */
export function packets(count: number, bodyBytes: number, firstId: number): Buffer {
  const size = HEADER_BYTES + bodyBytes;
  const block = Buffer.allocUnsafe(count * size);
  for (let i = 0; i < count; i++) {
    const at = i * size;
    block.writeUInt32BE(size, at);
    block.writeUInt32BE(firstId + i, at + 4);
    block.fill((firstId + i) % 251, at + HEADER_BYTES, at + size);
  }
  return block;
}
