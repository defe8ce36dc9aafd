import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  Application,
  type Current,
  encodePush,
  encodeRequest,
  type HandlerResult,
  RequestPacket,
  type TarsInterface,
  TarsServant,
  tars,
  tarsFunction,
} from '@tarsier/framework';
import { afterEach, describe, expect, it } from 'vitest';
import { PushHub } from './push-hub.js';

/** `int registerPush()` and `int pushMsg(out string sRsp)`, of the push demo of TarsCpp. */
const registerPush = tarsFunction<[], number>('registerPush', tars.int, []);
const pushMsg = tarsFunction<[], { _ret: number; sRsp: string }>('pushMsg', tars.int, [
  { name: 'sRsp', type: tars.string, isOut: true },
]);

const example =
  '00 00 00 34 10 01 2c 3c 4c 5c 6d 00 00 0f 0c 16 0c 70 75 73 68 20 6d 65 73 73 61 67 65 78 00 01 ' +
  '06 09 54 41 52 53 5f 46 55 4e 43 16 07 70 75 73 68 4d 73 67';

class HelloServant extends TarsServant {
  readonly tarsInterface: TarsInterface = {
    name: 'TestApp.Hello',
    functions: new Map([[registerPush.name, registerPush]]),
  };
  readonly hub: PushHub;

  constructor(hub: PushHub) {
    super();
    this.hub = hub;
  }

  registerPush(current: Current): number {
    this.hub.join(current, { groups: ['news'] });
    return 0;
  }

  override doClose(current: Current): HandlerResult {
    this.hub.leave(current, 'closed');
  }
}

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function registered(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  cleanups.push(() => socket.destroy());
  const request = new RequestPacket();
  request.iVersion = 1;
  request.iRequestId = 1;
  request.sServantName = 'T.S.HelloObj';
  request.sFuncName = registerPush.name;
  socket.write(encodeRequest(request).data());
  const length = await take(socket, 4);
  await take(socket, length.readUInt32BE() - 4);
  return socket;
}

async function take(socket: Socket, length: number): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  while (bytes.length < length) {
    const chunk = socket.read(length - bytes.length) ?? socket.read();
    if (chunk === null) await once(socket, 'readable');
    else bytes = Buffer.concat([bytes, chunk as Buffer]);
  }
  return bytes;
}

describe('a hub over TARS', () => {
  it('pushes the result of a function to a group, encoded once', async () => {
    const hub = new PushHub();
    cleanups.push(() => hub.close());
    const app = new Application();
    cleanups.push(() => app.terminate());
    app.addServant(HelloServant, 'HelloObj', hub);
    await app.main({
      app: 'T',
      server: 'S',
      loglevel: 'NONE',
      adapters: { HelloAdapter: { servant: 'HelloObj', endpoint: 'tcp -h 127.0.0.1 -p 0 -t 60000', protocol: 'tars' } },
    });
    const port = app.getBindAdapter('HelloObj')?.getEndpoint().port ?? 0;
    const clients = [await registered(port), await registered(port), await registered(port)];
    const push = hub.group('news').push(encodePush(pushMsg, { _ret: 0, sRsp: 'push message' }));
    expect(await push.done).toMatchObject({ sent: 3, dropped: 0, gone: 0 });
    for (const client of clients) {
      expect((await take(client, 52)).toString('hex')).toBe(example.replaceAll(' ', ''));
    }
    const left = new Promise((resolve) => hub.once('leave', resolve));
    clients[0]?.destroy();
    await left;
    expect(hub.group('news').size).toBe(2);
  });
});
