import { ConfigException, PacketType, TarsException, tarsProtocol } from '@tarsier/protocol';
import { describe, expect, it, vi } from 'vitest';
import { Communicator } from '../communicator.js';
import { failureOf } from '../memory-client.testkit.js';
import { ServantProxyCallback } from '../servant-proxy-callback.js';
import { TarsProxy } from '../tars/tars-proxy.js';
import type { Transport, TransportConnection, TransportHandlers } from './transport.js';

vi.mock('#default-transports', () => import('./default-transports.web.js'));

/** A client of a page, whose connections are made by a transport of its own; they do nothing but close. */
function webClient(kind: Pick<TransportConnection, 'isDatagram'> = {}) {
  let handlers: TransportHandlers | undefined;
  const close = () => queueMicrotask(() => handlers?.onClose());
  const transport: Transport = {
    name: 'own',
    canConnect: () => true,
    connect(_endpoint, told) {
      handlers = told;
      queueMicrotask(() => told.onConnect());
      return { ...kind, write: () => true, writeAll: () => true, close, destroy: close };
    },
  };
  const communicator = new Communicator({}, { transports: [transport] });
  const proxy = communicator.stringToProxy('Test.Echo.EchoObj@ws -h a -p 1').setProtocol({
    requestFunc: () => new Uint8Array(1),
    responseFunc: (input) => (input.moveHeader(1) ? PacketType.PACKET_FULL : PacketType.PACKET_LESS),
  });
  return { communicator, proxy, receive: (bytes: Uint8Array) => handlers?.onData(bytes) };
}

describe('the client in a browser', () => {
  it('says that setProxy has no effect, and takes null', async () => {
    const { communicator, proxy } = webClient();
    const proxied = () => proxy.setProxy({ type: 'http', host: 'a', port: 1 });
    expect(proxied).toThrow(TarsException);
    expect(proxied).toThrow(/^Test\.Echo\.EchoObj: setProxy has no effect here: a browser goes through the proxy/);
    expect(proxy.setProxy(null)).toBe(proxy);
    await communicator.terminate();
  });

  it('refuses the property proxy when it is set, and ignores those for TLS and the DNS', () => {
    const communicator = new Communicator({
      proxy: '',
      ca: '/ca.pem',
      'tls-verify': 'maybe',
      'dns-refresh-interval': 'x',
    });
    expect([communicator.getProperty('ca'), communicator.getProperty('toString')]).toEqual(['/ca.pem', '']);
    const set = () => communicator.setProperty('proxy', 'http://user:secret@a:1');
    expect(set).toThrow(ConfigException);
    expect(set).toThrow(/^property proxy: a browser goes through the proxy that it is set up with; leave it out$/);
    expect(() => communicator.setServantProperty('A.B.C', 'proxy', 'http://a:1')).toThrow(/property proxy/);
  });

  it('asks for a protocol when none is set, but a TarsProxy brings its own', async () => {
    const communicator = new Communicator({ locator: 'tars.tarsregistry.QueryObj@ws -h r -p 1' });
    const plain = communicator.stringToProxy('Obj@ws -h a -p 1');
    expect(plain.getProtocol()).toBeUndefined();
    for (const error of [await failureOf(plain.rpcCall(1, 'f', '')), await failureOf(plain.connect())]) {
      expect([error.code, error.message]).toEqual([
        'TARSIER_INVALID_ARGUMENT',
        expect.stringContaining('no protocol is set; call setProtocol before the first call, or make a TarsProxy'),
      ]);
    }
    expect(() => {
      plain.rpcCallAsync(1, 'f', '', null);
    }).toThrow(/no protocol is set/);
    expect(communicator.stringToProxy(TarsProxy, 'Obj@ws -h a -p 1').getProtocol()).toBe(tarsProtocol);
    expect(() => communicator.stringToProxy(TarsProxy, 'Obj')).toThrow(/there is no locator/);
  });

  it('tells of a transport of datagrams that there are none', async () => {
    const { communicator, proxy } = webClient({ isDatagram: true });
    const error = await failureOf(proxy.connect());
    expect(error.code).toBe('TARSIER_CONNECT_FAILED');
    expect(error.message).toContain('there are no datagrams in this browser');
    await communicator.terminate();
  });

  it('calls and is pushed to where nobody observes it', async () => {
    const { communicator, proxy, receive } = webClient();
    const pushes: unknown[] = [];
    class Pushes extends ServantProxyCallback {
      override onDispatch(): void {
        pushes.push(1);
      }
    }
    proxy.setPushCallback(new Pushes());
    await proxy.connect();
    const call = failureOf(proxy.rpcCall(1, 'f', 'x'));
    receive(new Uint8Array(2));
    await communicator.terminate();
    expect([pushes.length, (await call).code]).toEqual([2, 'TARSIER_CLOSED']);
  });
});
