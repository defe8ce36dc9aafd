import {
  Application,
  type ByteVector,
  Communicator,
  type Current,
  lengthField,
  type ProxyProtocol,
  Servant,
  type ServantProxy,
  TarsProxy,
  TarsServant,
} from '@tarsier/framework';
import { PushHub, PushRegister } from '@tarsier/servant-push';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noBytes } from '../../packages/protocol/src/buffer/no-bytes.testkit.js';

const framing = lengthField({ bytes: 4, includesHeader: true, max: 1_000_000, requestId: { offset: 4, bytes: 4 } });
const { proxyProtocol } = framing;
/** What the next request is answered with, besides its echo. */
let door: (current: Current, response: ByteVector) => unknown = () => {};
let thrown: unknown;
const hub = new PushHub();
const register = new PushRegister();

class Echo extends Servant {
  override doRequest(current: Current, response: ByteVector): number {
    hub.join(current);
    register.add(current);
    try {
      door(current, response);
    } catch (error) {
      thrown = error;
    }
    response.assign(current.getRequestVector());
    return 0;
  }
}

class Tars extends TarsServant {
  readonly tarsInterface = { name: 'T', functions: new Map() };
  override onDispatch(current: Current): number {
    try {
      door(current, undefined as never);
    } catch (error) {
      thrown = error;
    }
    return 0;
  }
}

class Server extends Application {
  override initialize(): void {
    this.addServant(Echo, 'Tcp');
    this.addServantProtocol('Tcp', framing);
    this.addServant(Echo, 'Udp');
    this.addServantProtocol('Udp', framing);
    this.addServant(Tars, 'Tars');
  }
}

const app = new Server();
const communicator = new Communicator({ 'min-timeout': 1 });
let tcp: ServantProxy;
let udp: ServantProxy;
let tars: TarsProxy;

beforeAll(async () => {
  const endpoint = (type: string) => `${type} -h 127.0.0.1 -p 0 -t 60000`;
  await app.main({
    app: 'T',
    server: 'S',
    loglevel: 'NONE',
    adapters: {
      A: { servant: 'Tcp', endpoint: endpoint('tcp') },
      B: { servant: 'Udp', endpoint: endpoint('udp') },
      C: { servant: 'Tars', endpoint: endpoint('tcp') },
    },
  });
  const objectOf = (name: string) => `T.S.${name}@${app.getBindAdapter(name)?.getEndpoint().toString() ?? ''}`;
  tcp = communicator.stringToProxy(objectOf('Tcp')).setProtocol(proxyProtocol);
  udp = communicator.stringToProxy(objectOf('Udp')).setProtocol(proxyProtocol);
  tars = communicator.stringToProxy(TarsProxy, objectOf('Tars'));
});

afterAll(async () => {
  await communicator.terminate();
  await hub.close();
  await app.terminate();
});

async function echo(prx: ServantProxy): Promise<string> {
  return (await prx.rpcCall(prx.genRequestId(), 'f', 'hi')).sBuffer.toString();
}

/** A proxy of its own, whose protocol makes what is given. */
function proxyWith(part: Partial<ProxyProtocol>): ServantProxy {
  const prx = new Communicator({ 'min-timeout': 1 }).stringToProxy(tcp.fullName);
  return prx.setProtocol({ ...proxyProtocol, ...part });
}

async function closing<T>(prx: ServantProxy, run: Promise<T>): Promise<T> {
  try {
    return await run;
  } finally {
    await (prx.communicator as Communicator).terminate();
  }
}

/** Everything that runs in a handler and takes bytes. */
const inHandler: [name: string, run: (value: never, current: Current, response: ByteVector) => unknown][] = [
  ['sendResponse', (value, current) => current.sendResponse(value)],
  ['sendResponse with a result', (value, current) => current.sendResponse(0, value)],
  ['sendPushResponse', (value, current) => current.sendPushResponse(0, 'f', value)],
  ['trySend', (value, current) => current.trySend(value)],
  ['sendNow', (value, current) => current.sendNow(value)],
  ['sendResponse of forPush', (value, current) => current.forPush().sendResponse(value)],
  ['response.assign', (value, _current, response) => response.assign(value)],
  ['response.append', (value, _current, response) => response.append(value)],
  ['hub.all().push', (value) => hub.all().push(value)],
  ['hub.group().push', (value) => hub.group('g').push(value)],
  ['hub.user().push', (value) => hub.user('u').push(value)],
  ['register.push', (value, current) => register.push(current.getUId(), value)],
  ['register.pushAll', (value) => register.pushAll(value)],
  ['encode of a framing', (value) => framing.encode(value)],
];
const takesText = /assign|append|hub|encode/;
const isNumberForm = (name: string, value: unknown) => name.startsWith('sendResponse') && typeof value === 'number';

const cases = noBytes().flatMap(([what, value]) =>
  inHandler
    .filter(([name]) => !(takesText.test(name) && typeof value === 'string'))
    // A number is a result; without a body the answer has none.
    .filter(([name]) => !isNumberForm(name, value) || name === 'sendResponse with a result')
    .filter(([name]) => !(name === 'sendResponse with a result' && value === undefined))
    .map(([name, run]) => [name, what, value, run] as const),
);

describe('what is no bytes', () => {
  it.each(cases)('fails in %s: %s; the caller is answered', async (_name, _what, value, run) => {
    for (const prx of [tcp, udp]) {
      thrown = undefined;
      door = (current, response) => run(value as never, current, response);
      expect(await echo(prx)).toBe('hi');
      expect(thrown).toMatchObject({ code: 'TARSIER_INVALID_ARGUMENT' });
    }
    door = () => {};
    expect(await echo(tcp)).toBe('hi');
  });

  it.each(noBytes())('fails in TARS: %s', async (_what, value) => {
    for (const [name, run] of inHandler.slice(0, 6)) {
      if (isNumberForm(name, value) && name !== 'sendResponse with a result') continue;
      if (name === 'sendResponse with a result' && value === undefined) continue;
      thrown = undefined;
      door = (current) => run(value as never, current, undefined as never);
      await tars.tarsInvoke('f', new Uint8Array());
      expect(thrown, name).toMatchObject({ code: 'TARSIER_INVALID_ARGUMENT' });
    }
  });

  it.each(noBytes().filter(([, value]) => typeof value !== 'string'))(
    'fails as body of a call: %s',
    async (_what, value) => {
      const body = value as never;
      const expected = { code: 'TARSIER_INVALID_ARGUMENT' };
      await expect(tcp.rpcCall(tcp.genRequestId(), 'f', body)).rejects.toMatchObject(expected);
      await expect(tcp.hash(1).rpcCall(tcp.genRequestId(), 'f', body)).rejects.toMatchObject(expected);
      await expect(tars.tarsInvoke('f', body)).rejects.toMatchObject(expected);
      for (const run of [
        () => tcp.rpcCallAsync(tcp.genRequestId(), 'f', body, null),
        () => tars.tarsInvokeAsync('f', body, null),
      ]) {
        expect(run).toThrow(expect.objectContaining(expected));
      }
    },
  );

  it.each(noBytes())('fails the call whose requestFunc returns %s, and no other', async (_what, value) => {
    let isBad = true;
    const prx = proxyWith({
      requestFunc: (request, transceiver) =>
        isBad ? (value as never) : proxyProtocol.requestFunc(request, transceiver),
    });
    const both = async (): Promise<void> => {
      await expect(echo(prx)).rejects.toMatchObject({ code: 'TARSIER_ENCODE' });
      isBad = false;
      expect(await echo(prx)).toBe('hi');
    };
    await closing(prx, both());
  });

  it.each(noBytes())('fails the heartbeat that is %s', async (_what, value) => {
    const prx = proxyWith({ heartbeat: { request: () => value as never } });
    await closing(prx, expect(prx.ping()).rejects.toMatchObject({ code: 'TARSIER_ENCODE' }));
  });

  it.each(noBytes())('fails the push whose encoder returns %s', async (_what, value) => {
    const own = new PushHub({ protocol: { encode: () => value as never } });
    door = (current) => own.join(current);
    await echo(tcp);
    door = () => {};
    expect(() => own.all().push('text')).toThrow(expect.objectContaining({ code: 'TARSIER_INVALID_ARGUMENT' }));
    await own.close();
    expect(await echo(tcp)).toBe('hi');
  });
});

describe('an ArrayBuffer', () => {
  it.each(inHandler.slice(0, 5))('is sent by %s', async (_name, run) => {
    const push = framing.encode('pushed', 0);
    const pushed = new Promise((resolve) => {
      tcp.once('push', resolve);
    });
    thrown = undefined;
    door = (current, response) => run(push.slice().buffer as never, current, response);
    expect(await echo(tcp)).toBe('hi');
    expect(thrown).toBeUndefined();
    expect(await pushed).toBeDefined();
    door = () => {};
  });

  it('is the body of a call', async () => {
    const body = Uint8Array.of(0x68, 0x69).buffer as never;
    expect((await tcp.rpcCall(tcp.genRequestId(), 'f', body)).sBuffer.toString()).toBe('hi');
  });
});
