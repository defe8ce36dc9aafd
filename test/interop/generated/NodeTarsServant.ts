// Made by tars2ts from NodeTars.tars. Change that file and not this one.
import { type Current, TarsServant } from '@tarsier/framework';
import { type ByteVector, encodePush, type PushOptions, type TarsInterface } from '@tarsier/protocol';
import {
  type NodeTarsGetallResult,
  type NodeTarsGetUsrNameResult,
  NodeTarsInterface,
  nodeTarsFunctions,
  type User_t,
} from './NodeTars.js';

/** Serves `tars.NodeTars`: derive from it, and implement its functions. */
export abstract class NodeTars extends TarsServant {
  override readonly tarsInterface: TarsInterface = NodeTarsInterface;

  /** `int test()` */
  abstract test(current: Current): number | Promise<number>;

  /** `int getall(User_t stUser, out Result_t stResult)` */
  abstract getall(stUser: User_t, current: Current): NodeTarsGetallResult | Promise<NodeTarsGetallResult>;

  /** `int getUsrName(string sUsrName, out string sValue1, out string sValue2)` */
  abstract getUsrName(sUsrName: string, current: Current): NodeTarsGetUsrNameResult | Promise<NodeTarsGetUsrNameResult>;

  /** Answers `test` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseTest(current: Current, result: number): boolean {
    return NodeTars.asyncResponse(current, nodeTarsFunctions.test, result);
  }

  /** Pushes what `test` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushTest(current: Current, result: number, context?: ReadonlyMap<string, string>): boolean {
    return NodeTars.asyncResponsePush(current, nodeTarsFunctions.test, result, context);
  }

  /** A push of what `test` gives as a packet, to be sent to many. */
  static encodePushTest(result: number, options?: PushOptions): ByteVector {
    return encodePush(nodeTarsFunctions.test, result, options);
  }

  /** Answers `getall` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseGetall(current: Current, result: NodeTarsGetallResult): boolean {
    return NodeTars.asyncResponse(current, nodeTarsFunctions.getall, result);
  }

  /** Pushes what `getall` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushGetall(
    current: Current,
    result: NodeTarsGetallResult,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return NodeTars.asyncResponsePush(current, nodeTarsFunctions.getall, result, context);
  }

  /** A push of what `getall` gives as a packet, to be sent to many. */
  static encodePushGetall(result: NodeTarsGetallResult, options?: PushOptions): ByteVector {
    return encodePush(nodeTarsFunctions.getall, result, options);
  }

  /** Answers `getUsrName` after `current.setResponse(false)`; false when nothing was taken. */
  static asyncResponseGetUsrName(current: Current, result: NodeTarsGetUsrNameResult): boolean {
    return NodeTars.asyncResponse(current, nodeTarsFunctions.getUsrName, result);
  }

  /** Pushes what `getUsrName` gives to the connection of `current`; false when nothing was taken. */
  static asyncResponsePushGetUsrName(
    current: Current,
    result: NodeTarsGetUsrNameResult,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return NodeTars.asyncResponsePush(current, nodeTarsFunctions.getUsrName, result, context);
  }

  /** A push of what `getUsrName` gives as a packet, to be sent to many. */
  static encodePushGetUsrName(result: NodeTarsGetUsrNameResult, options?: PushOptions): ByteVector {
    return encodePush(nodeTarsFunctions.getUsrName, result, options);
  }
}
