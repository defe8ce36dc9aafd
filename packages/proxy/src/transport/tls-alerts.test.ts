import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { causeCode, TestLink } from './handlers.testkit.js';
import { tlsFailures } from './tls-errors.js';
import { TlsTransport } from './tls-transport.js';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A server that answers the first bytes of a client with these, and ends. */
async function answering(bytes: Uint8Array): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

async function failureWith(bytes: Uint8Array): Promise<{ text: string; code: unknown }> {
  const link = new TestLink(new TlsTransport(), `ssl -h 127.0.0.1 -p ${await answering(bytes)}`);
  const text = await link.failure();
  return { text, code: causeCode(link.error) };
}

/** A fatal alert, as a server sends it before anything is encrypted. */
const alertOf = (number: number): Buffer => Buffer.from([0x15, 3, 3, 0, 2, 2, number]);
const numbers = Object.keys(tlsFailures).flatMap((fault) => /^alert (\d+)$/.exec(fault)?.[1] ?? []);

/** A greeting of a server that has nothing but TLS 1.0. */
const oldHello = Buffer.concat([
  Buffer.from([0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1]),
  Buffer.alloc(32, 7),
  Buffer.from([0, 0x00, 0x2f, 0]),
]);

/** What a server sends, by what a client makes of it. */
const causes: Readonly<Record<string, readonly Uint8Array[]>> = {
  WRONG_VERSION_NUMBER: [
    Buffer.from('220 mail.example.org\r\n'),
    Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
    Buffer.from([0, 0, 0, 8, 0, 0, 0, 1]),
  ],
  PACKET_LENGTH_TOO_LONG: [Buffer.from([0x16, 3, 3, 0xff, 0xff, 1, 2, 3])],
  HTTP_REQUEST: [Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  UNSUPPORTED_PROTOCOL: [oldHello],
};

describe(`what a client is told over TLS, by OpenSSL ${process.versions.openssl}`, () => {
  it.each(numbers)('is the explanation of alert %s', async (number) => {
    const { text, code } = await failureWith(alertOf(Number(number)));
    expect(code).toMatch(/^ERR_SSL_/);
    expect(text).toMatch(/^127\.0\.0\.1:\d+ /);
    expect(text.replace(/^\S+ /, '')).toBe(tlsFailures[`alert ${number}`]);
  });

  it('is the name of an alert that has no explanation', async () => {
    expect((await failureWith(alertOf(80))).text).toMatch(
      /^TLS with 127\.0\.0\.1:\d+ failed \(ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR: /,
    );
  });

  it.each(Object.keys(tlsFailures).filter((fault) => !fault.startsWith('alert ')))(
    'is the explanation of %s',
    async (fault) => {
      // One that is new needs bytes that bring it about.
      expect(Object.keys(causes)).toContain(fault);
      for (const bytes of causes[fault] ?? []) {
        const { text } = await failureWith(bytes);
        expect(text.replace(/^\S+ /, '')).toBe(tlsFailures[fault]);
      }
    },
  );
});
