// Made by tars2ts from Push.tars. Change that file and not this one.
import { type Current, TarsServant } from '@tarsier/framework';
import { type ByteVector, encodePush, type PushOptions, type TarsInterface } from '@tarsier/protocol';
import { HelloInterface, helloFunctions, PushInterface, type PushPushMsgResult, pushFunctions } from './Push.js';

/** Serves `TestApp.Hello`: derive from it, and implement its functions. */
export abstract class Hello extends TarsServant {
  override readonly tarsInterface: TarsInterface = HelloInterface;

  /** From now on the caller is pushed to. */
  abstract registerPush(current: Current): number | Promise<number>;

  /** Answers `registerPush` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseRegisterPush(current: Current, result: number): boolean {
    return Hello.asyncResponse(current, helloFunctions.registerPush, result);
  }

  /** Pushes what `registerPush` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushRegisterPush(
    current: Current,
    result: number,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return Hello.asyncResponsePush(current, helloFunctions.registerPush, result, context);
  }

  /** A push of what `registerPush` gives as a packet, to be sent to many. */
  static encodePushRegisterPush(result: number, options?: PushOptions): ByteVector {
    return encodePush(helloFunctions.registerPush, result, options);
  }
}

/**
 * Nobody calls it: the server pushes its results.
 *
 * Serves `TestApp.Push`: derive from it, and implement its functions.
 */
export abstract class Push extends TarsServant {
  override readonly tarsInterface: TarsInterface = PushInterface;

  /** `int pushMsg(out string sRsp)` */
  abstract pushMsg(current: Current): PushPushMsgResult | Promise<PushPushMsgResult>;

  /** Answers `pushMsg` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponsePushMsg(current: Current, result: PushPushMsgResult): boolean {
    return Push.asyncResponse(current, pushFunctions.pushMsg, result);
  }

  /** Pushes what `pushMsg` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushPushMsg(
    current: Current,
    result: PushPushMsgResult,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return Push.asyncResponsePush(current, pushFunctions.pushMsg, result, context);
  }

  /** A push of what `pushMsg` gives as a packet, to be sent to many. */
  static encodePushPushMsg(result: PushPushMsgResult, options?: PushOptions): ByteVector {
    return encodePush(pushFunctions.pushMsg, result, options);
  }
}
