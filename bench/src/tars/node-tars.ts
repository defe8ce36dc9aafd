import { type Current, TarsServant } from '@tarsier/framework';
import { type TarsFunction, type TarsInterface, tars, tarsFunction } from '@tarsier/protocol';

/** Result of `getUsrName`. */
export interface GetUsrNameResult {
  readonly _ret: number;
  readonly sValue1: string;
  readonly sValue2: string;
}

/** The function that the example of @tars/rpc calls: `int getUsrName(string sUsrName, out string sValue1, out string sValue2)`. */
export const getUsrName: TarsFunction<[sUsrName: string], GetUsrNameResult> = tarsFunction('getUsrName', tars.int, [
  { name: 'sUsrName', type: tars.string },
  { name: 'sValue1', type: tars.string, isOut: true },
  { name: 'sValue2', type: tars.string, isOut: true },
]);

export const nodeTars: TarsInterface = { name: 'tars.NodeTars', functions: new Map([['getUsrName', getUsrName]]) };

export abstract class NodeTarsServant extends TarsServant {
  readonly tarsInterface: TarsInterface = nodeTars;
  abstract getUsrName(sUsrName: string, current: Current): GetUsrNameResult | Promise<GetUsrNameResult>;
}
