import { readFileSync } from 'node:fs';
import {
  binaryLength,
  delimiter,
  encodeUtf8,
  type Framing,
  httpFraming,
  type LengthFieldOptions,
  lengthField,
  type PacketParser,
  PacketType,
  parseBinary1,
  parseBinary2,
  parseBinary4,
  parseEcho,
  parseHttp,
  TarsDecodeException,
} from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { customProtocol } from '../../../../examples/custom-demo/src/custom-protocol.js';
import { pushProtocol } from '../../../../examples/push-demo/src/client/push-protocol.js';
import { parse as pushParse } from '../../../../examples/push-demo/src/server/parse.js';
import { checkProtocol } from './check-protocol.js';
import { faultOf, push } from './mutants.testkit.js';
import { protocolFaultCodes } from './protocol-fault.js';

const bodies = ['', 'x', 'heartbeat', 'hello world, '.repeat(12)].map((text) => encodeUtf8(text));
const packetsOf = (framing: Framing): Uint8Array[] => bodies.map((body, i) => framing.encode(body, i));

const layouts: Record<string, LengthFieldOptions> = {
  'push demo': { bytes: 4, includesHeader: true, max: 100_000, requestId: { offset: 4, bytes: 4 } },
  'little-endian, body counted': { bytes: 2, order: 'little', includesHeader: false, max: 2000, strip: true },
  '3 bytes after a magic': { offset: 2, bytes: 3, includesHeader: false, max: 2000, headerBytes: 9, strip: 3 },
  'id before the length': {
    offset: 2,
    bytes: 3,
    order: 'little',
    includesHeader: true,
    max: 2000,
    requestId: { offset: 0, bytes: 2 },
  },
  '1 byte, 1 byte id': { bytes: 1, includesHeader: true, max: 255, requestId: { offset: 1, bytes: 1 }, strip: true },
};

describe('checkProtocol passes', () => {
  it.each(Object.entries(layouts))('lengthField: %s', async (_, options) => {
    const framing = lengthField(options);
    const report = await checkProtocol(framing, { samples: packetsOf(framing), maxPacketBytes: options.max });
    expect(report.skipped).toEqual([]);
    for (const half of ['parser', 'responseFunc']) {
      expect(report.checks[`${half}: cuts`]).toBeGreaterThan(1000);
      expect(report.checks[`${half}: damaged lengths`]).toBeGreaterThan(500);
    }
    expect(report.checks['parser: round trip of requests']).toBeGreaterThanOrEqual(2 * bodies.length);
    expect(report.checks['responseFunc: round trip of answers']).toBeGreaterThanOrEqual(bodies.length);
  });

  it.each<[string, Framing]>([
    ['parseBinary1', parseBinary1],
    ['parseBinary2', parseBinary2],
    ['parseBinary4', parseBinary4],
    ['binaryLength(2)', binaryLength(2, { maxPacketBytes: 4000 })],
    ['delimiter CR LF', delimiter('\r\n')],
    ['delimiter NUL, kept', delimiter(Uint8Array.of(0), { keep: true })],
    ['the protocol of the custom demo', customProtocol],
  ])('%s', async (_, framing) => {
    const report = await checkProtocol(framing, { samples: packetsOf(framing) });
    expect(report.skipped).toEqual([]);
  });

  it('HTTP, with the default limits and with small ones', async () => {
    const samples = [
      'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
      'POST /a?b=c HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello\r\n\r\nxy',
      'PUT /a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: CHUNKED\r\n\r\n5\r\nhello\r\n01;a="b"\r\n \r\n0\r\n\r\n',
      'GET / HTTP/1.0\r\n\r\n',
    ].map((text) => ({ bytes: encodeUtf8(text), body: text, output: text }));
    const answers = [
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
      'HTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.1 404\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n',
    ].map((text) => encodeUtf8(text));
    const rejects = ['SMTP', 'GET / HTTP/1.1\nHost: a\n\n'].map((text) => encodeUtf8(`${text}\r\n\r\n and more`));
    const packetOf = (bytes: number): Uint8Array => {
      return encodeUtf8(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`);
    };
    const options = { samples, answers, rejects, packetOf };
    const report = await checkProtocol(parseHttp, options);
    expect(report.checks).toMatchObject({ 'parser: refused bytes': 2, 'parser: slow drip of a large packet': 1 });
    await checkProtocol(httpFraming({ maxHeadBytes: 600, maxBodyBytes: 100_000 }), {
      ...options,
      maxBufferedBytes: 100_600,
    });
  });

  it('the push demo: parser, client, and the servant that sends back what it got', async () => {
    const frames = lengthField(layouts['push demo'] as LengthFieldOptions);
    const samples = bodies.map((body, requestId) => {
      const bytes = frames.encode(body, requestId);
      return { bytes, body, requestId, output: bytes };
    });
    const report = await checkProtocol(
      { parser: pushParse, proxyProtocol: pushProtocol },
      {
        samples,
        maxPacketBytes: 100_000,
        serve: (request) => request,
        rejects: [Uint8Array.of(0, 0, 0, 7, 0, 0, 0, 0)],
      },
    );
    expect(report.checks['responseFunc: answers to requests']).toBe(bodies.length * 8);
  });

  it('a parser with state of the connection, behind a preamble', async () => {
    const report = await checkProtocol(
      (input, output) => {
        if (input.getContextData() === undefined) {
          if (input.getBufferLength() < 4) return PacketType.PACKET_LESS;
          if (input.getValueOf4() !== 0x5441_5253) throw new TarsDecodeException('not TARS');
          input.moveHeader(4);
          input.setContextData({ greeted: true });
        }
        return input.empty() ? PacketType.PACKET_LESS : parseBinary2(input, output);
      },
      { samples: bodies.map((body) => parseBinary2.encode(body)), preamble: encodeUtf8('TARS') },
    );
    expect(report.checks['parser: cuts']).toBeGreaterThan(1000);
  });
});

describe('checkProtocol', () => {
  it('takes the same steps for the same seed, and prints only what is asked for', async () => {
    const lines: string[] = [];
    const samples = packetsOf(parseBinary2);
    const first = await checkProtocol(parseBinary2, { samples, seed: 7, runs: 20, log: (line) => lines.push(line) });
    expect(await checkProtocol(parseBinary2, { samples, seed: 7, runs: 20 })).toEqual(first);
    expect(first).toMatchObject({ seed: 7, checks: { 'parser: damaged packets and noise': 20 } });
    expect(lines).toContain('responseFunc: cost: ok');
  });

  it('says what it could not check', async () => {
    const report = await checkProtocol(push.parser, { samples: [push.packet('x', 1)] });
    expect(report.skipped).toEqual(['parser: cost of a large packet: give packetOf, or a sample of 64 bytes or more']);
  });

  it('finds that parseEcho makes no packets', async () => {
    expect(await faultOf(parseEcho, { samples: [encodeUtf8('hello')] })).toMatchObject({ code: 'DEPENDS_ON_CHUNKS' });
  });

  it('refuses options that leave nothing to check', async () => {
    await expect(checkProtocol({}, { samples: [Uint8Array.of(1)] })).rejects.toThrow(
      'neither parser nor proxyProtocol',
    );
    await expect(checkProtocol(parseBinary1, { samples: [] })).rejects.toMatchObject({
      code: 'TARSIER_INVALID_ARGUMENT',
      where: { key: 'samples' },
    });
  });
});

describe('docs/guides/testing-your-protocol.md', () => {
  const guide = readFileSync(new URL('../../../../docs/guides/testing-your-protocol.md', import.meta.url), 'utf8');

  it('shows what the parser on it really gives', async () => {
    const parse: PacketParser = (input, output) => {
      if (input.getBufferLength() < 4) return PacketType.PACKET_LESS;
      const size = input.getValueOf4();
      if (size > 100_000) throw new TarsDecodeException(`a body of ${size} bytes; 100000 are allowed`);
      input.moveHeader(4);
      if (!input.getHeader(size, output)) return PacketType.PACKET_LESS;
      input.moveHeader(size);
      return PacketType.PACKET_FULL;
    };
    const samples = [Buffer.from('0000000568656c6c6f', 'hex'), Buffer.from('00000000', 'hex')];
    expect(guide).toContain(`\`\`\`text\n${String(await faultOf(parse, { samples }))}\n\`\`\`\n`);
  });

  it('describes each code, and no other', () => {
    const described = [...guide.matchAll(/^\| `([A-Z_]+)` /gm)].map(([, code]) => code);
    expect(described).toEqual(Object.keys(protocolFaultCodes));
  });

  it('tells what is skipped', async () => {
    const report = await checkProtocol(parseHttp, {
      samples: ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi'].map(
        (text) => encodeUtf8(text),
      ),
      answers: [encodeUtf8('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')],
      rejects: [encodeUtf8('EHLO example.org\r\n\r\n')],
    });
    expect(report.skipped.join()).toMatch(/cost of a large packet: .*round trip of requests: give bodies/);
  });
});
