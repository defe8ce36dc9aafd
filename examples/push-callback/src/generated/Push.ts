// Made by tars2ts from Push.tars. Change that file and not this one.
import { type TarsException, type TarsFunction, type TarsInterface, tars, tarsFunction } from '@tarsier/protocol';
import { type TarsCallOptions, TarsProxy, TarsPrxCallback } from '@tarsier/proxy';

/** The functions of `TestApp.Hello`, with their types. */
export interface HelloFunctions {
  readonly registerPush: TarsFunction<[], number>;
}

/** The functions of `TestApp.Hello`, as `encodePush` takes them. */
export const helloFunctions: HelloFunctions = {
  registerPush: tarsFunction('registerPush', tars.int, []),
};

/** Interface `TestApp.Hello`. */
export const HelloInterface: TarsInterface = {
  name: 'TestApp.Hello',
  functions: new Map(Object.entries(helloFunctions)),
};

/** Calls `TestApp.Hello`: `communicator.stringToProxy(HelloProxy, …)` makes one. */
export class HelloProxy extends TarsProxy {
  /** From now on the caller is pushed to. */
  registerPush(options?: TarsCallOptions): Promise<number> {
    return this.invoke(helloFunctions.registerPush, [], options);
  }

  /** As `registerPush`, for a callback; with null the call is one-way. */
  registerPushAsync(callback: HelloPrxCallback | null, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.registerPush, [], callback, options);
  }
}

/** As in C++. */
export const HelloPrx: typeof HelloProxy = HelloProxy;

/** As in C++. */
export type HelloPrx = HelloProxy;

/** Takes results and pushes of `TestApp.Hello`: derive from it, and implement the methods for what comes. */
export class HelloPrxCallback extends TarsPrxCallback {
  override get tarsInterface(): TarsInterface {
    return HelloInterface;
  }

  /** Takes the result of `registerPush`. */
  callbackRegisterPush?(_ret: number): void | Promise<void>;

  /** `registerPush` has failed. */
  callbackRegisterPushException?(iRet: number, error: TarsException): void | Promise<void>;
}

/** What `pushMsg` gives: its return value, and the out parameters. */
export interface PushPushMsgResult {
  _ret: number;
  sRsp: string;
}

/** The functions of `TestApp.Push`, with their types. */
export interface PushFunctions {
  readonly pushMsg: TarsFunction<[], PushPushMsgResult>;
}

/** The functions of `TestApp.Push`, as `encodePush` takes them. */
export const pushFunctions: PushFunctions = {
  pushMsg: tarsFunction('pushMsg', tars.int, [{ name: 'sRsp', type: tars.string, isOut: true }]),
};

/** Interface `TestApp.Push`. */
export const PushInterface: TarsInterface = {
  name: 'TestApp.Push',
  functions: new Map(Object.entries(pushFunctions)),
};

/** Calls `TestApp.Push`: `communicator.stringToProxy(PushProxy, …)` makes one. */
export class PushProxy extends TarsProxy {
  /** `int pushMsg(out string sRsp)` */
  pushMsg(options?: TarsCallOptions): Promise<PushPushMsgResult> {
    return this.invoke(pushFunctions.pushMsg, [], options);
  }

  /** As `pushMsg`, for a callback; with null the call is one-way. */
  pushMsgAsync(callback: PushPrxCallback | null, options?: TarsCallOptions): void {
    this.invokeAsync(pushFunctions.pushMsg, [], callback, options);
  }
}

/** As in C++. */
export const PushPrx: typeof PushProxy = PushProxy;

/** As in C++. */
export type PushPrx = PushProxy;

/** Takes results and pushes of `TestApp.Push`: derive from it, and implement the methods for what comes. */
export class PushPrxCallback extends TarsPrxCallback {
  override get tarsInterface(): TarsInterface {
    return PushInterface;
  }

  /** Takes the result of `pushMsg`. */
  callbackPushMsg?(_ret: number, sRsp: string): void | Promise<void>;

  /** `pushMsg` has failed. */
  callbackPushMsgException?(iRet: number, error: TarsException): void | Promise<void>;
}
