import { ByteVector, decodeArgs, encodeArgs, TarsException, type TarsFunction, tars } from '@tarsier/protocol';
import { Communicator, TarsProxy } from '@tarsier/proxy';
import { afterEach, describe, expect, it } from 'vitest';
import { Hello, User } from '../hello.testkit.js';
import { structType } from '../struct/struct-type.js';
import { interfaceOf } from './interface-of.js';
import { out, type ParamDescription, routeKey } from './param.js';
import { proxyOf } from './proxy-of.js';
import { pushOf } from './push-of.js';
import { TarsInterface } from './tars-interface.js';
import { TarsMethod } from './tars-method.js';

const communicators: Communicator[] = [];
afterEach(() => Promise.all(communicators.splice(0).map((communicator) => communicator.terminate())));

describe('a contract', () => {
  it('is an interface, with parameters in their order', () => {
    const found = interfaceOf(Hello);
    expect(found.name).toBe('TestApp.Hello');
    expect([...found.functions.keys()]).toEqual(['testHello', 'remember', 'pushMsg', 'nothing']);
    const remember = found.functions.get('remember');
    expect(remember?.result).toBeUndefined();
    expect(remember?.params.map(({ name, tag, isOut, isRouteKey }) => [name, tag, isOut, isRouteKey])).toEqual([
      ['known', 1, true, false],
      ['user', 2, false, false],
      ['zone', 3, false, true],
    ]);
  });

  it('sends arguments as generated code does', () => {
    const fn = interfaceOf(Hello).functions.get('remember') as TarsFunction<[User, string], unknown>;
    const user = structType(User).create({ id: 5n });
    const bytes = encodeArgs(fn, [user, 'z'], 1);
    expect(Buffer.from(bytes).toString('hex')).toBe(['2a', '0005', '2001', '0b', '36', '01', '7a'].join(''));
    expect(decodeArgs(fn, new ByteVector(bytes), 1)).toEqual([user, 'z']);
  });

  it('takes functions of contracts that it extends, and may describe them again', () => {
    @TarsInterface('TestApp.More')
    class More extends Hello {
      @TarsMethod({ returns: tars.string }) nothing2!: () => Promise<string>;
    }
    const again = class Again extends Hello {};
    TarsMethod({ params: { a: tars.int } })(again.prototype as unknown as Record<string, never>, 'nothing' as never);
    TarsInterface('TestApp.Again')(again);
    const { functions } = interfaceOf(More);
    expect([...functions.keys()]).toEqual(['testHello', 'remember', 'pushMsg', 'nothing', 'nothing2']);
    expect(interfaceOf(again).functions.get('nothing')?.params).toHaveLength(1);
    expect(interfaceOf(Hello).functions.get('nothing')?.params).toHaveLength(0);
  });
});

describe('pushOf', () => {
  it('gives the packets that C++ pushes', () => {
    const packet = pushOf(Hello).pushMsg({ _ret: 0, text: 'push message' });
    expect(Buffer.from(packet.data()).toString('hex')).toBe(
      '0000003410012c3c4c5c6d00000f0c160c7075736820 6d65737361676578000106095441 52535f46554e431607707573684d7367'.replaceAll(
        ' ',
        '',
      ),
    );
    expect(pushOf(Hello)).toBe(pushOf(Hello));
  });
});

describe('proxyOf', () => {
  it.each([
    ['ask', 'askAsync'],
    ['askAsync', 'ask'],
  ])('leaves functions their names that end with Async: %s, %s', async (...names) => {
    class Twice {
      f = 0;
    }
    for (const name of names) TarsMethod({})(Twice.prototype as unknown as Record<string, never>, name as never);
    TarsInterface('T.Twice')(Twice);
    const communicator = new Communicator();
    communicators.push(communicator);
    const twice = communicator.stringToProxy(proxyOf(Twice), 'T.S.Obj@tcp -h 127.0.0.1 -p 9') as unknown as {
      askAsync(): Promise<void>;
    };
    // It is a call, and no form of `ask`, which would give no promise and take a callback.
    const failed = expect(twice.askAsync()).rejects.toThrow('T.S.Obj::askAsync');
    await communicator.terminate();
    await failed;
  });

  it('gives the same class each time, so that proxies are shared', () => {
    const communicator = new Communicator();
    communicators.push(communicator);
    const text = 'TestApp.HelloServer.HelloObj@tcp -h 127.0.0.1 -p 9';
    const hello = communicator.stringToProxy(proxyOf(Hello), text);
    expect(hello).toBeInstanceOf(TarsProxy);
    expect(hello.constructor.name).toBe('HelloProxy');
    expect(communicator.stringToProxy(proxyOf(Hello), text)).toBe(hello);
  });
});

describe('an interface that cannot be', () => {
  class Bad {
    f = 0;
  }
  class Nothing {
    f = 0;
  }
  const describeAs =
    (key: string, params: Record<string, ParamDescription>, returns?: unknown): (() => unknown) =>
    () =>
      TarsMethod({ params, returns: returns as typeof tars.int })(
        Bad.prototype as unknown as Record<string, never>,
        key as never,
      );

  it.each<[string, () => unknown, RegExp]>([
    ['has no functions', () => TarsInterface('T.None')(Nothing), /T\.None has no functions/],
    ['has no module', () => TarsInterface('None'), /no name of TARS/],
    ['is not declared', () => interfaceOf(Nothing), /Nothing is no interface/],
    ['has a parameter without a type', describeAs('f', { a: undefined as never }), /parameter a of Bad\.f has no type/],
    ['has an out parameter without a type', describeAs('f', { a: out(undefined as never) }), /parameter a of Bad\.f/],
    ['has no type for its result', describeAs('f', {}, 5), /return value of Bad\.f has no type/],
    ['has a parameter of its own name', describeAs('f', { f: tars.int }), /parameter f of Bad\.f/],
    ['has a parameter named as the return value', describeAs('f', { _ret: out(tars.int) }), /_ret/],
    ['has a parameter without a proper name', describeAs('f', { 'a-b': tars.int }), /a-b/],
    ['has a number as its route key', describeAs('f', { a: routeKey(tars.int as never) }), /route key/],
    ['has a function without a proper name', describeAs('a-b', {}), /a-b/],
    [
      'has more parameters than C++ takes',
      describeAs('f', Object.fromEntries(Array.from({ length: 256 }, (_, i) => [`p${i}`, tars.int]))),
      /256 parameters/,
    ],
  ])('%s', (_, declaring, message) => {
    expect(declaring).toThrow(message);
    expect(declaring).toThrow(TarsException);
  });

  it.each(['connect', 'on', 'name', 'invoke'])('has the function %s, which all proxies have', (name) => {
    class Taken {
      f = 0;
    }
    TarsMethod({})(Taken.prototype as unknown as Record<string, never>, name as never);
    TarsInterface('T.Taken')(Taken);
    expect(() => proxyOf(Taken)).toThrow(`function ${name}`);
  });
});
