import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, rename } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { Communicator, type PropertyValue } from '@tarsier/proxy';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CertificatePair, LOCAL_NAMES, TestAuthority } from '../../../../test/support/certificates.js';
import { needs } from '../../../../test/support/needs.js';
import { CloseType } from '../close-type.js';
import type { AdapterSection } from '../config/application-config.js';
import type { Current } from '../current.js';
import { LogLevel, setLogger, setLogLevel } from '../log/log.js';
import { client, destroyClients, frame } from '../raw-client.testkit.js';
import { type Behaviour, calls, framing, startServer, stopServers } from '../test-server.testkit.js';

let authority: TestAuthority;
let other: TestAuthority;
let server: CertificatePair;
let person: CertificatePair;
const communicators: Communicator[] = [];

beforeAll(async () => {
  [authority, other] = await Promise.all([TestAuthority.create(), TestAuthority.create()]);
  [server, person] = await Promise.all([
    authority.issue({ name: 'localhost', names: LOCAL_NAMES }),
    authority.issue({ name: 'a client' }),
  ]);
});

afterAll(async () => {
  await Promise.all([authority.remove(), other.remove()]);
});

afterEach(async () => {
  await Promise.all(communicators.splice(0).map((communicator) => communicator.terminate()));
  setLogger(undefined);
  setLogLevel(LogLevel.NONE);
  destroyClients();
  await stopServers();
});

function serve(section: Partial<AdapterSection> = {}, behaviour: Behaviour = {}) {
  return startServer(behaviour, { endpoint: 'ssl -h 127.0.0.1 -p 0 -t 60000', ...server, ...section });
}

interface Target {
  readonly host?: string;
  readonly type?: string;
}

function proxyTo(
  port: number,
  properties: Record<string, PropertyValue>,
  { host = '127.0.0.1', type = 'ssl' }: Target = {},
) {
  const communicator = new Communicator(properties);
  communicators.push(communicator);
  const proxy = communicator.stringToProxy(`T.S.Obj@${type} -h ${host} -p ${port}`);
  return proxy.setProtocol(framing.proxyProtocol);
}

async function call(port: number, properties: Record<string, PropertyValue>, target?: Target): Promise<string> {
  const proxy = proxyTo(port, properties, target);
  return (await proxy.rpcCall(proxy.genRequestId(), 'f', 'hello')).sBuffer.toString();
}

/** What a call is refused with. */
async function refusal(port: number, properties: Record<string, PropertyValue>, target?: Target): Promise<string> {
  return call(port, properties, target).then(
    () => 'no refusal',
    (error: unknown) => (error as Error).message,
  );
}

async function secureClient(port: number, servername = 'localhost'): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', servername, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  return socket;
}

describe('TLS', () => {
  it('carries calls with a certificate of a known authority', async () => {
    const { port } = await serve();
    expect(await call(port, { ca: authority.ca })).toBe('hello');
    expect(await call(port, { ca: authority.ca }, { host: 'localhost' })).toBe('hello');
  });

  it('pushes, and tells of the end as over TCP', async () => {
    const closes = calls<number>(1);
    const { port } = await serve(
      {},
      {
        doRequest: (current, response) => {
          current.sendResponse(framing.encode('push', 0));
          response.assign(current.getRequestVector());
          return 0;
        },
        doClose: (current) => {
          closes.call(current.getCloseType());
        },
      },
    );
    const proxy = proxyTo(port, { ca: authority.ca });
    const pushed = calls<string>(1);
    proxy.setPushCallback({
      onDispatch: ({ response }) => {
        pushed.call(response.sBuffer.toString());
      },
    });
    await proxy.rpcCall(proxy.genRequestId(), 'f', 'hello');
    expect(await pushed.all).toEqual(['push']);
    await proxy.close();
    expect(await closes.all).toEqual([CloseType.EM_CLIENT_CLOSE]);
  });

  it('carries more than the sockets hold, both ways', async () => {
    const { port } = await serve();
    const proxy = proxyTo(port, { ca: authority.ca });
    const large = 'x'.repeat(900_000);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => proxy.rpcCall(proxy.genRequestId(), 'f', `${i}${large}`)),
    );
    expect(answers.map(({ sBuffer }) => sBuffer.length)).toEqual(Array.from({ length: 8 }, () => 900_001));
  });

  it('lets a client say why it refuses: authority, name, date', async () => {
    const [foreign, misnamed, expired] = await Promise.all([
      other.issue({ name: 'localhost', names: LOCAL_NAMES }),
      authority.issue({ name: 'elsewhere', names: ['DNS:elsewhere.example'] }),
      authority.issue({ name: 'localhost', names: LOCAL_NAMES, days: -1 }),
    ]);
    const ca = authority.ca;
    const { port } = await serve(foreign);
    expect(await refusal(port, { ca })).toMatch(/signed by nobody .* trusted here; set the property ca/);
    const second = await startServer({}, { endpoint: 'ssl -h 127.0.0.1 -p 0 -t 60000', ...misnamed });
    expect(await refusal(second.port, { ca }, { host: 'localhost' })).toMatch(/elsewhere|another name|not for/);
    expect(await call(second.port, { ca, 'tls-servername': 'elsewhere.example' })).toBe('hello');
    const third = await startServer({}, { endpoint: 'ssl -h 127.0.0.1 -p 0 -t 60000', ...expired });
    expect(await refusal(third.port, { ca })).toMatch(/expired/);
    expect(await call(third.port, { ca, 'tls-verify': 0 })).toBe('hello');
  });

  it('verifies by default: without ca no certificate of an unknown authority is taken', async () => {
    const { port } = await serve();
    expect(await refusal(port, {})).toMatch(/signed by nobody .* trusted here/);
  });

  it('says that the peer does not speak TLS', async () => {
    const { port } = await startServer();
    expect(await refusal(port, { ca: authority.ca })).toMatch(/does not speak TLS|closed by the peer/);
  });

  it('names the property whose file is missing', async () => {
    const { port } = await serve();
    expect(await refusal(port, { ca: '/does/not/exist' })).toMatch(/\/does\/not\/exist.* cannot be used/);
  });

  it.each(['ssl', 'wss'])(
    'refuses clients without a trusted certificate when verifyclient is set (%s)',
    async (type) => {
      const { port, app } = await serve({
        endpoint: `${type} -h 127.0.0.1 -p 0 -t 60000`,
        verifyclient: true,
        ca: authority.ca,
      });
      const ca = authority.ca;
      expect(await call(port, { ca, ...person }, { type })).toBe('hello');
      for (let i = 0; i < 5; i++) {
        expect(await refusal(port, { ca }, { type })).toMatch(
          /(requires|may require) a client certificate.*properties cert and key/,
        );
      }
      const stranger = await other.issue({ name: 'a stranger' });
      for (let i = 0; i < 5; i++) {
        expect(await refusal(port, { ca, ...stranger }, { type })).toMatch(
          /may not trust the client certificate: look at cert here and at the ca of the server/,
        );
      }
      await expect.poll(() => app.getBindAdapter('Obj')?.counters.handshakesFailed).toBe(10);
      expect(app.getBindAdapter('Obj')?.counters.accepted).toBe(1);
    },
  );

  it.each(['ssl', 'wss'])('logs why a client was refused, and its address (%s)', async (type) => {
    const lines: object[] = [];
    const keep = (message: string, fields: object = {}): void => {
      if (message === 'an adapter could not accept a peer') lines.push(fields);
    };
    const { port } = await serve({
      endpoint: `${type} -h 127.0.0.1 -p 0 -t 60000`,
      verifyclient: true,
      ca: authority.ca,
    });
    setLogger({ debug: keep, info: keep, warn: keep, error: keep });
    setLogLevel(LogLevel.WARN);
    const stranger = await other.issue({ name: 'a stranger' });
    const { ca } = authority;
    await refusal(port, { ca, ...stranger }, { type });
    await refusal(port, { ca }, { type });
    await refusal(port, {}, { type });
    const plain = await client(port);
    plain.send('GET / HTTP/1.1\r\n\r\n');
    await plain.closed();
    await expect.poll(() => lines.length).toBe(4);
    const text = lines.map((fields) => {
      const { ip, err } = fields as { ip: string; err: Error };
      return `${ip} ${err.message}`;
    });
    expect(text).toEqual([
      expect.stringMatching(
        /^127\.0\.0\.1 the client's certificate is not trusted \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/,
      ),
      expect.stringMatching(/^127\.0\.0\.1 the client has shown no certificate, and verifyclient wants one/),
      expect.stringMatching(/^127\.0\.0\.1 the client has shown no certificate|127\.0\.0\.1 the client hung up/),
      expect.stringMatching(/^127\.0\.0\.1 the client speaks HTTP without TLS/),
    ]);
  });

  it('answers what was sent before the last byte of a client, late answers too', async () => {
    const asked = calls<() => void>(1);
    const { port } = await serve(
      {},
      {
        doRequest: async (current, response) => {
          await new Promise<void>(asked.call);
          response.assign(current.getRequestVector());
          return 0;
        },
      },
    );
    const socket = await secureClient(port);
    socket.end(frame(1, 'last'));
    const [finish] = await asked.all;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    finish?.();
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer).toEqual(frame(1, 'last'));
  });

  it('counts who is denied as such, and not as a failed handshake too', async () => {
    const { port, app } = await serve({ deny: '127.0.0.1' });
    const peer = await client(port);
    await peer.closed();
    await expect.poll(() => app.getBindAdapter('Obj')?.counters.denied).toBe(1);
    await new Promise(setImmediate);
    expect(app.getBindAdapter('Obj')?.counters.handshakesFailed).toBe(0);
  });

  it.each([
    ['no', {}, /(requires|may require) a client certificate/],
    ['a foreign', 'foreign', /may not trust the client certificate/],
  ])('tells every call that was sent why, when it comes with %s certificate', async (_what, own, text) => {
    const { port } = await serve({ verifyclient: true, ca: authority.ca });
    const files = own === 'foreign' ? await other.issue({ name: 'a stranger' }) : {};
    const proxy = proxyTo(port, { ca: authority.ca, ...files });
    // Those that are sent while the refusal is under way fail to be written.
    const sent = Array.from({ length: 20 }, async (_, i) => {
      await new Promise((resolve) => {
        setTimeout(resolve, i / 4);
      });
      return proxy.rpcCall(proxy.genRequestId(), 'f', 'x'.repeat(1000));
    });
    for (const outcome of await Promise.allSettled(sent)) {
      expect(outcome.status === 'rejected' ? (outcome.reason as Error).message : 'no refusal').toMatch(text);
    }
  });

  it('tells the servant who the peer is by its certificate', async () => {
    const seen = calls<Current>(2);
    const doRequest: Behaviour['doRequest'] = (current, response) => {
      seen.call(current);
      response.assign(current.getRequestVector());
      return 0;
    };
    const strict = await serve({ verifyclient: true, ca: authority.ca }, { doRequest });
    const open = await serve({}, { doRequest });
    const plain = await startServer({ doRequest });
    const { ca } = authority;
    expect(await call(strict.port, { ca, ...person }, { host: 'localhost' })).toBe('hello');
    expect(await call(open.port, { ca })).toBe('hello');
    const [known, unknown] = (await seen.all).map((current) => current.getTlsInfo());
    expect(known).toMatchObject({ protocol: 'TLSv1.3', serverName: 'localhost', isAuthorized: true });
    expect(known?.cipher).toMatch(/^TLS_/);
    expect(known?.peer?.subject).toContain('CN=a client');
    expect(known?.peer?.fingerprint256).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(known?.peer?.validFromMs).toBeLessThan(Date.now());
    expect(known?.peer?.validToMs).toBeGreaterThan(Date.now());
    expect(unknown).toMatchObject({ isAuthorized: false, serverName: '', peer: undefined });
    const bare = await client(plain.port);
    const next = new Promise<Current>((resolve) => {
      plain.app.on('close', resolve);
    });
    bare.socket.destroy();
    expect((await next).getTlsInfo()).toBeUndefined();
  });

  it('tells subjects apart that read alike, and takes nobody for authorized whose certificate names nobody', async () => {
    const seen = calls<Current>(4);
    const doRequest: Behaviour['doRequest'] = (current, response) => {
      seen.call(current);
      response.assign(current.getRequestVector());
      return 0;
    };
    const { port } = await serve({ verifyclient: true, ca: authority.ca }, { doRequest });
    const [CN, O] = ['2.5.4.3', '2.5.4.10'];
    for (const [name, names] of [
      [[[[CN, 'alice,O=Example']]], []],
      [[[[O, 'Example']], [[CN, 'alice']]], ['DNS:alice.example']],
      [[], []],
      [[], ['URI:spiffe://example/alice']],
    ] as const) {
      const own = await authority.issue({ name, names });
      expect(await call(port, { ca: authority.ca, ...own })).toBe('hello');
    }
    const infos = (await seen.all).map((current) => current.getTlsInfo());
    expect(infos.map((info) => [info?.peer?.subject, info?.isAuthorized])).toEqual([
      ['CN=alice\\,O=Example', true],
      ['CN=alice,O=Example', true],
      ['', false],
      ['', true],
    ]);
    expect(infos[0]?.peer?.subjectParts).toEqual([[{ type: 'CN', value: 'alice,O=Example' }]]);
    expect(infos[1]?.peer?.subjectParts).toEqual([[{ type: 'O', value: 'Example' }], [{ type: 'CN', value: 'alice' }]]);
    expect(infos[1]?.peer?.alternativeNameList).toEqual([{ type: 'DNS', value: 'alice.example' }]);
    expect(infos[1]?.peer?.issuer).toBe('CN=Tarsier test authority');
  });

  it('shows each name its own certificate', async () => {
    const [one, wild] = await Promise.all([
      authority.issue({ name: 'one', names: ['DNS:one.example'] }),
      authority.issue({ name: 'wild', names: ['DNS:*.wild.example'] }),
    ]);
    const { port } = await serve({ sni: { 'one.example': one, '*.wild.example': wild } });
    const nameFor = async (servername: string): Promise<string> => {
      const socket = await secureClient(port, servername);
      const { subject } = socket.getPeerCertificate();
      socket.destroy();
      return String(subject.CN);
    };
    expect(await nameFor('one.example')).toBe('one');
    expect(await nameFor('a.wild.example')).toBe('wild');
    expect(await nameFor('localhost')).toBe('localhost');
  });

  it('uses replaced certificates for new connections, and keeps the old for those that are open', async () => {
    const own = { cert: `${authority.folder}/live.crt`, key: `${authority.folder}/live.key` };
    await Promise.all([copyFile(server.cert, own.cert), copyFile(server.key, own.key)]);
    const { port, app } = await serve(own);
    const old = await secureClient(port);
    const fingerprint = (socket: TLSSocket): string => socket.getPeerCertificate().fingerprint256;
    const next = await authority.issue({ name: 'localhost', names: LOCAL_NAMES });
    await rename(next.cert, own.cert);
    await rename(next.key, own.key);
    await app.reloadCertificates();
    const fresh = await secureClient(port);
    expect(fingerprint(fresh)).not.toBe(fingerprint(old));
    old.write(frame(1, 'still here'));
    const [answer] = (await once(old, 'data')) as [Buffer];
    expect(answer).toEqual(frame(1, 'still here'));
    // A file that cannot be used leaves what there is in use.
    await copyFile(person.key, own.cert);
    await expect(app.reloadCertificates()).rejects.toMatchObject({
      code: 'TARSIER_CONFIG_INVALID',
      where: { key: 'cert', file: own.cert },
    });
    const again = await secureClient(port);
    expect(fingerprint(again)).toBe(fingerprint(fresh));
    for (const socket of [old, fresh, again]) socket.destroy();
  });

  it('does not start without a certificate, with a missing file, or with a foreign key', async () => {
    const endpoint = 'ssl -h 127.0.0.1 -p 0 -t 60000';
    await expect(startServer({}, { endpoint })).rejects.toMatchObject({
      code: 'TARSIER_CONFIG_INVALID',
      where: { key: '/tars/application/server/ObjAdapter<cert>' },
    });
    await expect(serve({ cert: '/does/not/exist' })).rejects.toMatchObject({
      code: 'TARSIER_CONFIG_INVALID',
      where: { key: 'cert', file: '/does/not/exist' },
    });
    await expect(serve({ key: person.key })).rejects.toThrow(/look whether it belongs to the certificate/);
  });

  it('ends peers that do not finish the handshake, and goes on serving', async () => {
    const { port, app } = await serve({ handshaketimeout: 200, maxconns: 2 });
    const silent = await client(port);
    const plain = await client(port);
    plain.send('GET / HTTP/1.1\r\n\r\n');
    await Promise.all([silent.closed(), plain.closed()]);
    expect(await call(port, { ca: authority.ca })).toBe('hello');
    expect(app.getBindAdapter('Obj')?.counters.accepted).toBe(1);
  });

  it('does not let those in the handshake be more than maxconns', async () => {
    const { port } = await serve({ maxconns: 2 });
    const first = await client(port);
    const second = await client(port);
    const third = connectTcp(port, '127.0.0.1');
    await once(third, 'close');
    expect(first.isClosed || second.isClosed).toBe(false);
  });

  it('understands the program openssl', needs('openssl'), async () => {
    const { port } = await serve();
    const args = [
      's_client',
      '-connect',
      `127.0.0.1:${port}`,
      '-CAfile',
      authority.ca,
      '-verify_return_error',
      '-quiet',
    ];
    const child = execFile('openssl', args);
    child.stdin?.write(frame(5, 'by hand'));
    const [answer] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [string];
    expect(answer).toContain('by hand');
    child.kill();
    await once(child, 'exit');
  });
});
