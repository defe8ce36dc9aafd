import type { Current } from '@tarsier/framework';
import { tars } from '@tarsier/protocol';
import type { TarsCallOptions, TarsPrxCallback } from '@tarsier/proxy';
import { expectTypeOf } from 'vitest';
import type { Hello, User } from '../hello.testkit.js';
import {
  type FunctionNames,
  out,
  type ProxyMethods,
  type ProxyOf,
  type Pushes,
  TarsField,
  TarsMethod,
} from '../index.js';
import { CodeFirstServant, type ServantMethods } from './index.js';

type Proxy = ProxyOf<Hello>;
expectTypeOf<Proxy['testHello']>().toEqualTypeOf<
  (sReq: string, options?: TarsCallOptions) => Promise<{ _ret: number; sRsp: string }>
>();
expectTypeOf<Proxy['remember']>().toEqualTypeOf<
  (user: User, zone: string, options?: TarsCallOptions) => Promise<{ known: Map<User, string> }>
>();
expectTypeOf<Proxy['testHelloAsync']>().toEqualTypeOf<
  (callback: TarsPrxCallback | null, sReq: string, options?: TarsCallOptions) => void
>();
expectTypeOf<Parameters<Pushes<Hello>['pushMsg']>[0]>().toEqualTypeOf<{ _ret: number; text: string }>();
expectTypeOf<ReturnType<ServantMethods<Hello>['nothing']>>().toEqualTypeOf<void | Promise<void>>();

// All methods of servants, and none of its own.
expectTypeOf<FunctionNames<CodeFirstServant>>().toEqualTypeOf<never>();
expectTypeOf<keyof ProxyMethods<Echo>>().toEqualTypeOf<'echo' | 'echoAsync'>();
expectTypeOf<ProxyOf<Echo>['echo']>().toEqualTypeOf<(text: string, options?: TarsCallOptions) => Promise<string>>();

declare abstract class Twice {
  ask(text: string): Promise<string>;
  askAsync(text: string): Promise<number>;
}
// A function of a contract is never hidden by the form of another.
expectTypeOf<keyof ProxyMethods<Twice>>().toEqualTypeOf<'ask' | 'askAsync' | 'askAsyncAsync'>();
expectTypeOf<ProxyOf<Twice>['askAsync']>().toEqualTypeOf<
  (text: string, options?: TarsCallOptions) => Promise<number>
>();

abstract class Echo extends CodeFirstServant {
  @TarsMethod({ returns: tars.string, params: { text: tars.string } })
  echo(text: string, _current: Current): string {
    return text;
  }
}

export class Wrong {
  @TarsMethod({ params: { a: tars.string, b: tars.int }, returns: tars.bool })
  right!: (a: string, b: number) => Promise<boolean>;

  // @ts-expect-error: the result is a number.
  @TarsMethod({ returns: tars.int })
  result!: () => Promise<string>;

  // @ts-expect-error: with an out parameter the result is an object.
  @TarsMethod({ returns: tars.int, params: { a: out(tars.string) } })
  outs!: () => Promise<number>;

  // @ts-expect-error: nothing is returned.
  @TarsMethod({})
  nothing!: () => Promise<number>;

  // @ts-expect-error: an input is missing.
  @TarsMethod({ params: { a: tars.int, b: tars.int } })
  missing!: (a: number) => Promise<void>;

  // @ts-expect-error: the input is a text.
  @TarsMethod({ params: { a: tars.string } })
  input!: (a: number) => Promise<void>;

  // @ts-expect-error: an input that is not described.
  @TarsMethod({ params: { a: out(tars.string) } })
  tooMany!: (a: string) => Promise<{ a: string }>;

  // @ts-expect-error: no function.
  @TarsMethod({})
  value!: number;

  // @ts-expect-error: a number for a text.
  @TarsField(0, tars.string)
  text = 0;

  // @ts-expect-error: nothing may be missing.
  @TarsField(1, tars.string)
  optional?: string;

  // @ts-expect-error: the type of a number has to be given.
  @TarsField(2)
  number = 0;

  @TarsField(3, tars.string, { require: true })
  good = '';
}
