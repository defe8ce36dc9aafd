import { describe, expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { NetWorkBuffer } from '../buffer/network-buffer.js';
import { encodeUtf8 } from '../buffer/utf8.js';
import { TarsException } from '../errors/tars-exception.js';
import { RequestPacket } from '../message/request-packet.js';
import { ResponsePacket } from '../message/response-packet.js';
import { httpFraming, parseHttp } from './http-message.js';
import { PacketType } from './packet-type.js';

const { PACKET_FULL, PACKET_FULL_CLOSE, PACKET_LESS } = PacketType;

function bufferOf(text: string): NetWorkBuffer {
  const input = new NetWorkBuffer();
  input.addBuffer(encodeUtf8(text));
  return input;
}

function request(text: string, framing = parseHttp): [PacketType, string] {
  const output = new ByteVector();
  return [framing(bufferOf(text), output), output.toString()];
}

function response(text: string): [PacketType, string] {
  const packet = new ResponsePacket();
  return [parseHttp.proxyProtocol.responseFunc(bufferOf(text), packet), packet.sBuffer.toString()];
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return TarsException.is(error) ? error.code : String(error);
  }
  return 'nothing was thrown';
}

describe('parseHttp, requests', () => {
  it('takes exactly one of several that came at once', () => {
    const first = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab';
    const second = 'GET /2 HTTP/1.1\r\nHost: a\r\n\r\n';
    const input = bufferOf(`${first}\r\n${second}GET`);
    const output = new ByteVector();
    expect([parseHttp(input, output), output.toString()]).toEqual([PACKET_FULL, first]);
    expect([parseHttp(input, output), output.toString()]).toEqual([PACKET_FULL, second]);
    expect(parseHttp(input, output)).toBe(PACKET_LESS);
    expect(input.getBufferLength()).toBe(3);
  });

  it.each([
    ['GET / HTTP/1.1\r\nHost: a\r\nConnection: x , Close\r\n\r\n', PACKET_FULL_CLOSE],
    ['GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n', PACKET_FULL],
    ['GET / HTTP/1.0\r\n\r\n', PACKET_FULL_CLOSE],
    ['GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n', PACKET_FULL],
  ])('says whether the connection goes on: %j', (text, type) => {
    expect(request(text)).toEqual([type, text]);
  });

  it('finds the end of chunks, extensions and trailers', () => {
    const text =
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n000A;x="y z"\r\n0\r\n\r\n56789\r\n0;last\r\nA: b\r\nC:\r\n\r\n';
    const input = bufferOf(`${text}GET`);
    const output = new ByteVector();
    expect([parseHttp(input, output), output.toString()]).toEqual([PACKET_FULL, text]);
    expect(input.getBufferLength()).toBe(3);
  });

  it.each([
    ['Content-Length twice', 'Content-Length: 2\r\nContent-Length: 2'],
    ['conflicting Content-Length', 'Content-Length: 2\r\nContent-Length: 3'],
    ['a list of lengths', 'Content-Length: 2, 2'],
    ['a signed length', 'Content-Length: +2'],
    ['a hexadecimal length', 'Content-Length: 0x2'],
    ['an empty length', 'Content-Length:'],
    ['a length beyond exact integers', 'Content-Length: 99999999999999999999'],
    ['both ways to tell the length', 'Content-Length: 2\r\nTransfer-Encoding: chunked'],
    ['both ways, turned', 'Transfer-Encoding: chunked\r\nContent-Length: 2'],
    ['Transfer-Encoding twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'],
    ['another coding', 'Transfer-Encoding: gzip, chunked'],
    ['a disguised coding', 'Transfer-Encoding: \u000bchunked'],
    ['a folded line', 'A: b\r\n c'],
    ['a folded line with a tab', 'A: b\r\n\tc: d'],
    ['a space before the colon', 'Content-Length : 2'],
    ['a line without a colon', 'nonsense'],
    ['an empty name', ': x'],
    ['a bare LF', 'A: b\nContent-Length: 2'],
    ['a bare CR', 'A: b\rContent-Length: 2'],
    ['a NUL', 'A: \0'],
  ])('refuses %s', (_, fields) => {
    expect(codeOf(() => request(`POST / HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\nab`))).toBe('TARSIER_PACKET_INVALID');
  });

  it.each([
    'GET  / HTTP/1.1',
    'GET / HTTP/1.1 ',
    'GET /a b HTTP/1.1',
    'GET /',
    ' GET / HTTP/1.1',
    'get / HTTP/1.1',
    'BREW / HTTP/1.1',
    'PRI * HTTP/2.0',
    'GET / HTTP/1.2',
    'GET / HTTP/11.1',
  ])('refuses the request line %j', (line) => {
    expect(codeOf(() => request(`${line}\r\nHost: a\r\n\r\n`))).toBe('TARSIER_PACKET_INVALID');
  });

  it('refuses what is not HTTP after 10 bytes, and Transfer-Encoding in HTTP/1.0', () => {
    expect(request('XXXXXXXXX')).toEqual([PACKET_LESS, '']);
    expect(codeOf(() => request('XXXXXXXXXX'))).toBe('TARSIER_PACKET_INVALID');
    expect(codeOf(() => request('GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n'))).toBe(
      'TARSIER_PACKET_INVALID',
    );
  });

  it.each([
    '\r\n',
    'g\r\n',
    '-1\r\n',
    '5 \r\nhello',
    '5\nhello',
    '5\r\nhelloX',
    '0\r\nA b: c',
    '0\r\n x',
    '123456789',
    '1;\0',
  ])('refuses the chunks %j', (chunks) => {
    expect(codeOf(() => request(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`))).toBe(
      'TARSIER_PACKET_INVALID',
    );
  });

  it('has limits for heads, bodies and chunked bodies', () => {
    const small = httpFraming({ maxHeadBytes: 60, maxBodyBytes: 10 });
    const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(request('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789', small)[0]).toBe(PACKET_FULL);
    expect(request(`${chunked}0\r\nA:b\r\n\r\n`, small)[0]).toBe(PACKET_FULL);
    for (const text of [
      `GET /${'x'.repeat(60)}`,
      `GET /${'x'.repeat(60)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n',
      `${chunked}9\r\n`,
      `${chunked}7fffffff\r\n`,
      `${chunked}0\r\nA:bcdefghij`,
    ]) {
      expect(codeOf(() => request(text, small))).toBe('TARSIER_PACKET_TOO_LARGE');
    }
  });

  it('keeps what it knows of one connection apart from others', () => {
    const text = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
    const inputs = [new NetWorkBuffer(), new NetWorkBuffer()];
    const outputs = [new ByteVector(), new ByteVector()];
    const bytes = encodeUtf8(text);
    const types: PacketType[][] = [[], []];
    for (let i = 0; i < bytes.length; i++) {
      for (const [n, input] of inputs.entries()) {
        input.addBuffer(bytes.slice(i, i + 1));
        types[n]?.push(parseHttp(input, outputs[n] as ByteVector));
      }
    }
    for (const n of [0, 1]) {
      expect(types[n]?.filter((type) => type === PACKET_FULL).length).toBe(1);
      expect(outputs[n]?.toString()).toBe(text);
    }
  });

  it.each(['Content-Length: 1048576\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\n100000\r\n'])(
    'looks at each byte of a long body once (%#)',
    (fields) => {
      const input = bufferOf(`POST / HTTP/1.1\r\nHost: a\r\n${fields}`);
      const output = new ByteVector();
      const crumb = Uint8Array.of(65);
      const begin = performance.now();
      for (let i = 0; i < 1_048_576; i++) {
        input.addBuffer(crumb);
        parseHttp(input, output);
      }
      const ended =
        fields.startsWith('Content') ||
        (input.addBuffer(encodeUtf8('\r\n0\r\n\r\n')), parseHttp(input, output) === PACKET_FULL);
      expect(ended).toBe(true);
      expect(output.length).toBeGreaterThan(1_048_576);
      // Quadratic, it would take minutes.
      expect(performance.now() - begin).toBeLessThan(5000);
    },
  );
});

describe('parseHttp, responses', () => {
  it.each([
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab',
    'HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\nContent-Length: 20\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
  ])('takes %j', (text) => {
    expect(response(`${text}HTTP/1.1 200 OK\r\n`)).toEqual([PACKET_FULL, text]);
  });

  it('passes over interim responses', () => {
    const last = 'HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
    expect(response(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 \r\nLink: x\r\n\r\n${last}`)).toEqual([
      PACKET_FULL_CLOSE,
      last,
    ]);
  });

  it('says that responses which end with the connection are not supported', () => {
    expect(() => response('HTTP/1.1 200 OK\r\n\r\n')).toThrow(/ends with the connection is not supported/);
  });

  it.each(['HTTP/1.1 2000 OK', 'HTTP/1.1  200', 'HTTP/2 200', 'http/1.1 200 OK', 'HTTP/1.1 600 X'])(
    'refuses the status line %j',
    (line) => {
      expect(codeOf(() => response(`${line}\r\nContent-Length: 0\r\n\r\n`))).toBe('TARSIER_PACKET_INVALID');
    },
  );

  it('sends requests as they are, but not HEAD', () => {
    const protocol = parseHttp.proxyProtocol;
    const packet = new RequestPacket();
    packet.sBuffer = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
    expect(protocol.requestFunc(packet, { endpoint: '', isConnected: true })).toBe(packet.sBuffer);
    packet.sBuffer = 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n';
    expect(codeOf(() => protocol.requestFunc(packet, { endpoint: '', isConnected: true }))).toBe('TARSIER_ENCODE');
    expect(protocol.connectionSerial).toBe(1);
    expect(parseHttp.encode('HTTP/1.1 200 OK\r\n\r\n')).toEqual(encodeUtf8('HTTP/1.1 200 OK\r\n\r\n'));
  });
});
