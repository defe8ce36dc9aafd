import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import {
  ByteVector,
  decodeRequest,
  encodePush,
  encodeResponse,
  encodeResult,
  NetWorkBuffer,
  PacketType,
  ResponsePacket,
  tarsParser,
} from '@tarsier/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Communicator } from '../communicator.js';
import { HelloCallback, HelloProxy, testHello } from './hello.testkit.js';

/** Answers `testHello` with its own name and pushes once for each, by the wire format alone. */
function serve(socket: Socket): void {
  const input = new NetWorkBuffer();
  socket.on('data', (chunk) => {
    input.addBuffer(chunk);
    for (;;) {
      const packet = new ByteVector();
      if (tarsParser(input, packet) !== PacketType.PACKET_FULL) return;
      const request = decodeRequest(packet);
      const response = new ResponsePacket();
      response.iVersion = request.iVersion;
      response.iRequestId = request.iRequestId;
      response.sBuffer = encodeResult(testHello, { _ret: 0, sRsp: request.sServantName }, request.iVersion);
      socket.write(encodePush(testHello, { _ret: 1, sRsp: 'pushed' }).data());
      if (request.cPacketType === 0) socket.write(encodeResponse(response, request).data());
    }
  });
}

describe('TARS over sockets', () => {
  let server: Server;
  let text = '';
  let communicator: Communicator;
  beforeEach(async () => {
    server = createServer(serve).listen(0, '127.0.0.1');
    await once(server, 'listening');
    text = `TestApp.HelloServer.HelloObj@tcp -h 127.0.0.1 -p ${(server.address() as AddressInfo).port}`;
    communicator = new Communicator();
  });
  afterEach(async () => {
    await communicator.terminate();
    server.close();
    await once(server, 'close');
  });

  it('calls many at a time, in each version, and is pushed to', async () => {
    const proxy = communicator.stringToProxy(HelloProxy, text);
    const callback = new HelloCallback();
    proxy.setPushCallback(callback);
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        proxy.testHello('x'.repeat(i * 10), { version: ([1, 2, 3, 5] as const)[i % 4] ?? 1 }),
      ),
    );
    expect(new Set(answers.map(({ sRsp }) => sRsp))).toEqual(new Set(['TestApp.HelloServer.HelloObj']));
    expect(callback.log).toHaveLength(300);
    expect(callback.log[0]).toEqual(['testHello', 1, 'pushed', {}]);
    proxy.asyncTestHello(null, 'one-way');
    await proxy.tarsPing();
    expect([proxy.statistics().pendingCalls, await proxy.ping()]).toEqual([0, expect.any(Number)]);
  });
});
