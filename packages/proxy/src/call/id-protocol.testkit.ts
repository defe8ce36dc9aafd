import { type NetWorkBuffer, PacketType, type ProxyProtocol, type ResponsePacket } from '@tarsier/protocol';

/** One packet: total length, request id, body; both numbers uint32, big-endian. */
export function packet(id: number, body: string): Buffer {
  const text = Buffer.from(body);
  const bytes = Buffer.alloc(8 + text.length);
  bytes.writeUInt32BE(8 + text.length, 0);
  bytes.writeUInt32BE(id, 4);
  text.copy(bytes, 8);
  return bytes;
}

/** The packets that a buffer begins with, and what is left. */
export function packetsOf(bytes: Buffer): { packets: { id: number; body: string }[]; rest: Buffer } {
  const packets = [];
  let rest = bytes;
  while (rest.length >= 8 && rest.length >= rest.readUInt32BE(0)) {
    const size = rest.readUInt32BE(0);
    packets.push({ id: rest.readUInt32BE(4), body: rest.toString('utf8', 8, size) });
    rest = rest.subarray(size);
  }
  return { packets, rest };
}

/**
 * The client's half. A body that begins with `ret:N` sets `iRet` to N; `last` says that it is the last of its connection.
 * Lengths below 8 or above 1 MiB are malformed.
 */
export const idProtocol: ProxyProtocol = {
  requestFunc(request) {
    return packet(request.iRequestId, request.sBuffer.toString());
  },
  responseFunc(input: NetWorkBuffer, response: ResponsePacket): PacketType {
    if (input.getBufferLength() < 4) return PacketType.PACKET_LESS;
    const size = input.getValueOf4();
    if (size === 0xffff_fff0) throw new Error('cannot read this');
    if (size < 8 || size > 1024 * 1024) return PacketType.PACKET_ERR;
    if (input.getBufferLength() < size) return PacketType.PACKET_LESS;
    response.iRequestId = input.peekUint32(4);
    input.moveHeader(8);
    input.getHeader(size - 8, response.sBuffer);
    input.moveHeader(size - 8);
    const body = response.sBuffer.toString();
    const result = /^ret:(-?\d+)/.exec(body);
    if (result !== null) response.iRet = Number(result[1]);
    return body === 'last' ? PacketType.PACKET_FULL_CLOSE : PacketType.PACKET_FULL;
  },
};

/** A protocol without ids: a line for a line. */
export const lineProtocol: ProxyProtocol = {
  requestFunc: (request) => Buffer.from(`${request.sBuffer.toString()}\n`),
  responseFunc(input, response) {
    const at = input.find(newline);
    if (at < 0) return PacketType.PACKET_LESS;
    response.sBuffer = input.getHeader(at).slice();
    input.moveHeader(at + 1);
    return PacketType.PACKET_FULL;
  },
};

const newline = Buffer.from('\n');
