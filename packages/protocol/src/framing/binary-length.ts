import type { Framing } from './framing.js';
import { lengthField } from './length-field.js';

/** Limits of {@link binaryLength}, in bytes; both count the length too. */
export interface BinaryLengthOptions {
  /** Never less than the length itself. */
  readonly minPacketBytes?: number;
  /** Defaults to all that 1 or 2 bytes can say, and to 10 MiB for 4. */
  readonly maxPacketBytes?: number;
}

const DEFAULT_MAX = { 1: 0xff, 2: 0xffff, 4: 10 * 1024 * 1024 } as const;

/**
 * Cuts packets that begin with their own length. They carry no request id.
 *
 * Layout: `| length: 1, 2 or 4 bytes, unsigned, big-endian, counts itself | body |`. The output is the body.
 *
 * A length outside the limits is thrown as a `TarsDecodeException` that names it, where TarsCpp answers `PACKET_ERR`;
 * for a parser of your own that wants the latter there is `NetWorkBuffer.parseBufferOf4`.
 *
 * Source: TC_NetWorkBuffer::parseBinary1, parseBinary2, parseBinary4.
 */
export function binaryLength(bytes: 1 | 2 | 4, options: BinaryLengthOptions = {}): Framing {
  const { minPacketBytes = bytes, maxPacketBytes = DEFAULT_MAX[bytes] } = options;
  return lengthField({ bytes, includesHeader: true, strip: true, min: minPacketBytes, max: maxPacketBytes });
}

/** {@link binaryLength} with 1 byte: packets of 1 to 255 bytes. */
export const parseBinary1: Framing = binaryLength(1);

/** {@link binaryLength} with 2 bytes: packets of 2 to 65535 bytes. */
export const parseBinary2: Framing = binaryLength(2);

/** {@link binaryLength} with 4 bytes: packets of 4 bytes to 10 MiB. */
export const parseBinary4: Framing = binaryLength(4);
