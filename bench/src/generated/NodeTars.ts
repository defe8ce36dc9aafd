// Made by tars2ts from NodeTars.tars. Change that file and not this one.
import { type TarsException, type TarsFunction, type TarsInterface, tars, tarsFunction } from '@tarsier/protocol';
import { type TarsCallOptions, TarsProxy, TarsPrxCallback } from '@tarsier/proxy';

/** What `getUsrName` gives: its return value, and the out parameters. */
export interface NodeTarsGetUsrNameResult {
  _ret: number;
  sValue1: string;
  sValue2: string;
}

/** The functions of `Bench.NodeTars`, with their types. */
export interface NodeTarsFunctions {
  readonly getUsrName: TarsFunction<[sUsrName: string], NodeTarsGetUsrNameResult>;
}

/** The functions of `Bench.NodeTars`, as `encodePush` takes them. */
export const nodeTarsFunctions: NodeTarsFunctions = {
  getUsrName: tarsFunction('getUsrName', tars.int, [
    { name: 'sUsrName', type: tars.string },
    { name: 'sValue1', type: tars.string, isOut: true },
    { name: 'sValue2', type: tars.string, isOut: true },
  ]),
};

/** Interface `Bench.NodeTars`. */
export const NodeTarsInterface: TarsInterface = {
  name: 'Bench.NodeTars',
  functions: new Map(Object.entries(nodeTarsFunctions)),
};

/** Calls `Bench.NodeTars`: `communicator.stringToProxy(NodeTarsProxy, …)` makes one. */
export class NodeTarsProxy extends TarsProxy {
  /** `int getUsrName(string sUsrName, out string sValue1, out string sValue2)` */
  getUsrName(sUsrName: string, options?: TarsCallOptions): Promise<NodeTarsGetUsrNameResult> {
    return this.invoke(nodeTarsFunctions.getUsrName, [sUsrName], options);
  }

  /** As `getUsrName`, for a callback; with null the call is one-way. */
  getUsrNameAsync(callback: NodeTarsPrxCallback | null, sUsrName: string, options?: TarsCallOptions): void {
    this.invokeAsync(nodeTarsFunctions.getUsrName, [sUsrName], callback, options);
  }
}

/** As in C++. */
export const NodeTarsPrx: typeof NodeTarsProxy = NodeTarsProxy;

/** As in C++. */
export type NodeTarsPrx = NodeTarsProxy;

/** Takes results and pushes of `Bench.NodeTars`: derive from it, and implement the methods for what comes. */
export class NodeTarsPrxCallback extends TarsPrxCallback {
  override get tarsInterface(): TarsInterface {
    return NodeTarsInterface;
  }

  /** Takes the result of `getUsrName`. */
  callbackGetUsrName?(_ret: number, sValue1: string, sValue2: string): void | Promise<void>;

  /** `getUsrName` has failed. */
  callbackGetUsrNameException?(iRet: number, error: TarsException): void | Promise<void>;
}
