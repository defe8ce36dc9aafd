import { type Bytes, ByteVector } from '../buffer/byte-vector.js';
import { bytesOf } from '../buffer/bytes-of.js';
import type { NetWorkBuffer } from '../buffer/network-buffer.js';
import { encodeUtf8 } from '../buffer/utf8.js';
import type { AnswerMatching, PacketParser } from './packet-parser.js';
import type { PacketType } from './packet-type.js';
import type { ProxyProtocol } from './proxy-protocol.js';

/**
 * Both halves of a protocol in one value.
 *
 * Called, it is the server's parser, for `addServantProtocol`; `proxyProtocol` is the client's half, for `setProtocol`.
 * It keeps nothing about a connection in itself, so one framing serves every connection.
 *
 * Both halves throw a `TarsDecodeException` for bytes that are not of the protocol (`TARSIER_PACKET_INVALID`) or beyond
 * its limits (`TARSIER_PACKET_TOO_LARGE`); that ends the one connection they came from.
 */
export interface Framing {
  /** Takes one packet from `input`; see {@link PacketParser}. */
  (input: NetWorkBuffer, output: ByteVector): PacketType;
  /** How answers find their requests; both halves go by it. */
  readonly matching: AnswerMatching;
  /** The client's half. Protocols without a request id carry `connectionSerial: 1`. */
  readonly proxyProtocol: ProxyProtocol;
  /**
   * Makes the bytes of one packet: what a server sends as an answer or push, and a client as a request.
   *
   * @param body a string stands for its UTF-8 bytes.
   * @param requestId the id of the request that this is or answers, 0 for a push; not used by protocols without ids.
   * @throws TarsEncodeException (`TARSIER_ENCODE`) when the body or the id does not fit the protocol.
   * @throws TarsException (`TARSIER_INVALID_ARGUMENT`) when the body is no bytes.
   */
  encode(body: Bytes | string, requestId?: number): Uint8Array;
}

/** What {@link makeFraming} is given. */
export interface FramingParts {
  /** The server's parser: a function of its own for each framing. */
  readonly parse: PacketParser;
  readonly responseFunc: ProxyProtocol['responseFunc'];
  readonly encode: Framing['encode'];
  /** Without it requests are made by `encode`. */
  readonly requestFunc?: ProxyProtocol['requestFunc'];
  /** The largest request id that packets can carry, so that many calls share a connection; absent when they carry none. */
  readonly maxRequestId?: number | undefined;
}

/** Makes a {@link Framing} of its parts. */
export function makeFraming(parts: FramingParts): Framing {
  const { parse, encode, responseFunc, maxRequestId } = parts;
  const proxyProtocol: ProxyProtocol = {
    requestFunc: parts.requestFunc ?? ((request) => encode(request.sBuffer, request.iRequestId)),
    responseFunc,
    connectionSerial: maxRequestId === undefined ? 1 : 0,
    ...(maxRequestId === undefined ? {} : { maxRequestId }),
  };
  const matching: AnswerMatching = maxRequestId === undefined ? 'order' : 'id';
  return Object.assign(parse, { proxyProtocol, encode, matching });
}

/** The bytes as one array, not copied; of a string, its UTF-8 bytes. */
export function toUint8Array(bytes: Bytes | string): Uint8Array {
  if (typeof bytes === 'string') return encodeUtf8(bytes);
  const checked = bytesOf(bytes, 'encode of a framing');
  return checked instanceof ByteVector ? checked.data() : checked;
}
