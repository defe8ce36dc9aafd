import { createServer } from 'node:http';
import { Duplex } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latin1, outcomeOf } from './http.testkit.js';

/** Pieces of requests, good and bad, of which the test makes streams. */
const target = fc.constantFrom('/', '/a?b=c', '/\xe4', '*', 'http://a/x', 'http://b/', 'a', '');
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'get', 'BREW');
const version = fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0');
const lineEnd = fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n');
const blank = fc.constantFrom('', ' ', ' ', '\t ', '  ', '\f', '\xa0');
const name = fc.constantFrom(
  'Host',
  'host',
  'X-A',
  'Content-Length',
  'CONTENT-LENGTH',
  'Transfer-Encoding',
  'transfer-encoding',
  'Connection',
  'Content-Length ',
  'Content\x00Length',
  ' X',
  '',
);
const value = fc.constantFrom(
  'a',
  'a:80',
  '',
  '0',
  '5',
  '05',
  '+5',
  '5, 5',
  'chunked',
  'Chunked',
  'gzip, chunked',
  'chunked, identity',
  'chun\xe2\x84\xaaed',
  'close',
  'keep-alive',
  'x, close',
  'b\xff',
  'b\x00',
);
const field = fc.tuple(name, fc.constantFrom(':', ':', ':', ':', ''), blank, value, blank, lineEnd);
const goodField = fc.constantFrom('X-A: b\r\n', 'A:\r\n', 'B: \xfc \r\n', 'Connection: keep-alive\r\n', 'C: d\t\r\n');
const body = fc.constantFrom(
  '',
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  '5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n',
  '05\r\nhello\r\n00\r\n\r\n',
  '5 \r\nhello\r\n0\r\n\r\n',
  '5\nhello\r\n0\r\n\r\n',
  '0\r\n\r\n',
  '0\r\nA : b\r\n\r\n',
  '1\r\nhello\r\n0\r\n\r\n',
);
const anyRequest = fc
  .tuple(method, target, version, lineEnd, fc.array(field, { maxLength: 4 }), lineEnd, body)
  .map(([m, t, v, end, fields, last, text]) => `${m} ${t} ${v}${end}${fields.flat().join('')}${last}${text}`);
const length = fc.constantFrom<[string, string]>(
  ['', ''],
  ['Content-Length: 5\r\n', 'hello'],
  ['content-length:\t05\r\n', 'GET /'],
  ['Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n'],
  ['TRANSFER-ENCODING: Chunked \r\n', '5;a="b c"\r\nhello\r\nA\r\n0123456789\r\n0\r\nA: b\r\n\r\n'],
);
const goodRequest = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'OPTIONS', 'DELETE'),
    fc.constantFrom('/', '/a?b=c', 'http://a/x'),
    fc.array(goodField, { maxLength: 4 }),
    length,
  )
  .map(
    ([m, t, fields, [lengthField, text]]) =>
      `${m} ${t} HTTP/1.1\r\nHost: a\r\n${lengthField}${fields.join('')}\r\n${text}`,
  );
const stream = fc.array(fc.oneof(goodRequest, anyRequest), { minLength: 1, maxLength: 3 }).map((all) => all.join(''));

/** What Node's own HTTP parser makes of the bytes: method, target and size of the body of each request. */
async function asNode(bytes: Uint8Array): Promise<{ seen: string[]; isRefused: boolean }> {
  const seen: string[] = [];
  let isRefused = false;
  const server = createServer({ requireHostHeader: true }, (request, response) => {
    let size = 0;
    request.on('data', (data: Uint8Array) => (size += data.length));
    request.on('end', () => seen.push(`${request.method} ${request.url} ${size}`));
    request.on('error', () => (isRefused = true));
    response.end();
  });
  server.on('clientError', () => (isRefused = true));
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  server.emit('connection', socket);
  socket.push(bytes);
  // All of it happens in memory: a few turns of the loop, until nothing comes any more.
  for (let turn = 0, before = -1; turn < 3 || before !== seen.length; turn++) {
    before = seen.length;
    await new Promise(setImmediate);
  }
  socket.destroy();
  server.close();
  return { seen, isRefused };
}

/** The same of ours, by the simplest reading of what was taken. */
function summary(message: string): string {
  const headEnd = message.indexOf('\r\n\r\n') + 4;
  const [method, target] = message.split(' ');
  let size = message.length - headEnd;
  if (/^transfer-encoding:/im.test(message.slice(0, headEnd))) {
    size = 0;
    let at = headEnd;
    for (;;) {
      const chunk = Number.parseInt(message.slice(at), 16);
      if (chunk === 0) break;
      at = message.indexOf('\r\n', at) + 2 + chunk + 2;
      size += chunk;
    }
  }
  return `${method} ${target} ${size}`;
}

describe('parseHttp', () => {
  it('gives the same for any cut of the stream', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(300), { maxLength: 8 }), (text, cuts) => {
        const bytes = latin1(text);
        const whole = outcomeOf(bytes);
        expect(outcomeOf(bytes, cuts)).toEqual(whole);
        expect(outcomeOf(bytes, [...bytes.keys()])).toEqual(whole);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes no stream of requests other than Node takes it', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(stream, async (text) => {
        const bytes = latin1(text);
        const { messages } = outcomeOf(bytes);
        if (messages.length === 0) return;
        const { seen } = await asNode(bytes);
        expect(seen.slice(0, messages.length)).toEqual(messages.map(summary));
        taken += messages.length;
      }),
      { numRuns: 1500 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  it('takes the usual requests that Node takes', async () => {
    await fc.assert(
      fc.asyncProperty(goodRequest, async (text) => {
        const bytes = latin1(text);
        const { seen, isRefused } = await asNode(bytes);
        const { messages, end } = outcomeOf(bytes);
        expect([messages.map(summary), end, isRefused]).toEqual([seen, 'waits', false]);
      }),
      { numRuns: 500 },
    );
  });
});
