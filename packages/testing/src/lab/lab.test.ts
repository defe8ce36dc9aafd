import { type ByteVector, type Current, parseEcho, Servant } from '@tarsier/framework';
import { afterEach, describe, expect, it } from 'vitest';
import { idProtocol } from '../../../proxy/src/call/id-protocol.testkit.js';
import { LabError } from '../lab-error.js';
import { type Lab, lab } from './lab.js';

class Echo extends Servant {
  override doRequest(current: Current, response: ByteVector): number {
    response.assign(current.getRequestVector());
    return 0;
  }
}

const OBJ = 'T.S.EchoObj';
const AT = 'tcp -h a -p 1';

let here: Lab | undefined;

afterEach(async () => {
  await here?.end().catch(() => {});
});

async function withEcho(seed = 1): Promise<Lab> {
  here = lab({ seed });
  await here.application({ app: 'T', server: 'S', adapters: { A: { servant: OBJ, endpoint: AT } } }, (app) => {
    app.addServant(Echo, OBJ);
    app.addServantProtocol(OBJ, parseEcho);
  });
  return here;
}

function proxyOf(it: Lab) {
  const proxy = it.communicator().stringToProxy(`${OBJ}@${AT}`);
  proxy.setProtocol(idProtocol);
  return proxy;
}

describe('lab', () => {
  it('carries a call, and ends with nothing left', async () => {
    const it = await withEcho();
    it.network.on().latency(5);
    const proxy = proxyOf(it);
    const answer = await it.run(proxy.rpcCall(proxy.genRequestId(), 'echo', Buffer.from('hello')));
    expect(answer.sBuffer.toString()).toBe('hello');
    // A round trip to connect, one for the call.
    expect(it.time.now()).toBe(1020);
    await it.end();
    expect(it.network.links()).toEqual([]);
    expect(it.network.listening()).toEqual([]);
  });

  it('replays a run with its seed: reconnects, latencies and cuts', async () => {
    const play = async (seed: number) => {
      const it = await withEcho(seed);
      it.network.on().latency([1, 20]).cut({ min: 1, max: 8 });
      const proxy = proxyOf(it);
      proxy.setPushCallback({ onDispatch: () => 0 });
      for (let i = 0; i < 5; i++) {
        await it.run(proxy.rpcCall(proxy.genRequestId(), 'echo', Buffer.alloc(30, i)));
        if (i === 2) it.network.crash(AT);
        if (i === 2) it.network.restart(AT);
        await it.time.advance(500);
      }
      await it.end();
      return it.network.trace();
    };
    const first = await play(11);
    expect(first.length).toBeGreaterThan(50);
    expect(await play(11)).toEqual(first);
    expect(await play(12)).not.toEqual(first);
  });

  it('seeds Math.random, and gives it back', async () => {
    const original = Math.random;
    const numbers = async (seed: number) => {
      const it = lab({ seed });
      const drawn = [Math.random(), Math.random()];
      await it.end();
      return drawn;
    };
    expect(await numbers(3)).toEqual(await numbers(3));
    expect(await numbers(3)).not.toEqual(await numbers(4));
    expect(Math.random).toBe(original);
  });

  it('tells at the end what is left open, with the seed', async () => {
    const it = await withEcho(99);
    it.network.transport.connect(
      (it.network.listening() as [never])[0],
      { onConnect() {}, onData() {}, onDrain() {}, onEnd() {}, onClose() {} },
      undefined as never,
    );
    await it.time.advance(0);
    it.network.on().blackhole();
    it.time.every(77, () => {});
    const error: unknown = await it.end().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toMatch(/^something is left open \(seed 99\)\n {2}#1 .*client open/);
    expect((error as LabError).message).toContain('a timer of every 77 ms');
    expect((error as LabError).message).toContain('the end of the trace');
  });

  it('costs nothing while a client is idle for an hour', async () => {
    const it = await withEcho();
    const proxy = proxyOf(it);
    proxy.setPushCallback({ onDispatch: () => 0 });
    await it.run(proxy.connect());
    const begin = performance.now();
    await it.time.advance(3_600_000);
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
});
