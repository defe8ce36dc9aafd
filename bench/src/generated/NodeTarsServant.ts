// Made by tars2ts from NodeTars.tars. Change that file and not this one.
import { type Current, TarsServant } from '@tarsier/framework';
import { type ByteVector, encodePush, type PushOptions, type TarsInterface } from '@tarsier/protocol';
import { type NodeTarsGetUsrNameResult, NodeTarsInterface, nodeTarsFunctions } from './NodeTars.js';

/** Serves `Bench.NodeTars`: derive from it, and implement its functions. */
export abstract class NodeTars extends TarsServant {
  override readonly tarsInterface: TarsInterface = NodeTarsInterface;

  /** `int getUsrName(string sUsrName, out string sValue1, out string sValue2)` */
  abstract getUsrName(sUsrName: string, current: Current): NodeTarsGetUsrNameResult | Promise<NodeTarsGetUsrNameResult>;

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
