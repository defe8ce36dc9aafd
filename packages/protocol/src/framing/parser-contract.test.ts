import type { ByteVector } from '../buffer/byte-vector.js';
import type { NetWorkBuffer } from '../buffer/network-buffer.js';
import { encodeUtf8 } from '../buffer/utf8.js';
import { TarsDecodeException } from '../errors/exceptions.js';
import type { ResponsePacket } from '../message/response-packet.js';
import { binaryLength } from './binary-length.js';
import { delimiter } from './delimiter.js';
import type { Framing } from './framing.js';
import { httpFraming } from './http-message.js';
import { type LengthFieldOptions, lengthField } from './length-field.js';
import { PacketType } from './packet-type.js';
import { responseParser, testParserContract, withId } from './parser-contract.testkit.js';

const bodies = [
  new Uint8Array(0),
  encodeUtf8('x'),
  encodeUtf8('heartbeat'),
  Uint8Array.from({ length: 200 }, (_, i) => 40 + (i % 80)),
];
const long = Uint8Array.from({ length: 700 }, (_, i) => 40 + (i % 80));
const ids = [0, 1, 200, 7, 0x7f];

/** Both halves of a framing whose client takes what its own `encode` makes. */
function testFraming(name: string, framing: Framing, header: number, keep: number, maxBufferedBytes: number): void {
  const all = maxBufferedBytes > 1000 ? [...bodies, long] : bodies;
  const hasId = framing.proxyProtocol.connectionSerial === 0;
  const packets = all.map((body, i) => framing.encode(body, ids[i]));
  const outputs = packets.map((packet) => packet.subarray(keep));
  testParserContract(name, { parser: framing, packets, outputs, maxBufferedBytes });
  testParserContract(`${name}, client`, {
    parser: responseParser(framing.proxyProtocol),
    packets,
    outputs: packets.map((packet, i) => withId(hasId ? (ids[i] as number) : 0, packet.subarray(header))),
    maxBufferedBytes,
  });
}

testFraming('parseBinary1', binaryLength(1), 1, 1, 255);
testFraming('parseBinary2', binaryLength(2, { maxPacketBytes: 4000 }), 2, 2, 4000);
testFraming('parseBinary4', binaryLength(4, { maxPacketBytes: 4000 }), 4, 4, 4000);

const layouts: Record<string, [LengthFieldOptions, number]> = {
  'push demo': [{ bytes: 4, includesHeader: true, max: 2000, requestId: { offset: 4, bytes: 4 } }, 8],
  'little-endian, body counted': [{ bytes: 2, order: 'little', includesHeader: false, max: 2000, strip: true }, 2],
  '3 bytes after a magic': [{ offset: 2, bytes: 3, includesHeader: false, max: 2000, headerBytes: 9, strip: 3 }, 9],
  'id before the length': [
    { offset: 2, bytes: 3, order: 'little', includesHeader: true, max: 2000, requestId: { offset: 0, bytes: 2 } },
    5,
  ],
  '1 byte, 1 byte id, counts less': [
    { bytes: 1, includesHeader: true, adjust: 2, max: 257, requestId: { offset: 1, bytes: 1 }, strip: true },
    2,
  ],
};
for (const [name, [options, header]] of Object.entries(layouts)) {
  const keep = options.strip === true ? header : Number(options.strip ?? 0);
  testFraming(`lengthField: ${name}`, lengthField(options), header, keep, options.max);
}

{
  const lines = delimiter('\r\n', { maxPacketBytes: 2000 });
  const packets = [...bodies, long].map((body) => lines.encode(body));
  const outputs = packets.map((packet) => packet.subarray(0, -2));
  testParserContract('delimiter CR LF', { parser: lines, packets, outputs, maxBufferedBytes: 2000 });
  testParserContract('delimiter CR LF, client', {
    parser: responseParser(lines.proxyProtocol),
    packets,
    outputs: outputs.map((body) => withId(0, body)),
    maxBufferedBytes: 2000,
  });
  const kept = delimiter(Uint8Array.of(0), { maxPacketBytes: 2000, keep: true });
  testParserContract('delimiter NUL, kept', {
    parser: kept,
    packets: bodies.map((body) => kept.encode(body)),
    maxBufferedBytes: 2000,
  });
}

{
  const http = httpFraming({ maxHeadBytes: 600, maxBodyBytes: 1000 });
  const requests = [
    'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    'POST /a?b=c HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello\r\n\r\nxy',
    'PUT /a HTTP/1.1\r\nhost:\r\ntransfer-encoding: CHUNKED\r\n\r\n5\r\nhello\r\n01;a="b"\r\n \r\n0\r\n\r\n',
    'POST /a HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: chunked\r\n\r\n1f\r\n0123456789012345678901234567890\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\n',
    'OPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
  ].map((text) => encodeUtf8(text));
  testParserContract('httpFraming', { parser: http, packets: requests, maxBufferedBytes: 1600 });
  const responses = [
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.1 304 \r\nContent-Length: 50\r\n\r\n',
    'HTTP/1.1 404\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n',
  ].map((text) => encodeUtf8(text));
  testParserContract('httpFraming, client', {
    parser: responseParser(http.proxyProtocol),
    packets: responses,
    outputs: responses.map((response) => withId(0, response)),
    maxBufferedBytes: 1600,
  });
}

/** The parsers that the push guide of TARS shows, ported line by line, with limits that are unsigned and cover the header. */
function pushLength(input: NetWorkBuffer): number {
  const length = input.getValueOf4();
  if (length > 100_000 || length < 8) {
    throw new TarsDecodeException(`packet length too long or too short, len: ${length}`);
  }
  return length;
}

function parsePush(input: NetWorkBuffer, output: ByteVector): PacketType {
  if (input.getBufferLength() < 4) return PacketType.PACKET_LESS;
  const length = pushLength(input);
  if (input.getBufferLength() < length) return PacketType.PACKET_LESS;
  input.getHeader(length, output);
  input.moveHeader(length);
  return PacketType.PACKET_FULL;
}

function pushResponse(input: NetWorkBuffer, response: ResponsePacket): PacketType {
  if (input.getBufferLength() < 4) return PacketType.PACKET_LESS;
  const length = pushLength(input);
  if (input.getBufferLength() < length) return PacketType.PACKET_LESS;
  input.moveHeader(4);
  response.iRequestId = input.getValueOf4();
  input.moveHeader(4);
  input.getHeader(length - 8, response.sBuffer);
  input.moveHeader(length - 8);
  return PacketType.PACKET_FULL;
}

{
  const push = lengthField({ bytes: 4, includesHeader: true, max: 100_000, requestId: { offset: 4, bytes: 4 } });
  const packets = [...bodies, long].map((body, i) => push.encode(body, ids[i]));
  testParserContract('the parser of the push guide', { parser: parsePush, packets, maxBufferedBytes: 100_000 });
  testParserContract('the response parser of the push guide', {
    parser: responseParser({ requestFunc: (request) => request.sBuffer, responseFunc: pushResponse }),
    packets,
    outputs: packets.map((packet, i) => withId(ids[i] as number, packet.subarray(8))),
    maxBufferedBytes: 100_000,
  });
}
