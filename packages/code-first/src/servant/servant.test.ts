import { Application, type Current, servant } from '@tarsier/framework';
import { TarsException, tars } from '@tarsier/protocol';
import { Communicator } from '@tarsier/proxy';
import { afterEach, describe, expect, it } from 'vitest';
import { Hello, Level, User } from '../hello.testkit.js';
import { callbackOf, interfaceOf, proxyOf, pushOf, structType, TarsInterface, TarsMethod } from '../index.js';
import { CodeFirstServant, type ServantMethods, servantOf } from './index.js';

const create = (init?: Partial<User>): User => structType(User).create(init);

const endpoint = 'tcp -h 127.0.0.1 -p 0 -t 60000';

@servant({ name: 'TestApp.HelloServer.HelloObj', endpoint })
class HelloServant extends servantOf(Hello) implements ServantMethods<Hello> {
  testHello(sReq: string, current: Current): { _ret: number; sRsp: string } {
    current.sendResponse(pushOf(Hello).pushMsg({ _ret: 3, text: `pushed ${sReq}` }));
    return { _ret: sReq.length, sRsp: `hello ${sReq}` };
  }

  async remember(user: User, zone: string): Promise<{ known: Map<User, string> }> {
    if (zone === '') throw new TarsException('no zone', { iRet: 77 });
    return { known: new Map([[user, zone]]) };
  }

  pushMsg(): { _ret: number; text: string } {
    return { _ret: 0, text: '' };
  }

  nothing(): void {}
}

@servant({ name: 'TestApp.HelloServer.EchoObj', endpoint })
@TarsInterface('TestApp.Echo')
class EchoServant extends CodeFirstServant {
  @TarsMethod({ returns: tars.list(tars.int), params: { list: tars.list(tars.int) } })
  reverse(list: number[], _current: Current): number[] {
    return list.toReversed();
  }
}

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function start(): Promise<{ app: Application; communicator: Communicator }> {
  const app = new Application();
  app.addServant(HelloServant);
  app.addServant(EchoServant);
  await app.main({ app: 'TestApp', server: 'HelloServer', loglevel: 'NONE' });
  ends.push(() => app.terminate());
  const communicator = new Communicator();
  ends.push(() => communicator.terminate());
  return { app, communicator };
}

function objectOf(app: Application, name: string): string {
  return `${name}@${app.getBindAdapter(name)?.getEndpoint().toString() ?? ''}`;
}

describe('a server and a client of one contract', () => {
  it('call each other over a socket', async () => {
    const { app, communicator } = await start();
    const hello = communicator.stringToProxy(proxyOf(Hello), objectOf(app, 'TestApp.HelloServer.HelloObj'));
    expect(await hello.testHello('you')).toEqual({ _ret: 3, sRsp: 'hello you' });
    const user = create({ id: 2n ** 60n, level: Level.HIGH, friends: [create({ name: 'b' })] });
    expect(await hello.remember(user, 'z', { timeoutMs: 5000 })).toEqual({ known: new Map([[user, 'z']]) });
    expect(await hello.nothing()).toBeUndefined();
  });

  it.each([1, 2, 3, 5] as const)('in version %s', async (version) => {
    const { app, communicator } = await start();
    const hello = communicator.stringToProxy(proxyOf(Hello), objectOf(app, 'TestApp.HelloServer.HelloObj'));
    expect(await hello.testHello('v', { version })).toEqual({ _ret: 1, sRsp: 'hello v' });
  });

  it('tell what went wrong', async () => {
    const { app, communicator } = await start();
    const hello = communicator.stringToProxy(proxyOf(Hello), objectOf(app, 'TestApp.HelloServer.HelloObj'));
    await expect(hello.remember(create(), '')).rejects.toMatchObject({ iRet: 77 });
    await expect(hello.testHello(5 as never)).rejects.toMatchObject({ code: 'TARSIER_ENCODE' });
    expect(await hello.testHello('')).toEqual({ _ret: 0, sRsp: 'hello ' });
  });

  it('push, to callbacks that get the result', async () => {
    const { app, communicator } = await start();
    const hello = communicator.stringToProxy(proxyOf(Hello), objectOf(app, 'TestApp.HelloServer.HelloObj'));
    const pushed = new Promise((resolve) => {
      hello.setPushCallback(callbackOf(Hello, { pushMsg: resolve }));
    });
    await hello.testHello('x');
    expect(await pushed).toEqual({ _ret: 3, text: 'pushed x' });
  });

  it('with callbacks, or one-way', async () => {
    const { app, communicator } = await start();
    const hello = communicator.stringToProxy(proxyOf(Hello), objectOf(app, 'TestApp.HelloServer.HelloObj'));
    const answered = new Promise((resolve) => {
      hello.testHelloAsync(callbackOf(Hello, { testHello: resolve }), 'you', { version: 3 });
    });
    expect(await answered).toEqual({ _ret: 3, sRsp: 'hello you' });
    const failed = new Promise<TarsException>((resolve) => {
      hello.rememberAsync(callbackOf(Hello, {}, resolve), create(), '');
    });
    expect((await failed).iRet).toBe(77);
    // The push says that the one-way call came.
    const pushed = new Promise((resolve) => {
      hello.setPushCallback(callbackOf(Hello, { pushMsg: resolve }));
    });
    hello.testHelloAsync(null, 'one-way');
    expect(await pushed).toEqual({ _ret: 3, text: 'pushed one-way' });
    expect(() => hello.testHelloAsync(null, 5 as never)).toThrow(
      /TestApp.HelloServer.HelloObj::testHello was not sent/,
    );
  });

  it('may be one class', async () => {
    const { app, communicator } = await start();
    const echo = communicator.stringToProxy(proxyOf(EchoServant), objectOf(app, 'TestApp.HelloServer.EchoObj'));
    expect(await echo.reverse([1, 2, 3])).toEqual([3, 2, 1]);
    expect(interfaceOf(EchoServant).name).toBe('TestApp.Echo');
  });
});

describe('servantOf', () => {
  it('gives the same class each time', () => {
    expect(servantOf(Hello)).toBe(servantOf(Hello));
  });

  it('says which method is missing', () => {
    class Incomplete extends servantOf(Hello) {}
    expect(() => new Incomplete()).toThrow(/Incomplete has no method testHello, which TestApp\.Hello has/);
  });

  it('refuses functions that all servants have', () => {
    class Taken {
      f = 0;
    }
    TarsMethod({})(Taken.prototype as unknown as Record<string, never>, 'doRequest' as never);
    TarsInterface('T.Taken')(Taken);
    expect(() => servantOf(Taken)).toThrow(/no servant can have the function doRequest/);
  });
});
