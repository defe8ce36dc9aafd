import {
  type NetWorkBuffer,
  PacketType,
  type ProxyProtocol,
  type RequestPacket,
  type ResponsePacket,
  TarsDecodeException,
} from '@tarsier/framework';

const HEADER_BYTES = 8;
const MAX_PACKET_BYTES = 100_000;

/** Encodes a request: `| uint32 BE: length of the whole packet | uint32 BE: request id | body |`. */
export function pushRequest(request: RequestPacket): Uint8Array {
  const body = request.sBuffer.data();
  const packet = Buffer.alloc(HEADER_BYTES + body.length);
  packet.writeUInt32BE(packet.length, 0);
  packet.writeUInt32BE(request.iRequestId, 4);
  packet.set(body, HEADER_BYTES);
  return packet;
}

/** Decodes one answer, or one push: that is a packet with id 0. */
export function pushResponse(input: NetWorkBuffer, response: ResponsePacket): PacketType {
  if (input.getBufferLength() < 4) return PacketType.PACKET_LESS;
  const length = input.getValueOf4();
  if (length < HEADER_BYTES || length > MAX_PACKET_BYTES) {
    throw new TarsDecodeException(`packet length too long or too short, len: ${length}`, {
      code: 'TARSIER_PACKET_INVALID',
    });
  }
  if (input.getBufferLength() < length) return PacketType.PACKET_LESS;
  response.iRequestId = input.peekUint32(4);
  input.moveHeader(HEADER_BYTES);
  input.getHeader(length - HEADER_BYTES, response.sBuffer);
  input.moveHeader(length - HEADER_BYTES);
  return PacketType.PACKET_FULL;
}

/**
 * Both halves, for `setProtocol`.
 *
 * The short way: `lengthField({ … }).proxyProtocol`, see the parser of the server.
 */
export const pushProtocol: ProxyProtocol = { requestFunc: pushRequest, responseFunc: pushResponse };
