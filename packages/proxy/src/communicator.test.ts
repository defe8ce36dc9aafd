import {
  EndpointParseException,
  PacketType,
  TarsCommunicatorException,
  type TarsException,
  TarsRegistryException,
} from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { idProtocol, packet } from './call/id-protocol.testkit.js';
import { Communicator } from './communicator.js';
import { connectedClient, failureOf, memoryClient, Recorder, settled } from './memory-client.testkit.js';
import { ServantProxy } from './servant-proxy.js';
import { environment as webEnvironment } from './transport/default-transports.web.js';

const ECHO = 'Test.Echo.EchoObj@tcp -h 127.0.0.1 -p 10099';

class EchoProxy extends ServantProxy {
  echo(): string {
    return this.name;
  }
}

describe('Communicator', () => {
  it('gives the same proxy for the same string and class, and another for another', () => {
    const communicator = new Communicator();
    const proxy = communicator.stringToProxy(ECHO);
    expect(communicator.stringToProxy(ECHO)).toBe(proxy);
    expect(communicator.stringToProxy(ServantProxy, ECHO)).toBe(proxy);
    const echo = communicator.stringToProxy(EchoProxy, ECHO);
    expect(echo.echo()).toBe('Test.Echo.EchoObj');
    expect(communicator.stringToProxy(EchoProxy, ECHO)).toBe(echo);
    expect(echo).not.toBe(proxy);
    expect(communicator.stringToProxy(ECHO.replace('10099', '10098'))).not.toBe(proxy);
    expect([proxy.name, proxy.fullName, proxy.communicator]).toEqual(['Test.Echo.EchoObj', ECHO, communicator]);
  });

  it('refuses strings that do not parse, at once', () => {
    const communicator = new Communicator();
    for (const text of ['', 'Obj@', 'Obj@tcp -p x -h a', 'Obj@tpc -h a -p 1']) {
      expect(() => communicator.stringToProxy(text)).toThrow(EndpointParseException);
    }
  });

  it('says what to write when there are neither endpoints nor a locator', () => {
    const communicator = new Communicator();
    expect(() => communicator.stringToProxy('Test.Echo.EchoObj')).toThrow(TarsRegistryException);
    expect(() => communicator.stringToProxy('Test.Echo.EchoObj')).toThrow(
      /there is no locator.*Test\.Echo\.EchoObj@tcp -h HOST/,
    );
  });

  it('reads the properties of a proxy when it is made', () => {
    const communicator = new Communicator({ 'sync-invoke-timeout': 100, 'min-timeout': 200 });
    communicator.setProperty('connect-timeout', '700');
    const proxy = communicator.stringToProxy(ECHO);
    expect([proxy.timeout(), proxy.asyncTimeout(), proxy.connectTimeout()]).toEqual([200, 5000, 700]);
    expect(communicator.getProperty('connect-timeout')).toBe('700');
    expect(() => new Communicator({ 'connect-timeout': 'soon' })).toThrow(/connect-timeout/);
  });

  it('fails calls in flight on terminate, closes everything, and refuses what comes later', async () => {
    const { communicator, transport, proxy } = await connectedClient();
    const recorder = new Recorder();
    const sent = failureOf(proxy.rpcCall(1, 'echo', 'a'));
    proxy.rpcCallAsync(2, 'echo', 'b', recorder);
    await settled();
    const termination = communicator.terminate();
    expect(communicator.isTerminating).toBe(true);
    const error = await sent;
    expect(error).toBeInstanceOf(TarsCommunicatorException);
    expect(error.code).toBe('TARSIER_CLOSED');
    expect(error.message).toContain('Test.Echo.EchoObj::echo waited for its answer when');
    await termination;
    expect(transport.last.isClosed).toBe(true);
    expect(recorder.messages.map(({ response }) => [response.iRequestId, response.iRet])).toEqual([[2, -99]]);

    const later = await failureOf(proxy.rpcCall(3, 'echo', 'c'));
    expect([later.name, later.code]).toEqual(['TarsCommunicatorException', 'TARSIER_CLOSED']);
    proxy.rpcCallAsync(4, 'echo', 'd', recorder);
    expect(recorder.messages).toHaveLength(1);
    await settled();
    expect(recorder.messages[1]?.error?.code).toBe('TARSIER_CLOSED');
    expect((await failureOf(proxy.connect())).code).toBe('TARSIER_CLOSED');
    expect(() => communicator.stringToProxy(ECHO)).toThrow(TarsCommunicatorException);
    expect(transport.connections).toHaveLength(1);
    expect(communicator.terminate()).toBe(communicator.terminate());
  });

  it('terminates when nothing was ever made', async () => {
    await expect(new Communicator().terminate()).resolves.toBeUndefined();
  });

  it('lets what was queued leave before it closes', async () => {
    const { communicator, transport, proxy } = await connectedClient();
    proxy.rpcCallAsync(0, 'bye', 'bye', null);
    const before = transport.last.written.length;
    await communicator.terminate();
    expect([before, transport.last.take().equals(packet(0, 'bye'))]).toEqual([0, true]);
  });

  it('says which transports there are when none serves an endpoint', async () => {
    const call = async (communicator: Communicator, endpoint: string): Promise<TarsException> => {
      const proxy = communicator.stringToProxy(`Obj@${endpoint}`);
      proxy.setProtocol({ requestFunc: () => new Uint8Array(1), responseFunc: () => PacketType.PACKET_LESS });
      return failureOf(proxy.rpcCall(1, 'f', ''));
    };
    const none = await call(new Communicator({}, { transports: webEnvironment.transports }), 'tcp -h 127.0.0.1 -p 1');
    expect(none.code).toBe('TARSIER_CONNECT_FAILED');
    expect(none.message).toContain('no transport serves tcp endpoints');
  });

  it('makes one node of an address that is given twice', () => {
    const { proxy } = memoryClient({}, 'tcp -h a -p 1:tcp -h a -p 1 -t 5:tcp -h a -p 2');
    expect(proxy.endpoints()).toHaveLength(2);
  });
});

describe('what a program hands over', () => {
  const notFunctions = [undefined, null, 5, 'text', {}, Promise.resolve()];
  const proxy = () => new Communicator().stringToProxy('A.B.C@tcp -h 127.0.0.1 -p 1');
  const half = idProtocol;
  const doors: [name: string, run: (value: never) => unknown][] = [
    ['a logger', (value) => new Communicator({}, { logger: { debug: value, info: value, warn: value, error: value } })],
    [
      'a transport',
      (value) => new Communicator({}, { transports: [{ name: 't', canConnect: value, connect: value }] }),
    ],
    ['a resolver', (value) => new Communicator({}, { resolvers: [{ name: 'r', canResolve: value, watch: value }] })],
    ['setProtocol', (value) => proxy().setProtocol({ requestFunc: value, responseFunc: value })],
    ['a heartbeat', (value) => proxy().setProtocol({ ...half, heartbeat: { request: value } })],
    ['setPushCallback', (value) => proxy().setPushCallback({ onDispatch: value })],
    ['on', (value) => proxy().on('push', value)],
  ];

  it.each(doors.flatMap(([name, run]) => notFunctions.map((value) => [name, value, run] as const)))(
    'fails where it is handed over: %s of %s',
    (_name, value, run) => {
      expect(() => run(value as never)).toThrow();
    },
  );

  it.each(['isGoaway', 'keepAliveCallback'])('so does %s of a protocol', (name) => {
    expect(() => proxy().setProtocol({ ...half, [name]: 'text' })).toThrow(`${name} of a protocol takes a function`);
  });
});
