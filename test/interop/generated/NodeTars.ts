// Made by tars2ts from NodeTars.tars. Change that file and not this one.
import {
  type TarsException,
  type TarsFunction,
  type TarsInputStream,
  type TarsInterface,
  type TarsJson,
  type TarsOutputStream,
  tars,
  tarsFunction,
  tarsJsonField,
} from '@tarsier/protocol';
import { type TarsCallOptions, TarsProxy, TarsPrxCallback } from '@tarsier/proxy';

/** Struct `tars.User_t`. */
export class User_t {
  static readonly typeName = 'tars.User_t';
  static readonly fieldNames = { 0: 'id', 1: 'score', 2: 'name' };
  id = 0;
  score = 0;
  name = '';

  /** One with its defaults, and what is given. */
  static create(init: Partial<User_t> = {}): User_t {
    return Object.assign(new User_t(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: User_t): void {
    if (value.id !== 0) os.writeInt32(0, value.id);
    if (value.score !== 0) os.writeInt32(1, value.score);
    if (value.name !== '') os.writeString(2, value.name);
  }

  /** Reads the fields alone. */
  static read(is: TarsInputStream): User_t {
    const value = new User_t();
    value.id = is.readInt32(0, 0);
    value.score = is.readInt32(1, 0);
    value.name = is.readString(2, '');
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: User_t): TarsJson {
    return { id: tars.int.toJson(value.id), score: tars.int.toJson(value.score), name: tars.string.toJson(value.name) };
  }

  /** Takes what `parseTarsJson` gives. */
  static fromJson(json: TarsJson): User_t {
    const value = new User_t();
    value.id = tarsJsonField(json, 'id', tars.int, value.id);
    value.score = tarsJsonField(json, 'score', tars.int, value.score);
    value.name = tarsJsonField(json, 'name', tars.string, value.name);
    return value;
  }
}

/** Struct `tars.Result_t`. */
export class Result_t {
  static readonly typeName = 'tars.Result_t';
  static readonly fieldNames = { 0: 'id', 1: 'iLevel' };
  id = 0;
  iLevel = 0;

  /** One with its defaults, and what is given. */
  static create(init: Partial<Result_t> = {}): Result_t {
    return Object.assign(new Result_t(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: Result_t): void {
    if (value.id !== 0) os.writeInt32(0, value.id);
    if (value.iLevel !== 0) os.writeInt32(1, value.iLevel);
  }

  /** Reads the fields alone. */
  static read(is: TarsInputStream): Result_t {
    const value = new Result_t();
    value.id = is.readInt32(0, 0);
    value.iLevel = is.readInt32(1, 0);
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: Result_t): TarsJson {
    return { id: tars.int.toJson(value.id), iLevel: tars.int.toJson(value.iLevel) };
  }

  /** Takes what `parseTarsJson` gives. */
  static fromJson(json: TarsJson): Result_t {
    const value = new Result_t();
    value.id = tarsJsonField(json, 'id', tars.int, value.id);
    value.iLevel = tarsJsonField(json, 'iLevel', tars.int, value.iLevel);
    return value;
  }
}

const user_tType = tars.struct(User_t);
const result_tType = tars.struct(Result_t);

/** What `getall` gives: its return value, and the out parameters. */
export interface NodeTarsGetallResult {
  _ret: number;
  stResult: Result_t;
}

/** What `getUsrName` gives: its return value, and the out parameters. */
export interface NodeTarsGetUsrNameResult {
  _ret: number;
  sValue1: string;
  sValue2: string;
}

/** The functions of `tars.NodeTars`, with their types. */
export interface NodeTarsFunctions {
  readonly test: TarsFunction<[], number>;
  readonly getall: TarsFunction<[stUser: User_t], NodeTarsGetallResult>;
  readonly getUsrName: TarsFunction<[sUsrName: string], NodeTarsGetUsrNameResult>;
}

/** The functions of `tars.NodeTars`, as `encodePush` takes them. */
export const nodeTarsFunctions: NodeTarsFunctions = {
  test: tarsFunction('test', tars.int, []),
  getall: tarsFunction('getall', tars.int, [
    { name: 'stUser', type: user_tType },
    { name: 'stResult', type: result_tType, isOut: true },
  ]),
  getUsrName: tarsFunction('getUsrName', tars.int, [
    { name: 'sUsrName', type: tars.string },
    { name: 'sValue1', type: tars.string, isOut: true },
    { name: 'sValue2', type: tars.string, isOut: true },
  ]),
};

/** Interface `tars.NodeTars`. */
export const NodeTarsInterface: TarsInterface = {
  name: 'tars.NodeTars',
  functions: new Map(Object.entries(nodeTarsFunctions)),
};

/** Calls `tars.NodeTars`: `communicator.stringToProxy(NodeTarsProxy, …)` makes one. */
export class NodeTarsProxy extends TarsProxy {
  /** `int test()` */
  test(options?: TarsCallOptions): Promise<number> {
    return this.invoke(nodeTarsFunctions.test, [], options);
  }

  /** As `test`, for a callback; with null the call is one-way. */
  testAsync(callback: NodeTarsPrxCallback | null, options?: TarsCallOptions): void {
    this.invokeAsync(nodeTarsFunctions.test, [], callback, options);
  }

  /** `int getall(User_t stUser, out Result_t stResult)` */
  getall(stUser: User_t, options?: TarsCallOptions): Promise<NodeTarsGetallResult> {
    return this.invoke(nodeTarsFunctions.getall, [stUser], options);
  }

  /** As `getall`, for a callback; with null the call is one-way. */
  getallAsync(callback: NodeTarsPrxCallback | null, stUser: User_t, options?: TarsCallOptions): void {
    this.invokeAsync(nodeTarsFunctions.getall, [stUser], callback, options);
  }

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

/** Takes results and pushes of `tars.NodeTars`: derive from it, and implement the methods for what comes. */
export class NodeTarsPrxCallback extends TarsPrxCallback {
  override get tarsInterface(): TarsInterface {
    return NodeTarsInterface;
  }

  /** Takes the result of `test`. */
  callbackTest?(_ret: number): void | Promise<void>;

  /** `test` has failed. */
  callbackTestException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `getall`. */
  callbackGetall?(_ret: number, stResult: Result_t): void | Promise<void>;

  /** `getall` has failed. */
  callbackGetallException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `getUsrName`. */
  callbackGetUsrName?(_ret: number, sValue1: string, sValue2: string): void | Promise<void>;

  /** `getUsrName` has failed. */
  callbackGetUsrNameException?(iRet: number, error: TarsException): void | Promise<void>;
}
