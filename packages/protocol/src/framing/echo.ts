import type { ByteVector } from '../buffer/byte-vector.js';
import type { NetWorkBuffer } from '../buffer/network-buffer.js';
import { type Framing, makeFraming, toUint8Array } from './framing.js';
import { PacketType } from './packet-type.js';

function takeAll(input: NetWorkBuffer, output: ByteVector): PacketType {
  if (input.empty()) return PacketType.PACKET_LESS;
  input.getBuffers(output);
  input.clearBuffers();
  return PacketType.PACKET_FULL;
}

/**
 * No framing at all: whatever has arrived is one packet.
 *
 * Where a packet ends depends on how the network cut the stream, so this suits streams, not messages. It has no limit of
 * its own and no request id.
 *
 * Source: TC_NetWorkBuffer::parseEcho.
 */
export const parseEcho: Framing = makeFraming({
  parse: (input, output) => takeAll(input, output),
  responseFunc: (input, response) => takeAll(input, response.sBuffer),
  encode: toUint8Array,
  requestFunc: (request) => request.sBuffer,
});
