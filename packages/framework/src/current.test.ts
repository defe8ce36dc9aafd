import { afterEach, describe, expect, it } from 'vitest';
import type { Current } from './current.js';
import { client, destroyClients, frame } from './raw-client.testkit.js';
import { calls, startServer, stopServers } from './test-server.testkit.js';

afterEach(async () => {
  destroyClients();
  await stopServers();
});

describe('a Current of a custom protocol', () => {
  it('has nothing for what only TARS has', async () => {
    const seen = calls<Current>(1);
    const { port } = await startServer({
      doRequest: (current) => {
        current.setResponseContext(new Map([['a', 'b']]));
        seen.call(current);
        return 0;
      },
    });
    (await client(port)).send(frame(1, 'x'));
    const [current] = await seen.all;
    expect(current?.getFuncName()).toBe('');
    expect(current?.getRequestId()).toBe(0);
    expect(current?.getRequestVersion()).toBe(0);
    expect(current?.getPacketType()).toBe(0);
    expect(current?.getMessageType()).toBe(0);
    expect(current?.getContext().size).toBe(0);
    expect(current?.getRequestStatus().size).toBe(0);
    expect(current?.getResponseContext().size).toBe(0);
  });

  it('sends the body alone of an answer with a result, and of a push', async () => {
    const { port } = await startServer(
      {
        doRequest: (current) => {
          const text = current.getRequestBuffer().toString('utf8', 8);
          current.setResponse(false);
          expect(current.sendPushResponse(5, 'func', frame(0, `push ${text}`))).toBe(true);
          expect(text === 'silent' ? current.sendResponse(3) : current.sendResponse(3, frame(1, text))).toBe(true);
          return 0;
        },
      },
      // The second request is served when the first is answered, the push does not count.
      { ordered: true },
    );
    const peer = await client(port);
    peer.send(Buffer.concat([frame(1, 'silent'), frame(2, 'ab')]));
    expect(await peer.take(19)).toEqual(frame(0, 'push silent'));
    expect(await peer.take(15)).toEqual(frame(0, 'push ab'));
    expect(await peer.take(10)).toEqual(frame(1, 'ab'));
  });
});
