import type { ByteVector } from '../buffer/byte-vector.js';
import type { NetWorkBuffer } from '../buffer/network-buffer.js';
import { decodeUtf8, encodeUtf8 } from '../buffer/utf8.js';
import { TarsDecodeException, TarsEncodeException } from '../errors/exceptions.js';
import { checkOption } from './check-option.js';
import { type Framing, makeFraming, toUint8Array } from './framing.js';
import { tooLargeHttp } from './http-bytes.js';
import { ChunkedBody } from './http-chunks.js';
import { checkMethod, type HttpHead, readRequestHead, readResponseHead } from './http-head.js';
import type { PacketParser } from './packet-parser.js';
import { PacketType } from './packet-type.js';

/** Limits of {@link httpFraming}, in bytes. */
export interface HttpFramingOptions {
  /** First line and header lines together; also chunk extensions and trailers of one body together; 64 KiB unless told. */
  readonly maxHeadBytes?: number;
  /** Body as it is sent, with chunk sizes and trailers; 10 MiB unless told. */
  readonly maxBodyBytes?: number;
}

/** A message whose head has come and was read. */
interface Message {
  /** Size of all of it; of the head alone while `chunks` looks for the end. */
  size: number;
  readonly chunks: ChunkedBody | undefined;
  readonly closes: boolean;
}

const HEAD_END = encodeUtf8('\r\n\r\n');
/** Stands for the size of a body that its chunks tell. */
const CHUNKED = -1;
/** With so many bytes a method and the space behind it must have come. */
const METHOD_BYTES = 10;

/**
 * Cuts HTTP/1.x messages: exactly one at a time, however many were sent at once.
 *
 * Server: the output is one whole request, head and body as they came. A request with `Connection: close`, or of
 * HTTP/1.0 without `keep-alive`, is `PACKET_FULL_CLOSE`. Client: `sBuffer` of a request is sent as it is, and `sBuffer` of
 * the answer is one whole response; interim responses (1xx but 101) are passed over. Answers come in the order of the
 * requests, so there is one call at a time on each connection.
 *
 * What two parsers might read differently is an error, for it would let a peer smuggle requests: Content-Length twice or
 * together with Transfer-Encoding, another coding than chunked, folded lines, bare CR or LF (RFC 9112 sections 2.2, 5.2,
 * 6.3); a request of HTTP/1.1 without Host, two of them, one that is no host, or another than the target names (section 3.2). Not supported, and an error too: responses that end with the connection, requests with the method HEAD on the
 * client (their responses cannot be told from ones with a body), and HTTP/2.
 *
 * Each byte is looked at once, also when a body comes in crumbs.
 *
 * Source: TC_NetWorkBuffer::parseHttp, which takes all that is buffered as one packet.
 */
export function httpFraming(options: HttpFramingOptions = {}): Framing {
  const { maxHeadBytes = 65_536, maxBodyBytes = 10 * 1024 * 1024 } = options;
  checkOption('httpFraming', 'maxHeadBytes', maxHeadBytes, 16, 0xffff_ffff);
  checkOption('httpFraming', 'maxBodyBytes', maxBodyBytes, 0, 0xffff_ffff);
  const takeResponse = messageParser((input) => {
    for (;;) {
      const size = headSize(input, maxHeadBytes);
      if (size < 0) return undefined;
      const head = readResponseHead(input.getHeader(size));
      if (head.status >= 200 || head.status === 101)
        return begin(head, size, responseBody(head), maxBodyBytes, maxHeadBytes);
      input.moveHeader(size);
    }
  });
  return makeFraming({
    parse: messageParser((input) => {
      skipEmptyLines(input);
      const size = headSize(input, maxHeadBytes);
      if (size < 0) {
        if (input.getBufferLength() >= METHOD_BYTES) checkMethod(input.getHeader(METHOD_BYTES));
        return undefined;
      }
      const head = readRequestHead(input.getHeader(size));
      return begin(head, size, head.isChunked ? CHUNKED : (head.contentLength ?? 0), maxBodyBytes, maxHeadBytes);
    }),
    responseFunc: (input, response) => takeResponse(input, response.sBuffer),
    requestFunc: (request) => {
      const buffer = request.sBuffer;
      if (buffer.length >= 5 && decodeUtf8(buffer.buffer.subarray(buffer.start, buffer.start + 5)) === 'HEAD ') {
        throw new TarsEncodeException('HTTP: HEAD is not supported by this framing: use GET');
      }
      return buffer;
    },
    encode: toUint8Array,
  });
}

/** {@link httpFraming} with its default limits. Source: TC_NetWorkBuffer::parseHttp. */
export const parseHttp: Framing = httpFraming();

/**
 * Makes a parser of messages that begin with a head.
 *
 * @param readHead takes what comes before the message away and reads its head; undefined while that is incomplete.
 */
function messageParser(readHead: (input: NetWorkBuffer) => Message | undefined): PacketParser {
  // Not the context data of the buffer: that belongs to the user.
  const waiting = new WeakMap<NetWorkBuffer, Message>();
  return (input: NetWorkBuffer, output: ByteVector): PacketType => {
    const known = waiting.get(input);
    const message = known ?? readHead(input);
    if (message === undefined) return PacketType.PACKET_LESS;
    const { chunks } = message;
    const isComplete = chunks === undefined ? message.size <= input.getBufferLength() : chunks.scan(input);
    if (!isComplete) {
      if (known === undefined) waiting.set(input, message);
      return PacketType.PACKET_LESS;
    }
    if (known !== undefined) waiting.delete(input);
    const size = chunks?.position ?? message.size;
    input.getHeader(size, output);
    input.moveHeader(size);
    return message.closes ? PacketType.PACKET_FULL_CLOSE : PacketType.PACKET_FULL;
  };
}

/** Empty lines before a request are not part of it (RFC 9112 section 2.2). */
function skipEmptyLines(input: NetWorkBuffer): void {
  while (input.getValueOf2() === 0x0d0a) input.moveHeader(2);
}

/** Size of the head with its empty line; -1 while that has not come. */
function headSize(input: NetWorkBuffer, max: number): number {
  const at = input.find(HEAD_END);
  if (at < 0 ? input.getBufferLength() >= max : at + 4 > max) {
    throw tooLargeHttp(`the head has more than ${max} bytes: raise maxHeadBytes, or send less`);
  }
  return at < 0 ? -1 : at + 4;
}

function begin(head: HttpHead, headBytes: number, bodyBytes: number, max: number, maxHead: number): Message {
  if (bodyBytes === CHUNKED) {
    return { size: headBytes, chunks: new ChunkedBody(headBytes, max, maxHead), closes: head.closes };
  }
  if (bodyBytes > max) {
    throw tooLargeHttp(`a body of ${bodyBytes} bytes; ${max} are allowed: raise maxBodyBytes, or send less`);
  }
  return { size: headBytes + bodyBytes, chunks: undefined, closes: head.closes };
}

/** Size of the body of a response, or {@link CHUNKED}. */
function responseBody(head: HttpHead): number {
  if (head.status < 200 || head.status === 204 || head.status === 304) return 0;
  if (head.isChunked) return CHUNKED;
  if (head.contentLength !== undefined) return head.contentLength;
  throw new TarsDecodeException(
    'HTTP: a response that ends with the connection is not supported: let the server send Content-Length or chunks',
  );
}
