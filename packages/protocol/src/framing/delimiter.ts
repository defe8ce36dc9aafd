import type { Bytes, ByteVector } from '../buffer/byte-vector.js';
import type { NetWorkBuffer } from '../buffer/network-buffer.js';
import { encodeUtf8 } from '../buffer/utf8.js';
import { TarsDecodeException, TarsEncodeException } from '../errors/exceptions.js';
import { checkOption } from './check-option.js';
import { type Framing, makeFraming, toUint8Array } from './framing.js';
import { PacketType } from './packet-type.js';

/** What {@link delimiter} may be told. */
export interface DelimiterOptions {
  /** Largest packet in bytes, delimiter included; 65536 unless told. */
  readonly maxPacketBytes?: number;
  /** Whether what is parsed keeps the delimiter at its end; false unless told. `encode` adds it in either case. */
  readonly keep?: boolean;
}

/**
 * Cuts packets that end with a delimiter, as lines do. They carry no request id.
 *
 * Layout: `| body | delimiter |`; the body ends where the delimiter occurs first, so it can be empty, and it cannot
 * contain the delimiter: `encode` throws for one that does. Waiting for a delimiter costs time linear in the bytes.
 *
 * @param mark a string stands for its UTF-8 bytes; at most 256 bytes.
 * @throws TarsException (`TARSIER_INVALID_ARGUMENT`) for an empty delimiter, or one longer than the limit.
 */
export function delimiter(mark: string | Uint8Array, options: DelimiterOptions = {}): Framing {
  const { maxPacketBytes: max = 65_536, keep = false } = options;
  // A copy of its own: the buffer knows the pattern by its object.
  const pattern = typeof mark === 'string' ? encodeUtf8(mark) : new Uint8Array(mark);
  checkOption('delimiter', 'length of the delimiter', pattern.length, 1, 256);
  checkOption('delimiter', 'maxPacketBytes', max, pattern.length, 0xffff_ffff);

  const take = (input: NetWorkBuffer, output: ByteVector): PacketType => {
    const at = input.find(pattern);
    const size = at + pattern.length;
    if (at < 0 ? input.getBufferLength() >= max : size > max) throw tooLong(at < 0 ? input.getBufferLength() : at, max);
    if (at < 0) return PacketType.PACKET_LESS;
    input.getHeader(keep ? size : at, output);
    input.moveHeader(size);
    return PacketType.PACKET_FULL;
  };
  const encode = (body: Bytes | string): Uint8Array => {
    const bytes = toUint8Array(body);
    const size = bytes.length + pattern.length;
    if (size > max) {
      throw new TarsEncodeException(
        `the packet would have ${size} bytes; at most ${max} are allowed: send a shorter body, or raise maxPacketBytes`,
      );
    }
    const packet = new Uint8Array(size);
    packet.set(bytes);
    packet.set(pattern, bytes.length);
    // Looked for in the packet: the end of a body and the begin of the delimiter may make one too.
    const at = indexOf(packet, pattern);
    if (at < bytes.length) {
      throw new TarsEncodeException(
        `the body contains the delimiter at offset ${at}, which would cut it there: escape it, or use another framing`,
        { where: { offset: at } },
      );
    }
    return packet;
  };
  return makeFraming({
    parse: (input, output) => take(input, output),
    responseFunc: (input, response) => take(input, response.sBuffer),
    encode,
  });
}

function tooLong(bytes: number, max: number): TarsDecodeException {
  return new TarsDecodeException(
    `no delimiter in the first ${bytes} bytes; a packet may have ${max} with it: look whether the peer speaks this protocol, or raise maxPacketBytes`,
    { code: 'TARSIER_PACKET_TOO_LARGE' },
  );
}

/** Where `pattern` begins first; it is known to occur. */
function indexOf(bytes: Uint8Array, pattern: Uint8Array): number {
  const first = pattern[0] as number;
  let at = bytes.indexOf(first);
  while (!pattern.every((byte, i) => bytes[at + i] === byte)) at = bytes.indexOf(first, at + 1);
  return at;
}
