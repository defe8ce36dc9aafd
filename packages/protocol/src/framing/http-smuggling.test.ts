import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../buffer/utf8.js';
import { outcomeOf } from './http.testkit.js';
import { httpFraming } from './http-message.js';

const INVALID = 'TARSIER_PACKET_INVALID';
const TOO_LARGE = 'TARSIER_PACKET_TOO_LARGE';
const kelvin = '\u212a';
const longS = '\u017f';

/** Every request stands before another one, which a peer would like to have served as a part of the first, or by itself. */
const SECOND = 'GET /second HTTP/1.1\r\nHost: a\r\n\r\n';

function endOf(request: string | Uint8Array): string {
  const first = typeof request === 'string' ? encodeUtf8(request) : request;
  const bytes = new Uint8Array([...first, ...encodeUtf8(SECOND)]);
  const { messages, end } = outcomeOf(bytes);
  return messages.length === 0 ? end : `${messages.length} taken, then ${end}`;
}

const withFields = (...fields: string[]): string => `POST / HTTP/1.1\r\n${fields.map((f) => `${f}\r\n`).join('')}\r\n`;
const chunks = (text: string): string => `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${text}`;

describe('a request that two parsers may read differently is refused: RFC 9112 section 6', () => {
  it.each([
    ['both lengths', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['both lengths, the other way round', ['Transfer-Encoding: chunked', 'Content-Length: 5']],
    ['two lengths', ['Content-Length: 0', 'Content-Length: 30']],
    ['the same length twice', ['Content-Length: 5', 'content-length: 5']],
    ['a list of lengths', ['Content-Length: 5, 5']],
    ['a length with a sign', ['Content-Length: +5']],
    ['a negative length', ['Content-Length: -1']],
    ['a length in hexadecimal', ['Content-Length: 0x5']],
    ['a length with a fraction', ['Content-Length: 5.0']],
    ['a length with an exponent', ['Content-Length: 1e1']],
    ['a length with a separator', ['Content-Length: 1_0']],
    ['a length with a blank in it', ['Content-Length: 1 0']],
    ['no length', ['Content-Length:']],
    ['a length in quotes', ['Content-Length: "5"']],
    ['a length in Arabic digits', ['Content-Length: \u0665']],
    ['a length in wide digits', ['Content-Length: \uff15']],
    ['a length behind U+00A0', ['Content-Length: \u00a05']],
    ['a length before U+2028', ['Content-Length: 5\u2028']],
    ['a length beyond the exact integers', ['Content-Length: 9007199254740993']],
    ['a coding that is not ASCII', [`Transfer-Encoding: chun${kelvin}ed`]],
    ['a coding behind a letter that is not ASCII', [`Transfer-Encoding: ${longS}chunked`]],
    ['a coding before U+00A0', ['Transfer-Encoding: chunked\u00a0']],
    ['a coding behind a form feed', ['Transfer-Encoding: \fchunked']],
    ['a coding behind a vertical tab', ['Transfer-Encoding: \vchunked']],
    ['a coding before NUL', ['Transfer-Encoding: chunked\0']],
    ['a coding with a parameter', ['Transfer-Encoding: chunked;q=1']],
    ['a coding in quotes', ['Transfer-Encoding: "chunked"']],
    ['an unknown coding', ['Transfer-Encoding: gzip']],
    ['chunked before another coding', ['Transfer-Encoding: chunked, gzip']],
    ['chunked after another coding', ['Transfer-Encoding: gzip, chunked']],
    ['chunked twice in a line', ['Transfer-Encoding: chunked, chunked']],
    ['chunked twice in two lines', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    ['identity before chunked', ['Transfer-Encoding: identity', 'Transfer-Encoding: chunked']],
    ['no coding', ['Transfer-Encoding:']],
    ['a name that ends with a blank', ['Transfer-Encoding : chunked']],
    ['a name that ends with a tab', ['Content-Length\t: 5']],
    ['a name with a letter that is not ASCII', [`Transfer-En${longS}oding: chunked`]],
    ['a name with the Kelvin sign', [`To${kelvin}en: x`]],
    ['a name with a byte that is not ASCII', ['Content-Length\u00a0: 5']],
    ['a name with NUL', ['Content\0-Length: 5']],
    ['no name', [': 5']],
    ['a line that is folded', ['A: b', ' Content-Length: 5']],
    ['a line that is folded with a tab', ['A: b', '\tContent-Length: 5']],
    ['a folded coding', ['Transfer-Encoding:', ' chunked']],
    ['a first field behind a blank', [' Content-Length: 5']],
    ['a line without a colon', ['Content-Length 5']],
    ['a bare LF', ['A: b\nContent-Length: 5']],
    ['a bare CR', ['A: b\rContent-Length: 5']],
    ['CR CR LF', ['A: b\r']],
    ['a line that begins with CR', ['\rContent-Length: 5']],
    ['an option of the connection that is not ASCII', [`Connection: ${kelvin}eep-alive`]],
    ['an option before U+00A0', ['Connection: close\u00a0']],
    ['two options without a comma', ['Connection: close keep-alive']],
    ['an option in quotes', ['Connection: "close"']],
  ])('%s', (_, fields) => {
    expect(endOf(withFields('Host: a', ...fields))).toBe(INVALID);
    expect(endOf(withFields(...fields, 'Host: a'))).toBe(INVALID);
  });

  it('chunked in HTTP/1.0, and a bare LF before the head ends', () => {
    expect(endOf('POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n')).toBe(INVALID);
    expect(endOf('GET / HTTP/1.1\nHost: a\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n')).toBe(INVALID);
  });

  it.each([
    ['no size', '\r\n'],
    ['a size that is no number', 'g\r\n'],
    ['a size with a sign', '+5\r\nhello\r\n0\r\n\r\n'],
    ['a negative size', '-1\r\n'],
    ['a size with 0x', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a size with a separator', '1_0\r\n'],
    ['a blank before the size', ' 5\r\nhello\r\n0\r\n\r\n'],
    ['a blank behind the size', '5 \r\nhello\r\n0\r\n\r\n'],
    ['a size that fits no integer', 'fffffffffffffffff0\r\n'],
    ['a size in wide digits', '\uff15\r\nhello\r\n0\r\n\r\n'],
    ['a size that ends with LF alone', '5\nhello\r\n0\r\n\r\n'],
    ['a size that ends with CR alone', '5\rhello\r\n0\r\n\r\n'],
    ['a LF in an extension', '5;a\nhello\r\n0\r\n\r\n'],
    ['a CR in an extension', '5;a\rb\r\nhello\r\n0\r\n\r\n'],
    ['NUL in an extension', '5;a=\0\r\nhello\r\n0\r\n\r\n'],
    ['more data than the size says', '4\r\nhello\r\n0\r\n\r\n'],
    ['data that ends with LF alone', '5\r\nhello\n0\r\n\r\n'],
    ['a trailer that is no field', '0\r\nA b\r\n\r\n'],
    ['a trailer with a blank before the colon', '0\r\nA : b\r\n\r\n'],
    ['a folded trailer', '0\r\nA: b\r\n c\r\n\r\n'],
    ['a trailer that ends with LF alone', '0\r\nA: b\n\r\n'],
    ['an end with LF alone', '0\r\n\n'],
  ])('chunks: %s', (_, text) => {
    expect(endOf(chunks(text))).toBe(INVALID);
  });

  it('takes what is only unusual', () => {
    const taken = '2 taken, then waits';
    expect(endOf(`${withFields('HOST:a', 'CONTENT-LENGTH:\t005 \t')}hello`)).toBe(taken);
    expect(endOf(withFields('Host: a', 'Connection: , keep-alive ,,\tUpgrade,'))).toBe(taken);
    expect(endOf(withFields('Host: a', 'A:', 'B: \u00fc'))).toBe(taken);
    expect(endOf(chunks('00005;a;b="c d"\r\nhello\r\n000;x\r\nA:\r\nB: c\r\n\r\n'))).toBe(taken);
  });
});

describe('a request says which host it is for: RFC 9112 section 3.2', () => {
  it('has exactly one Host field in HTTP/1.1, and one at most in HTTP/1.0', () => {
    expect(endOf('GET / HTTP/1.1\r\n\r\n')).toBe(INVALID);
    expect(endOf(withFields('Host: a', 'Host: a'))).toBe(INVALID);
    expect(endOf(withFields('Host: a', 'hOST: b'))).toBe(INVALID);
    expect(endOf('GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n')).toBe(INVALID);
    expect(endOf(withFields('Hos\u0163: a'))).toBe(INVALID);
    expect(endOf('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')).toBe('2 taken, then waits');
  });

  it.each(['', 'a', 'A.example', 'a:80', 'a:', '1.2.3.4:65535', '[::1]', '[::ffff:1.2.3.4]:80', 'a_b-c~', '%41%2d'])(
    'takes the host %j',
    (host) => {
      expect(endOf(withFields(`Host: ${host}`))).toBe('2 taken, then waits');
    },
  );

  it.each([
    'a b',
    'a, b',
    'a,b',
    'a/b',
    'a?b',
    'a#b',
    'a@b',
    'a\\b',
    '"a"',
    '<a>',
    'a:b',
    'a:-1',
    'a:123456',
    'a:80:80',
    ':80',
    '::1',
    '[::1',
    '[]',
    '[::1]80',
    '[g]',
    'a%',
    'a%2',
    'a%zz',
    kelvin,
    '\u00e4',
    'a\u00a0',
    'a\u2028',
    'http://a',
  ])('refuses the host %j', (host) => {
    expect(endOf(withFields(`Host: ${host}`))).toBe(INVALID);
    if (host !== '')
      expect(endOf(`GET http://${host.replaceAll(/[/?#]/g, '@')}/ HTTP/1.1\r\nHost: a\r\n\r\n`)).toBe(INVALID);
  });

  it.each([
    ['http://a/b', 'a'],
    ['HTTP://A:80', 'a'],
    ['http://a?x', 'A:'],
    ['https://a:443/', 'a'],
    ['https://a/', 'a:443'],
    ['http://[::1]:8080/x', '[::1]:8080'],
  ])('takes the target %s with the host %s', (target, host) => {
    expect(endOf(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toBe('2 taken, then waits');
  });

  it.each([
    ['http://a/b', 'b'],
    ['http://a/b', ''],
    ['http://a:443/', 'a'],
    ['http://a:81/', 'a'],
    ['https://a:80/', 'a'],
    ['http://a@b/', 'b'],
    ['http:///b', 'a'],
    ['http:/b', 'a'],
    ['ftp://a/', 'a'],
    ['a/b', 'a'],
    ['a:80', 'a'],
    ['*', 'a'],
    ['?a', 'a'],
    [`\u212a`, 'a'],
    ['/\u00e4', 'a'],
    ['/\u2028', 'a'],
  ])('refuses the target %s with the host %j', (target, host) => {
    expect(endOf(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toBe(INVALID);
  });

  it('takes * of OPTIONS', () => {
    expect(endOf('OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('2 taken, then waits');
  });
});

describe('extensions and trailers of chunks', () => {
  const small = httpFraming({ maxHeadBytes: 100, maxBodyBytes: 10_000 });
  const endOfSmall = (text: string): string => outcomeOf(encodeUtf8(chunks(text)), [], small).end;

  it('have a limit together, which is that of a head', () => {
    expect(endOfSmall(`1;${'x'.repeat(100)}\r\n`)).toBe('waits');
    expect(endOfSmall(`1;${'x'.repeat(101)}\r\n`)).toBe(TOO_LARGE);
    expect(endOfSmall('1;xxxxxxxxx\r\na\r\n'.repeat(12))).toBe(TOO_LARGE);
    expect(endOfSmall(`0\r\n${'A: bcdefgh\r\n'.repeat(12)}`)).toBe(TOO_LARGE);
    expect(endOfSmall(`1;${'x'.repeat(60)}\r\na\r\n0\r\nA: ${'b'.repeat(60)}`)).toBe(TOO_LARGE);
    expect(endOfSmall('1\r\na\r\n'.repeat(1000))).toBe('waits');
  });
});
