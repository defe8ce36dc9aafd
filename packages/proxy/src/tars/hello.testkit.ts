import { type TarsFunction, type TarsInterface, tars, tarsFunction } from '@tarsier/protocol';
import type { DispatchCallback } from '../servant-proxy-callback.js';
import type { TarsCallOptions } from './tars-call-options.js';
import { TarsProxy } from './tars-proxy.js';
import { TarsPrxCallback } from './tars-prx-callback.js';

interface Hello {
  readonly _ret: number;
  readonly sRsp: string;
}

const text = (name: string) => ({ name, type: tars.string });
const int = (name: string) => ({ name, type: tars.int });

export const testHello: TarsFunction<[sReq: string], Hello> = tarsFunction('testHello', tars.int, [
  text('sReq'),
  { ...text('sRsp'), isOut: true },
]);
export const add: TarsFunction<[a: number, b: number], number> = tarsFunction('add', tars.int, [int('a'), int('b')]);
export const notify: TarsFunction<[text: string], void> = tarsFunction('notify', undefined, [text('text')]);
export const split: TarsFunction<[text: string], { readonly head: string; readonly tail: string }> = tarsFunction(
  'split',
  undefined,
  [text('text'), { ...text('head'), isOut: true }, { ...text('tail'), isOut: true }],
);
export const route: TarsFunction<[first: number, key: string, second: string], number> = tarsFunction(
  'route',
  tars.int,
  [int('first'), { ...text('key'), isRouteKey: true }, { ...text('second'), isRouteKey: true }],
);

export const HelloInterface: TarsInterface = {
  name: 'TestApp.Hello',
  functions: new Map([testHello, add, notify, split, route].map((fn) => [fn.name, fn as TarsFunction<never, unknown>])),
};

/** As it is made from a `.tars` file. */
export class HelloProxy extends TarsProxy {
  testHello(sReq: string, options?: TarsCallOptions): Promise<Hello> {
    return this.invoke(testHello, [sReq], options);
  }

  add(a: number, b: number, options?: TarsCallOptions): Promise<number> {
    return this.invoke(add, [a, b], options);
  }

  notify(what: string, options?: TarsCallOptions): Promise<void> {
    return this.invoke(notify, [what], options);
  }

  route(first: number, key: string, second: string, options?: TarsCallOptions): Promise<number> {
    return this.invoke(route, [first, key, second], options);
  }

  asyncTestHello(callback: DispatchCallback | null, sReq: string, options?: TarsCallOptions): void {
    this.invokeAsync(testHello, [sReq], callback, options);
  }

  asyncAdd(callback: DispatchCallback | null, a: number, b: number, options?: TarsCallOptions): void {
    this.invokeAsync(add, [a, b], callback, options);
  }

  asyncSplit(callback: DispatchCallback | null, what: string): void {
    this.invokeAsync(split, [what], callback);
  }

  asyncNotify(callback: DispatchCallback | null, what: string): void {
    this.invokeAsync(notify, [what], callback);
  }
}

/** Notes what it is called with. */
export class HelloCallback extends TarsPrxCallback {
  readonly log: unknown[][] = [];

  get tarsInterface(): TarsInterface {
    return HelloInterface;
  }

  callbackTestHello(_ret: number, sRsp: string): void | Promise<void> {
    this.log.push(['testHello', _ret, sRsp, Object.fromEntries(this.getResponseContext())]);
  }

  callbackTestHelloException(iRet: number, error: Error): void {
    this.log.push(['testHelloException', iRet, error.message]);
  }

  callbackSplit(...outs: unknown[]): void {
    this.log.push(['split', ...outs]);
  }

  callbackNotify(...outs: unknown[]): void {
    this.log.push(['notify', ...outs]);
  }
}
