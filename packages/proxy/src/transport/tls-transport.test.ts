import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CertificatePair, LOCAL_NAMES, TestAuthority } from '../../../../test/support/certificates.js';
import { needs } from '../../../../test/support/needs.js';
import { idProtocol, packet, packetsOf } from '../call/id-protocol.testkit.js';
import { Communicator } from '../communicator.js';
import type { PropertyValue } from '../communicator-properties.js';
import { failureOf } from '../memory-client.testkit.js';
import type { TlsOptions as ClientTls } from './connect-options.js';
import { causeCode, optionsWith, TestLink } from './handlers.testkit.js';
import { clientContextOf } from './tls-context.js';
import { TlsTransport } from './tls-transport.js';

let authority: TestAuthority;
let stranger: TestAuthority;
let local: CertificatePair;
let person: CertificatePair;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  [authority, stranger] = await Promise.all([TestAuthority.create(), TestAuthority.create()]);
  local = await authority.issue({ name: 'localhost', names: LOCAL_NAMES });
  person = await authority.issue({ name: 'a client' });
});

afterAll(async () => {
  await Promise.all([authority.remove(), stranger.remove()]);
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function pem({ cert, key }: CertificatePair): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

async function listen(server: Server, where: number | string = 0, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  if (typeof where === 'string') server.listen(where);
  else server.listen(where, host);
  await once(server, 'listening');
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return typeof where === 'string' ? 0 : (server.address() as AddressInfo).port;
}

/** An echo server; what it sees is kept. */
async function serve(options: TlsOptions, where: number | string = 0, host?: string) {
  const seen: TLSSocket[] = [];
  const server = createServer(options, (socket) => {
    seen.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => socket.write(chunk));
  });
  return { port: await listen(server, where, host), seen };
}

function link(port: number, tls: Partial<ClientTls> = { ca: authority.ca }, host = '127.0.0.1'): TestLink {
  const one = new TestLink(new TlsTransport(), `ssl -h ${host} -p ${port}`, optionsWith({ tls }));
  cleanups.push(() => {
    one.connection.destroy();
  });
  return one;
}

async function echoes(one: TestLink, text = 'hello'): Promise<void> {
  await one.connected();
  one.connection.write(Buffer.from(text));
  await one.has(text);
  expect(one.received).toBe(text);
}

describe('TlsTransport', () => {
  it('carries bytes to a server with a certificate of the authority in ca, by address and by name', async () => {
    const { port, seen } = await serve(pem(local));
    await echoes(link(port));
    await echoes(link(port, { ca: readFileSync(authority.ca, 'utf8') }, 'localhost'), 'by name');
    // An address is verified and not sent as a name (RFC 6066 section 3).
    expect(seen.map(({ servername }) => servername)).toEqual([false, 'localhost']);
  });

  it('verifies and sends the name of the endpoint, whatever its address; tls-servername comes before it', async () => {
    const named = await authority.issue({ name: 'a', names: ['DNS:push.example.com'] });
    const { port, seen } = await serve(pem(named));
    await echoes(link(port, { ca: authority.ca }, '127.0.0.1 -n push.example.com'));
    expect(seen.map(({ servername }) => servername)).toEqual(['push.example.com']);
    expect(await link(port, { ca: authority.ca }, '127.0.0.1 -n other.example.com').failure()).toMatch(
      /^the certificate of 127\.0\.0\.1:\d+ is for DNS:push\.example\.com, not for other\.example\.com/,
    );
    await echoes(link(port, { ca: authority.ca, servername: 'push.example.com' }, '127.0.0.1 -n other.example.com'));
  });

  it('carries bytes over IPv6', async () => {
    const { port } = await serve(pem(local), 0, '::1');
    await echoes(link(port, { ca: authority.ca }, '::1'));
  });

  it('carries bytes over a Unix socket, to a server called localhost', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tarsier-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    await serve(pem(local), join(folder, 's'));
    await echoes(link(0, { ca: authority.ca }, join(folder, 's')));
  });

  it('ends orderly when the server does', async () => {
    const { port, seen } = await serve(pem(local));
    const one = link(port);
    await echoes(one);
    seen[0]?.end('bye');
    await one.has('hellobye');
    await one.until(() => one.events.includes('end'));
    one.connection.close();
    expect(await one.closed()).toBeUndefined();
  });

  it('resumes the session of a server that it has connected before, and not for other options', async () => {
    const { port, seen } = await serve(pem(local));
    const first = link(port);
    await echoes(first);
    await echoes(link(port));
    expect(seen.map((socket) => socket.isSessionReused())).toEqual([false, true]);
    await echoes(link(port, { ca: authority.ca, servername: 'localhost' }));
    await echoes(link(port, { ca: authority.ca, verify: false }));
    expect(seen.map((socket) => socket.isSessionReused())).toEqual([false, true, false, false]);
  });

  it('does not take a session that was made without verifying', async () => {
    const { port } = await serve(pem(await stranger.issue({ name: 'localhost', names: LOCAL_NAMES })));
    await echoes(link(port, { ca: authority.ca, verify: false }));
    expect(await link(port).failure()).toContain('is signed by nobody');
  });

  it('shows a client certificate to a server that wants one', async () => {
    const { port, seen } = await serve({ ...pem(local), ca: readFileSync(authority.ca), requestCert: true });
    await echoes(link(port, { ca: authority.ca, ...person }));
    expect(seen[0]?.getPeerCertificate().subject.CN).toBe('a client');
  });

  it.each<[string, CertificatePair | (() => Promise<CertificatePair>), Partial<ClientTls>, RegExp, string]>([
    [
      'an unknown authority',
      () => stranger.issue({ name: 'localhost', names: LOCAL_NAMES }),
      {},
      /^the certificate of 127\.0\.0\.1:\d+ is signed by nobody that is trusted here; set the property ca to the file/,
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
    [
      'an end of its validity in the past',
      () => authority.issue({ name: 'localhost', names: LOCAL_NAMES, days: -1 }),
      {},
      /^the certificate of 127\.0\.0\.1:\d+ expired on Jan {2}2 00:00:00 2020 GMT; the server needs a new one/,
      'CERT_HAS_EXPIRED',
    ],
    [
      'other names',
      () => authority.issue({ name: 'elsewhere', names: ['DNS:a.example', 'IP:10.0.0.1'] }),
      {},
      /^the certificate of .* is for DNS:a\.example, IP Address:10\.0\.0\.1, not for 127\.0\.0\.1; .* tls-servername/,
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    [
      'the wrong name for tls-servername',
      () => authority.issue({ name: 'localhost', names: LOCAL_NAMES }),
      { servername: 'b.example' },
      /is for DNS:localhost, IP Address:127\.0\.0\.1, IP Address:0:0:0:0:0:0:0:1, not for b\.example/,
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
  ])('refuses a server whose certificate has %s, and says why', async (_what, pair, tls, text, code) => {
    const { port } = await serve(pem(typeof pair === 'function' ? await pair() : pair));
    const one = link(port, { ca: authority.ca, ...tls });
    expect(await one.failure()).toMatch(text);
    expect(causeCode(one.error)).toBe(code);
    expect(one.events).toEqual(['close']);
    // The same is said again: what failed is not remembered as a session.
    expect(await link(port, { ca: authority.ca, ...tls }).failure()).toMatch(text);
    await echoes(link(port, { verify: false }));
  });

  it('refuses a certificate that is signed by itself', async () => {
    const { port } = await serve({ cert: readFileSync(authority.ca), key: readFileSync(`${authority.folder}/ca.key`) });
    const one = link(port, {});
    expect(await one.failure()).toMatch(/is signed by itself and not trusted here; set the property ca/);
    expect(causeCode(one.error)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('says that a client certificate is missing, with %s', async (version) => {
    const { port } = await serve({
      ...pem(local),
      ca: readFileSync(authority.ca),
      requestCert: true,
      minVersion: version,
      maxVersion: version,
    });
    const one = link(port);
    await one.connected().catch(() => undefined);
    expect(await one.failure()).toMatch(/127\.0\.0\.1:\d+ .* a client certificate.* cert and key/);
    expect(one.events).toEqual(version === 'TLSv1.3' ? ['connect', 'close'] : ['close']);
  });

  it.each([
    ['TLSv1.2', /ended the TLS handshake without saying why: .*does not trust the one that it got/],
    ['TLSv1.3', /ended the connection right after the TLS handshake: it may not trust the client certificate: look at/],
  ] as const)('guesses that a server in Node does not trust the client certificate, with %s', async (version, text) => {
    const { port } = await serve({
      ...pem(local),
      ca: readFileSync(stranger.ca),
      requestCert: true,
      minVersion: version,
      maxVersion: version,
    });
    const quiet = link(port, { ca: authority.ca, ...person });
    await quiet.connected().catch(() => undefined);
    expect(await quiet.failure()).toMatch(text);
    const talking = link(port, { ca: authority.ca, ...person });
    await talking.connected().catch(() => undefined);
    for (let i = 0; i < 100 && !talking.events.includes('close'); i++) {
      talking.connection.write(Buffer.from('hello'));
      await new Promise(setImmediate);
    }
    expect(await talking.failure()).toMatch(text);
  });

  it('guesses nothing of a server that has taken the connection', async () => {
    const { port, seen } = await serve(pem(local));
    const one = link(port);
    await one.connected();
    await expect.poll(() => seen.length).toBe(1);
    seen[0]?.end();
    await one.until(() => one.events.includes('end'));
    one.connection.close();
    expect(await one.closed()).toBeUndefined();
  });

  it('says that the server does not trust the client certificate', needs('openssl'), async () => {
    // Servers in Node hang up without a word; OpenSSL's own sends an alert.
    const files = ['-cert', local.cert, '-key', local.key, '-CAfile', stranger.ca];
    const server = spawn('openssl', [
      's_server',
      '-accept',
      '127.0.0.1:0',
      ...files,
      '-Verify',
      '1',
      '-verify_return_error',
    ]);
    cleanups.push(async () => {
      const gone = once(server, 'exit');
      server.kill();
      await gone;
    });
    let said = '';
    for await (const chunk of server.stdout) {
      said += String(chunk);
      if (/ACCEPT .*\n/.test(said)) break;
    }
    const one = link(Number(/ACCEPT .*:(\d+)/.exec(said)?.[1]), { ca: authority.ca, ...person });
    await one.connected().catch(() => undefined);
    expect(await one.failure()).toMatch(/does not trust the client certificate: look at cert here/);
    expect(causeCode(one.error)).toBe('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA');
  });

  it('says that the peer does not speak TLS, when it answers and when it hangs up', async () => {
    const talking = createTcpServer((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    expect(await link(await listen(talking)).failure()).toMatch(/does not speak TLS; should the endpoint be tcp/);
    const leaving = createTcpServer((socket) => socket.once('data', () => socket.end()));
    const one = link(await listen(leaving));
    expect(await one.failure()).toMatch(/ended the TLS handshake without saying why: it does not speak TLS, or/);
    expect(one.events).toEqual(['close']);
  });

  it('says that there is no version in common', async () => {
    const { port } = await serve({
      ...pem(local),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL@SECLEVEL=0',
    });
    expect(await link(port).failure()).toMatch(/has no version of TLS in common/);
  });

  it('keeps what the network says when nobody listens', async () => {
    const server = createTcpServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const one = link(port);
    expect((await one.closed()) as NodeJS.ErrnoException).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('can be destroyed in the handshake', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    const accepted = once(server, 'connection');
    const one = link(port);
    await accepted;
    one.connection.destroy();
    expect(await one.closed()).toBeUndefined();
  });
});

describe('TLS files', () => {
  it.each<[string, () => Partial<ClientTls>, RegExp]>([
    ['is missing', () => ({ ca: '/no/ca' }), /^the file \/no\/ca of the property ca cannot be used: ENOENT/],
    ['holds no certificate', () => ({ ca: local.key }), /property ca cannot be used: it holds no PEM certificate/],
    [
      'holds no key',
      () => ({ cert: person.cert, key: person.cert }),
      /property key cannot be used: it holds no PEM private key without a passphrase/,
    ],
    [
      'belongs to another certificate',
      () => ({ cert: person.cert, key: local.key }),
      /property key cannot be used: does it belong to the certificate in cert/,
    ],
    ['comes without its key', () => ({ cert: person.cert }), /the property cert is set without key/],
    ['is no file but a broken text', () => ({ ca: '-----BEGIN x' }), /^the text in the property ca cannot be used/],
    ['is a list of no ciphers', () => ({ ciphers: 'NONSENSE' }), /the property ciphers names none that OpenSSL knows/],
  ])('says which property %s', (_what, options, text) => {
    expect(() => clientContextOf({ verify: true, ...options() })).toThrow(text);
  });

  it('are read once, and again when they were replaced', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tarsier-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const ca = join(folder, 'ca.crt');
    await copyFile(stranger.ca, ca);
    const first = clientContextOf({ ca, verify: true });
    expect(clientContextOf({ ca, verify: true })).toBe(first);
    const { port } = await serve(pem(local));
    expect(await link(port, { ca }).failure()).toContain('signed by nobody');
    await copyFile(authority.ca, join(folder, 'next'));
    await rename(join(folder, 'next'), ca);
    await echoes(link(port, { ca }));
    expect(clientContextOf({ ca, verify: true }).id).not.toBe(first.id);
    await writeFile(ca, 'broken');
    expect(() => clientContextOf({ ca, verify: true })).toThrow(/holds no PEM certificate/);
  });
});

describe('ServantProxy over TLS', () => {
  function proxyTo(port: number, properties: Record<string, PropertyValue>) {
    const communicator = new Communicator(properties);
    cleanups.push(() => communicator.terminate());
    return communicator.stringToProxy(`Test.Echo.EchoObj@ssl -h 127.0.0.1 -p ${port}`).setProtocol(idProtocol);
  }

  async function echoServer(options: TlsOptions): Promise<number> {
    const server = createServer(options, (socket) => {
      socket.on('error', () => undefined);
      let rest: Buffer = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        const cut = packetsOf(Buffer.concat([rest, chunk]));
        rest = cut.rest;
        for (const { id, body } of cut.packets) socket.write(packet(id, body));
      });
    });
    return listen(server);
  }

  it('calls, and carries more than the sockets hold', async () => {
    const proxy = proxyTo(await echoServer(pem(local)), { ca: authority.ca });
    const large = 'x'.repeat(900_000);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => proxy.rpcCall(proxy.genRequestId(), 'f', `${i}${large}`)),
    );
    expect(answers.map(({ sBuffer }) => sBuffer.length)).toEqual(Array.from({ length: 8 }, () => 900_001));
  });

  it('says in the exception of the call why the server was refused, and keeps the code below', async () => {
    const proxy = proxyTo(await echoServer(pem(local)), {});
    const error = await failureOf(proxy.rpcCall(proxy.genRequestId(), 'f', ''));
    expect(error.code).toBe('TARSIER_CONNECT_FAILED');
    expect(error.message).toMatch(
      /could not connect to ssl .* is signed by nobody that is trusted here; set the property ca/,
    );
    expect(causeCode(error.cause as Error)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('says in the exception which file is missing', async () => {
    const proxy = proxyTo(await echoServer(pem(local)), { ca: '/no/ca' });
    const error = await failureOf(proxy.rpcCall(proxy.genRequestId(), 'f', ''));
    expect(error.code).toBe('TARSIER_CONNECT_FAILED');
    expect(error.message).toContain('the file /no/ca of the property ca cannot be used: ENOENT');
  });

  it('takes the properties of an object before those of the communicator', async () => {
    const endpoint = `ssl -h 127.0.0.1 -p ${await echoServer(pem(local))}`;
    const communicator = new Communicator({ ca: stranger.ca });
    cleanups.push(() => communicator.terminate());
    communicator.setServantProperty('Test.Echo.OneObj', 'ca', authority.ca);
    const [one, two] = ['Test.Echo.OneObj', 'Test.Echo.TwoObj'].map((name) =>
      communicator.stringToProxy(`${name}@${endpoint}`).setProtocol(idProtocol),
    );
    expect((await one?.rpcCall(1, 'f', 'a'))?.sBuffer.toString()).toBe('a');
    await expect(two?.rpcCall(1, 'f', 'b')).rejects.toMatchObject({ code: 'TARSIER_CONNECT_FAILED' });
  });
});
