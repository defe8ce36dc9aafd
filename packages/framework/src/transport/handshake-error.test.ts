import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import {
  type ConnectionOptions,
  connect as connectTls,
  createServer,
  type Server,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CertificatePair, LOCAL_NAMES, TestAuthority } from '../../../../test/support/certificates.js';
import { handshakeError, tlsProblems } from './handshake-error.js';

let authority: TestAuthority;
let certificate: CertificatePair;
/** How a client of this OpenSSL begins. */
let hello: Buffer;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  authority = await TestAuthority.create();
  certificate = await authority.issue({ name: 'localhost', names: LOCAL_NAMES });
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connectTls({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  client.on('error', () => undefined);
  const [socket] = (await once(server, 'connection')) as [ReturnType<typeof connect>];
  [hello] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  await once(server, 'close');
});

afterAll(() => authority.remove());

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function serve(options: TlsOptions = {}): Promise<{ server: Server; port: number; problem: Promise<string> }> {
  const { cert, key } = certificate;
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key), handshakeTimeout: 200, ...options });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    server.close();
    await once(server, 'close');
  });
  const problem = (async () => {
    const [error, socket] = (await once(server, 'tlsClientError')) as [Error, TLSSocket];
    const { message } = handshakeError(error, socket);
    socket.destroy();
    return message;
  })();
  return { server, port: (server.address() as AddressInfo).port, problem };
}

/** What is said of a client that sends these bytes, and then, when the server has answered, the others. */
async function problemWith(first: Uint8Array, then?: Uint8Array): Promise<string> {
  const { port, problem } = await serve();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  cleanups.push(() => socket.destroy());
  socket.write(first);
  if (then !== undefined) socket.once('data', () => socket.write(then));
  return problem;
}

async function problemOf(client: ConnectionOptions, server: TlsOptions): Promise<string> {
  const { port, problem } = await serve(server);
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...client });
  socket.on('error', () => undefined);
  cleanups.push(() => socket.destroy());
  return problem;
}

const numbers = Object.keys(tlsProblems).flatMap((fault) => /^alert (\d+)$/.exec(fault)?.[1] ?? []);

describe(`what a server says of handshakes that failed, by OpenSSL ${process.versions.openssl}`, () => {
  it.each(numbers)('explains alert %s of a client', async (number) => {
    const text = await problemWith(hello, Buffer.from([0x15, 3, 3, 0, 2, 2, Number(number)]));
    expect(text.replace(/ \(ERR_SSL_\S+\)$/, '')).toBe(tlsProblems[`alert ${number}`]);
  });

  it.each([
    ['HTTP_REQUEST', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['HTTPS_PROXY_REQUEST', Buffer.from('CONNECT a:1 HTTP/1.1\r\n\r\n')],
    ['WRONG_VERSION_NUMBER', Buffer.from('SSH-2.0-OpenSSH\r\n')],
    ['PACKET_LENGTH_TOO_LONG', Buffer.from([0x16, 3, 1, 0xff, 0xff, 0, 0, 0, 0])],
  ])('explains %s', async (fault, bytes) => {
    expect((await problemWith(bytes)).replace(/ \(ERR_SSL_\S+\)$/, '')).toBe(tlsProblems[fault]);
  });

  it.each<[string, ConnectionOptions, TlsOptions]>([
    ['PEER_DID_NOT_RETURN_A_CERTIFICATE', {}, { requestCert: true }],
    ['PEER_DID_NOT_RETURN_A_CERTIFICATE', { maxVersion: 'TLSv1.2' }, { requestCert: true }],
    ['UNSUPPORTED_PROTOCOL', { maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' }],
    ['NO_SHARED_CIPHER', { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }, {}],
  ])('explains %s (%j)', async (fault, client, server) => {
    const wanted = server.requestCert === true ? { ...server, ca: readFileSync(authority.ca) } : server;
    expect((await problemOf(client, wanted)).replace(/ \(ERR_SSL_\S+\)$/, '')).toBe(tlsProblems[fault]);
  });

  it('explains a handshake that does not end, and one whose client hangs up', async () => {
    expect(await problemWith(hello.subarray(0, 20))).toMatch(/^the handshake did not end within handshaketimeout/);
    const { port, problem } = await serve();
    const socket = connect(port, '127.0.0.1');
    socket.end(hello.subarray(0, 20));
    expect(await problem).toBe('the client hung up in the TLS handshake (ECONNRESET)');
  });
});
