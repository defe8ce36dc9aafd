// Made by tars2ts from Hello.tars. Change that file and not this one.
import {
  sortedEntries,
  type TarsException,
  type TarsFunction,
  type TarsInputStream,
  type TarsInterface,
  type TarsJson,
  type TarsOutputStream,
  type TarsStructType,
  tars,
  tarsFunction,
  tarsJsonField,
} from '@tarsier/protocol';
import { type TarsCallOptions, TarsProxy, TarsPrxCallback } from '@tarsier/proxy';
import { Base_Key, Base_Status, Geo_Spot } from './Base.js';

/**
 * A tree: it holds itself through a vector.
 * Its second line.
 */
export interface Tree {
  /** the text at the node */
  name: string;
  children: Tree[];
  index: Map<string, Map<number, Tree>[]>;
}

/** How `TestApp.Tree` travels. */
export const Tree: TarsStructType<Tree> = {
  typeName: 'TestApp.Tree',
  fieldNames: { 0: 'name', 1: 'children', 2: 'index' },

  /** One with its defaults, and what is given. */
  create(init: Partial<Tree> = {}): Tree {
    return { name: '', children: [], index: new Map(), ...init };
  },

  /** Writes the fields alone. */
  write(os: TarsOutputStream, value: Tree): void {
    os.writeString(0, value.name);
    if (value.children.length > 0) {
      os.writeListHead(1, value.children.length);
      for (const item of value.children) os.writeStruct(0, item, Tree);
    }
    if (value.index.size > 0) {
      os.writeMapHead(2, value.index.size);
      for (const [key, item] of sortedEntries(value.index)) {
        os.writeString(0, key);
        os.writeListHead(1, item.length);
        for (const item2 of item) {
          os.writeMapHead(0, item2.size);
          for (const [key3, item3] of sortedEntries(item2)) {
            os.writeInt32(0, key3);
            os.writeStruct(1, item3, Tree);
          }
        }
      }
    }
  },

  /** Reads the fields alone. */
  read(is: TarsInputStream): Tree {
    const value = Tree.create();
    value.name = is.readString(0);
    for (let left = is.readListSize(1, 0); left > 0; left--) value.children.push(is.readStruct(0, Tree));
    for (let left = is.readMapSize(2, 0); left > 0; left--) {
      const key = is.readName(0);
      const item: Map<number, Tree>[] = [];
      for (let left2 = is.readListSize(1); left2 > 0; left2--) {
        const item2: Map<number, Tree> = new Map();
        for (let left3 = is.readMapSize(0); left3 > 0; left3--) item2.set(is.readInt32(0), is.readStruct(1, Tree));
        item.push(item2);
      }
      value.index.set(key, item);
    }
    return value;
  },

  /** For callers that speak JSON. */
  toJson(value: Tree): TarsJson {
    return {
      name: tars.string.toJson(value.name),
      children: listOfTree.toJson(value.children),
      index: mapOfStringToListOfMapOfIntToTree.toJson(value.index),
    };
  },

  /** Takes what `parseTarsJson` gives. */
  fromJson(json: TarsJson): Tree {
    const value = Tree.create();
    value.name = tarsJsonField(json, 'name', tars.string);
    value.children = tarsJsonField(json, 'children', listOfTree, value.children);
    value.index = tarsJsonField(json, 'index', mapOfStringToListOfMapOfIntToTree, value.index);
    return value;
  },
};

/** Every type, in every place. */
export interface Everything {
  i8: number;
  i16: number;
  i32: number;
  i64: number;
  u8: number;
  u16: number;
  u32: number;
  f32: number;
  f64: number;
  text: string;
  blob: Uint8Array;
  flags: boolean[];
  yes: boolean;
  byKey: Map<Base_Key, Base_Status>;
  nested: Map<number, Map<string, Geo_Spot>>;
  spot: Geo_Spot;
  status: Base_Status;
  first: Base_Status;
  deep: Base_Status[][][];
  /** In C++ it has room for 3 elements. */
  fixedInts: number[];
  /** In C++ it has room for 16 bytes. */
  name: Uint8Array;
  raw: Uint8Array;
  /** In C++ it has room for 2 elements. */
  pair: Tree[];
  odd: Map<number[], Uint8Array>;
  /** no field of a class can have this name */
  constructor_: string;
  class: string;
  last: string;
}

/** How `TestApp.Everything` travels. */
export const Everything: TarsStructType<Everything> = {
  typeName: 'TestApp.Everything',
  fieldNames: {
    3: 'i8',
    4: 'i16',
    5: 'i32',
    6: 'i64',
    7: 'u8',
    8: 'u16',
    9: 'u32',
    10: 'f32',
    11: 'f64',
    12: 'text',
    13: 'blob',
    14: 'flags',
    15: 'yes',
    16: 'byKey',
    17: 'nested',
    18: 'spot',
    19: 'status',
    20: 'first',
    21: 'deep',
    22: 'fixedInts',
    23: 'name',
    24: 'raw',
    25: 'pair',
    26: 'odd',
    27: 'constructor',
    28: 'class',
    255: 'last',
  },

  /** One with its defaults, and what is given. */
  create(init: Partial<Everything> = {}): Everything {
    return {
      i8: -1,
      i16: 63,
      i32: -1,
      i64: -9007199254740991,
      u8: 255,
      u16: 0,
      u32: 4294967295,
      f32: 1.25,
      f64: 2,
      text: 'it\'s "quoted"',
      blob: new Uint8Array([]),
      flags: [],
      yes: true,
      byKey: new Map(),
      nested: new Map(),
      spot: Geo_Spot.create(),
      status: Base_Status.BUSY,
      first: Base_Status.OK,
      deep: [],
      fixedInts: [],
      name: new Uint8Array([]),
      raw: new Uint8Array([]),
      pair: [],
      odd: new Map(),
      constructor_: '',
      class: '',
      last: '你好',
      ...init,
    };
  },

  /** Writes the fields alone. */
  write(os: TarsOutputStream, value: Everything): void {
    os.writeInt8(3, value.i8);
    if (value.i16 !== 63) os.writeInt16(4, value.i16);
    if (value.i32 !== -1) os.writeInt32(5, value.i32);
    if (value.i64 !== -9007199254740991) os.writeLong(6, value.i64);
    if (value.u8 !== 255) os.writeUInt8(7, value.u8);
    if (value.u16 !== 0) os.writeUInt16(8, value.u16);
    if (value.u32 !== 4294967295) os.writeUInt32(9, value.u32);
    if (value.f32 !== 1.25) os.writeFloat(10, value.f32);
    if (value.f64 !== 2) os.writeDouble(11, value.f64);
    if (value.text !== 'it\'s "quoted"') os.writeString(12, value.text);
    os.writeBytes(13, value.blob);
    if (value.flags.length > 0) {
      os.writeListHead(14, value.flags.length);
      for (const item of value.flags) os.writeBoolean(0, item);
    }
    os.writeBoolean(15, value.yes);
    os.writeMapHead(16, value.byKey.size);
    for (const [key, item] of sortedEntries(value.byKey, (a, b) => Base_Key.compare(a, b))) {
      os.writeStruct(0, key, Base_Key);
      os.writeInt32(1, item);
    }
    if (value.nested.size > 0) {
      os.writeMapHead(17, value.nested.size);
      for (const [key, item] of sortedEntries(value.nested)) {
        os.writeLong(0, key);
        os.writeMapHead(1, item.size);
        for (const [key2, item2] of sortedEntries(item)) {
          os.writeString(0, key2);
          os.writeStruct(1, item2, Geo_Spot);
        }
      }
    }
    os.writeStruct(18, value.spot, Geo_Spot);
    os.writeInt32(19, value.status);
    os.writeInt32(20, value.first);
    os.writeListHead(21, value.deep.length);
    for (const item of value.deep) {
      os.writeListHead(0, item.length);
      for (const item2 of item) {
        os.writeListHead(0, item2.length);
        for (const item3 of item2) os.writeInt32(0, item3);
      }
    }
    os.writeListHead(22, value.fixedInts.length);
    for (const item of value.fixedInts) os.writeInt32(0, item);
    os.writeBytes(23, value.name);
    os.writeBytes(24, value.raw);
    os.writeListHead(25, value.pair.length);
    for (const item of value.pair) os.writeStruct(0, item, Tree);
    if (value.odd.size > 0) {
      os.writeMapHead(26, value.odd.size);
      for (const [key, item] of sortedEntries(value.odd, (a, b) => listOfInt.compare(a, b))) {
        os.writeListHead(0, key.length);
        for (const item2 of key) os.writeInt32(0, item2);
        os.writeBytes(1, item);
      }
    }
    if (value.constructor_ !== '') os.writeString(27, value.constructor_);
    if (value.class !== '') os.writeString(28, value.class);
    if (value.last !== '你好') os.writeString(255, value.last);
  },

  /** Reads the fields alone. */
  read(is: TarsInputStream): Everything {
    const value = Everything.create();
    value.i8 = is.readInt8(3);
    value.i16 = is.readInt16(4, 63);
    value.i32 = is.readInt32(5, -1);
    value.i64 = is.readLong(6, -9007199254740991);
    value.u8 = is.readUInt8(7, 255);
    value.u16 = is.readUInt16(8, 0);
    value.u32 = is.readUInt32(9, 4294967295);
    value.f32 = is.readFloat(10, 1.25);
    value.f64 = is.readDouble(11, 2);
    value.text = is.readString(12, 'it\'s "quoted"');
    value.blob = is.readBytes(13);
    for (let left = is.readListSize(14, 0); left > 0; left--) value.flags.push(is.readBoolean(0));
    value.yes = is.readBoolean(15);
    for (let left = is.readMapSize(16); left > 0; left--)
      value.byKey.set(is.readStruct(0, Base_Key), is.readInt32(1) as Base_Status);
    for (let left = is.readMapSize(17, 0); left > 0; left--) {
      const key = is.readLong(0);
      const item: Map<string, Geo_Spot> = new Map();
      for (let left2 = is.readMapSize(1); left2 > 0; left2--) item.set(is.readName(0), is.readStruct(1, Geo_Spot));
      value.nested.set(key, item);
    }
    value.spot = is.readStruct(18, Geo_Spot, value.spot);
    value.status = is.readInt32(19, Base_Status.BUSY) as Base_Status;
    value.first = is.readInt32(20, Base_Status.OK) as Base_Status;
    for (let left = is.readListSize(21); left > 0; left--) {
      const item: Base_Status[][] = [];
      for (let left2 = is.readListSize(0); left2 > 0; left2--) {
        const item2: Base_Status[] = [];
        for (let left3 = is.readListSize(0); left3 > 0; left3--) item2.push(is.readInt32(0) as Base_Status);
        item.push(item2);
      }
      value.deep.push(item);
    }
    for (let left = is.readListSize(22, 0); left > 0; left--) value.fixedInts.push(is.readInt32(0));
    value.name = is.readBytes(23, value.name);
    value.raw = is.readBytes(24, value.raw);
    for (let left = is.readListSize(25, 0); left > 0; left--) value.pair.push(is.readStruct(0, Tree));
    for (let left = is.readMapSize(26, 0); left > 0; left--) {
      const key: number[] = [];
      for (let left2 = is.readListSize(0); left2 > 0; left2--) key.push(is.readInt32(0));
      const item = is.readBytes(1);
      value.odd.set(key, item);
    }
    value.constructor_ = is.readString(27, '');
    value.class = is.readString(28, '');
    value.last = is.readString(255, '你好');
    return value;
  },

  /** For callers that speak JSON. */
  toJson(value: Everything): TarsJson {
    return {
      i8: tars.byte.toJson(value.i8),
      i16: tars.short.toJson(value.i16),
      i32: tars.int.toJson(value.i32),
      i64: tars.safeLong.toJson(value.i64),
      u8: tars.unsignedByte.toJson(value.u8),
      u16: tars.unsignedShort.toJson(value.u16),
      u32: tars.unsignedInt.toJson(value.u32),
      f32: tars.float.toJson(value.f32),
      f64: tars.double.toJson(value.f64),
      text: tars.string.toJson(value.text),
      blob: tars.bytes.toJson(value.blob),
      flags: listOfBool.toJson(value.flags),
      yes: tars.bool.toJson(value.yes),
      byKey: mapOfBase_KeyToBase_Status.toJson(value.byKey),
      nested: mapOfSafeLongToMapOfStringToGeo_Spot.toJson(value.nested),
      spot: geo_SpotType.toJson(value.spot),
      status: base_StatusType.toJson(value.status),
      first: base_StatusType.toJson(value.first),
      deep: listOfListOfListOfBase_Status.toJson(value.deep),
      fixedInts: listOfInt.toJson(value.fixedInts),
      name: tars.bytes.toJson(value.name),
      raw: tars.bytes.toJson(value.raw),
      pair: listOfTree.toJson(value.pair),
      odd: mapOfListOfIntToBytes.toJson(value.odd),
      constructor: tars.string.toJson(value.constructor_),
      class: tars.string.toJson(value.class),
      last: tars.string.toJson(value.last),
    };
  },

  /** Takes what `parseTarsJson` gives. */
  fromJson(json: TarsJson): Everything {
    const value = Everything.create();
    value.i8 = tarsJsonField(json, 'i8', tars.byte);
    value.i16 = tarsJsonField(json, 'i16', tars.short, value.i16);
    value.i32 = tarsJsonField(json, 'i32', tars.int, value.i32);
    value.i64 = tarsJsonField(json, 'i64', tars.safeLong, value.i64);
    value.u8 = tarsJsonField(json, 'u8', tars.unsignedByte, value.u8);
    value.u16 = tarsJsonField(json, 'u16', tars.unsignedShort, value.u16);
    value.u32 = tarsJsonField(json, 'u32', tars.unsignedInt, value.u32);
    value.f32 = tarsJsonField(json, 'f32', tars.float, value.f32);
    value.f64 = tarsJsonField(json, 'f64', tars.double, value.f64);
    value.text = tarsJsonField(json, 'text', tars.string, value.text);
    value.blob = tarsJsonField(json, 'blob', tars.bytes);
    value.flags = tarsJsonField(json, 'flags', listOfBool, value.flags);
    value.yes = tarsJsonField(json, 'yes', tars.bool);
    value.byKey = tarsJsonField(json, 'byKey', mapOfBase_KeyToBase_Status);
    value.nested = tarsJsonField(json, 'nested', mapOfSafeLongToMapOfStringToGeo_Spot, value.nested);
    value.spot = tarsJsonField(json, 'spot', geo_SpotType, value.spot);
    value.status = tarsJsonField(json, 'status', base_StatusType, value.status);
    value.first = tarsJsonField(json, 'first', base_StatusType, value.first);
    value.deep = tarsJsonField(json, 'deep', listOfListOfListOfBase_Status);
    value.fixedInts = tarsJsonField(json, 'fixedInts', listOfInt, value.fixedInts);
    value.name = tarsJsonField(json, 'name', tars.bytes, value.name);
    value.raw = tarsJsonField(json, 'raw', tars.bytes, value.raw);
    value.pair = tarsJsonField(json, 'pair', listOfTree, value.pair);
    value.odd = tarsJsonField(json, 'odd', mapOfListOfIntToBytes, value.odd);
    value.constructor_ = tarsJsonField(json, 'constructor', tars.string, value.constructor_);
    value.class = tarsJsonField(json, 'class', tars.string, value.class);
    value.last = tarsJsonField(json, 'last', tars.string, value.last);
    return value;
  },
};

/** Names that the code needs itself. */
export interface Map_ {
  item: number;
}

/** How `TestApp.Map` travels. */
export const Map_: TarsStructType<Map_> = {
  typeName: 'TestApp.Map',
  fieldNames: { 0: 'item' },

  /** One with its defaults, and what is given. */
  create(init: Partial<Map_> = {}): Map_ {
    return { item: 0, ...init };
  },

  /** Writes the fields alone. */
  write(os: TarsOutputStream, value: Map_): void {
    os.writeInt32(0, value.item);
  },

  /** Reads the fields alone. */
  read(is: TarsInputStream): Map_ {
    const value = Map_.create();
    value.item = is.readInt32(0);
    return value;
  },

  /** For callers that speak JSON. */
  toJson(value: Map_): TarsJson {
    return { item: tars.int.toJson(value.item) };
  },

  /** Takes what `parseTarsJson` gives. */
  fromJson(json: TarsJson): Map_ {
    const value = Map_.create();
    value.item = tarsJsonField(json, 'item', tars.int);
    return value;
  },
};

const treeType = tars.struct(Tree);
const listOfTree = tars.list(treeType);
const mapOfIntToTree = tars.map(tars.int, treeType);
const listOfMapOfIntToTree = tars.list(mapOfIntToTree);
const mapOfStringToListOfMapOfIntToTree = tars.map(tars.string, listOfMapOfIntToTree);
const listOfInt = tars.list(tars.int);
const listOfBool = tars.list(tars.bool);
const base_KeyType = tars.struct(Base_Key);
const base_StatusType = tars.enum<Base_Status>('Base.Status');
const mapOfBase_KeyToBase_Status = tars.map(base_KeyType, base_StatusType);
const geo_SpotType = tars.struct(Geo_Spot);
const mapOfStringToGeo_Spot = tars.map(tars.string, geo_SpotType);
const mapOfSafeLongToMapOfStringToGeo_Spot = tars.map(tars.safeLong, mapOfStringToGeo_Spot);
const listOfBase_Status = tars.list(base_StatusType);
const listOfListOfBase_Status = tars.list(listOfBase_Status);
const listOfListOfListOfBase_Status = tars.list(listOfListOfBase_Status);
const mapOfListOfIntToBytes = tars.map(listOfInt, tars.bytes);
const map_Type = tars.struct(Map_);
const listOfMap_ = tars.list(map_Type);
const everythingType = tars.struct(Everything);
const mapOfStringToBase_Status = tars.map(tars.string, base_StatusType);
const mapOfIntToString = tars.map(tars.int, tars.string);
const listOfMapOfIntToString = tars.list(mapOfIntToString);

/** What `testHello` gives: its return value, and the out parameters. */
export interface HelloTestHelloResult {
  _ret: number;
  sRsp: string;
}

/** What `outsOnly` gives: the out parameters. */
export interface HelloOutsOnlyResult {
  count: number;
  maps: Map_[];
}

/** What `all` gives: its return value, and the out parameters. */
export interface HelloAllResult {
  _ret: Everything;
  best: Base_Key;
}

/** What `aFunctionWithManyParameters` gives: its return value, and the out parameters. */
export interface HelloAFunctionWithManyParametersResult {
  _ret: number;
  theOutParameter: Map<number, string>[];
}

/** The functions of `TestApp.Hello`, with their types. */
export interface HelloFunctions {
  readonly testHello: TarsFunction<[sReq: string], HelloTestHelloResult>;
  readonly noop: TarsFunction<[], void>;
  readonly echo: TarsFunction<[text: string], string>;
  readonly outsOnly: TarsFunction<[], HelloOutsOnlyResult>;
  readonly all: TarsFunction<[value: Everything, uid: string, states: Map<string, Base_Status>], HelloAllResult>;
  readonly bytes: TarsFunction<[current: Uint8Array, options: boolean, class_: number], Uint8Array>;
  readonly destroy: TarsFunction<[callback: Base_Status], Base_Status>;
  readonly aFunctionWithManyParameters: TarsFunction<
    [theFirstParameter: number, theSecondParameter: number, theThirdParameter: number, theFourthParameter: number],
    HelloAFunctionWithManyParametersResult
  >;
  readonly push: TarsFunction<[message: string], void>;
  readonly close: TarsFunction<[], boolean>;
}

/** The functions of `TestApp.Hello`, as `encodePush` takes them. */
export const helloFunctions: HelloFunctions = {
  testHello: tarsFunction('testHello', tars.int, [
    { name: 'sReq', type: tars.string },
    { name: 'sRsp', type: tars.string, isOut: true },
  ]),
  noop: tarsFunction('noop', undefined, []),
  echo: tarsFunction('echo', tars.string, [{ name: 'text', type: tars.string }]),
  outsOnly: tarsFunction('outsOnly', undefined, [
    { name: 'count', type: tars.int, isOut: true },
    { name: 'maps', type: listOfMap_, isOut: true },
  ]),
  all: tarsFunction('all', everythingType, [
    { name: 'value', type: everythingType },
    { name: 'uid', type: tars.string, isRouteKey: true },
    { name: 'states', type: mapOfStringToBase_Status },
    { name: 'best', type: base_KeyType, isOut: true },
  ]),
  bytes: tarsFunction('bytes', tars.bytes, [
    { name: 'current', type: tars.bytes },
    { name: 'options', type: tars.bool },
    { name: 'class', type: tars.safeLong },
  ]),
  destroy: tarsFunction('destroy', base_StatusType, [{ name: 'callback', type: base_StatusType }]),
  aFunctionWithManyParameters: tarsFunction('aFunctionWithManyParameters', tars.safeLong, [
    { name: 'theFirstParameter', type: tars.int },
    { name: 'theSecondParameter', type: tars.int },
    { name: 'theThirdParameter', type: tars.int },
    { name: 'theFourthParameter', type: tars.int },
    { name: 'theOutParameter', type: listOfMapOfIntToString, isOut: true },
  ]),
  push: tarsFunction('push', undefined, [{ name: 'message', type: tars.string }]),
  close: tarsFunction('close', tars.bool, []),
};

/** Interface `TestApp.Hello`. */
export const HelloInterface: TarsInterface = {
  name: 'TestApp.Hello',
  functions: new Map(Object.entries(helloFunctions)),
};

/** Calls `TestApp.Hello`: `communicator.stringToProxy(HelloProxy, …)` makes one. */
export class HelloProxy extends TarsProxy {
  /** Says hello. */
  testHello(sReq: string, options?: TarsCallOptions): Promise<HelloTestHelloResult> {
    return this.invoke(helloFunctions.testHello, [sReq], options);
  }

  /** As `testHello`, for a callback; with null the call is one-way. */
  testHelloAsync(callback: HelloPrxCallback | null, sReq: string, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.testHello, [sReq], callback, options);
  }

  /** `void noop()` */
  noop(options?: TarsCallOptions): Promise<void> {
    return this.invoke(helloFunctions.noop, [], options);
  }

  /** As `noop`, for a callback; with null the call is one-way. */
  noopAsync(callback: HelloPrxCallback | null, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.noop, [], callback, options);
  }

  /** `string echo(string text)` */
  echo(text: string, options?: TarsCallOptions): Promise<string> {
    return this.invoke(helloFunctions.echo, [text], options);
  }

  /** As `echo`, for a callback; with null the call is one-way. */
  echoAsync(callback: HelloPrxCallback | null, text: string, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.echo, [text], callback, options);
  }

  /** `void outsOnly(out int count, out vector<Map> maps)` */
  outsOnly(options?: TarsCallOptions): Promise<HelloOutsOnlyResult> {
    return this.invoke(helloFunctions.outsOnly, [], options);
  }

  /** As `outsOnly`, for a callback; with null the call is one-way. */
  outsOnlyAsync(callback: HelloPrxCallback | null, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.outsOnly, [], callback, options);
  }

  /** `Everything all(Everything value, routekey string uid, map<string, Status> states, out Key best)` */
  all(
    value: Everything,
    uid: string,
    states: Map<string, Base_Status>,
    options?: TarsCallOptions,
  ): Promise<HelloAllResult> {
    return this.invoke(helloFunctions.all, [value, uid, states], options);
  }

  /** As `all`, for a callback; with null the call is one-way. */
  allAsync(
    callback: HelloPrxCallback | null,
    value: Everything,
    uid: string,
    states: Map<string, Base_Status>,
    options?: TarsCallOptions,
  ): void {
    this.invokeAsync(helloFunctions.all, [value, uid, states], callback, options);
  }

  /** `vector<byte> bytes(vector<byte> current, bool options, long class)` */
  bytes(current: Uint8Array, options: boolean, class_: number, options_?: TarsCallOptions): Promise<Uint8Array> {
    return this.invoke(helloFunctions.bytes, [current, options, class_], options_);
  }

  /** As `bytes`, for a callback; with null the call is one-way. */
  bytesAsync(
    callback: HelloPrxCallback | null,
    current: Uint8Array,
    options: boolean,
    class_: number,
    options_?: TarsCallOptions,
  ): void {
    this.invokeAsync(helloFunctions.bytes, [current, options, class_], callback, options_);
  }

  /** `Status destroy(Status callback)` */
  destroy(callback: Base_Status, options?: TarsCallOptions): Promise<Base_Status> {
    return this.invoke(helloFunctions.destroy, [callback], options);
  }

  /** As `destroy`, for a callback; with null the call is one-way. */
  destroyAsync(callback_: HelloPrxCallback | null, callback: Base_Status, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.destroy, [callback], callback_, options);
  }

  /**
   * `long aFunctionWithManyParameters(int theFirstParameter, int theSecondParameter, int theThirdParameter, int theFourthParameter, out vector<map<int, string>> theOutParameter)`
   */
  aFunctionWithManyParameters(
    theFirstParameter: number,
    theSecondParameter: number,
    theThirdParameter: number,
    theFourthParameter: number,
    options?: TarsCallOptions,
  ): Promise<HelloAFunctionWithManyParametersResult> {
    return this.invoke(
      helloFunctions.aFunctionWithManyParameters,
      [theFirstParameter, theSecondParameter, theThirdParameter, theFourthParameter],
      options,
    );
  }

  /** As `aFunctionWithManyParameters`, for a callback; with null the call is one-way. */
  aFunctionWithManyParametersAsync(
    callback: HelloPrxCallback | null,
    theFirstParameter: number,
    theSecondParameter: number,
    theThirdParameter: number,
    theFourthParameter: number,
    options?: TarsCallOptions,
  ): void {
    this.invokeAsync(
      helloFunctions.aFunctionWithManyParameters,
      [theFirstParameter, theSecondParameter, theThirdParameter, theFourthParameter],
      callback,
      options,
    );
  }

  /** `void push(string message)` */
  push(message: string, options?: TarsCallOptions): Promise<void> {
    return this.invoke(helloFunctions.push, [message], options);
  }

  /** As `push`, for a callback; with null the call is one-way. */
  pushAsync(callback: HelloPrxCallback | null, message: string, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.push, [message], callback, options);
  }

  /** `bool close()` */
  close_(options?: TarsCallOptions): Promise<boolean> {
    return this.invoke(helloFunctions.close, [], options);
  }

  /** As `close_`, for a callback; with null the call is one-way. */
  closeAsync(callback: HelloPrxCallback | null, options?: TarsCallOptions): void {
    this.invokeAsync(helloFunctions.close, [], callback, options);
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

  /** Takes the result of `testHello`. */
  callbackTestHello?(_ret: number, sRsp: string): void | Promise<void>;

  /** `testHello` has failed. */
  callbackTestHelloException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `noop`. */
  callbackNoop?(): void | Promise<void>;

  /** `noop` has failed. */
  callbackNoopException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `echo`. */
  callbackEcho?(_ret: string): void | Promise<void>;

  /** `echo` has failed. */
  callbackEchoException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `outsOnly`. */
  callbackOutsOnly?(count: number, maps: Map_[]): void | Promise<void>;

  /** `outsOnly` has failed. */
  callbackOutsOnlyException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `all`. */
  callbackAll?(_ret: Everything, best: Base_Key): void | Promise<void>;

  /** `all` has failed. */
  callbackAllException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `bytes`. */
  callbackBytes?(_ret: Uint8Array): void | Promise<void>;

  /** `bytes` has failed. */
  callbackBytesException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `destroy`. */
  callbackDestroy?(_ret: Base_Status): void | Promise<void>;

  /** `destroy` has failed. */
  callbackDestroyException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `aFunctionWithManyParameters`. */
  callbackAFunctionWithManyParameters?(_ret: number, theOutParameter: Map<number, string>[]): void | Promise<void>;

  /** `aFunctionWithManyParameters` has failed. */
  callbackAFunctionWithManyParametersException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `push`. */
  callbackPush?(): void | Promise<void>;

  /** `push` has failed. */
  callbackPushException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `close`. */
  callbackClose?(_ret: boolean): void | Promise<void>;

  /** `close` has failed. */
  callbackCloseException?(iRet: number, error: TarsException): void | Promise<void>;
}

/** The functions of `TestApp.Empty`, with their types. */
export interface EmptyFunctions {}

/** The functions of `TestApp.Empty`, as `encodePush` takes them. */
export const emptyFunctions: EmptyFunctions = {};

/** Interface `TestApp.Empty`. */
export const EmptyInterface: TarsInterface = {
  name: 'TestApp.Empty',
  functions: new Map(Object.entries(emptyFunctions)),
};

/** Calls `TestApp.Empty`: `communicator.stringToProxy(EmptyProxy, …)` makes one. */
export class EmptyProxy extends TarsProxy {}

/** As in C++. */
export const EmptyPrx: typeof EmptyProxy = EmptyProxy;

/** As in C++. */
export type EmptyPrx = EmptyProxy;

/** Takes results and pushes of `TestApp.Empty`: derive from it, and implement the methods for what comes. */
export class EmptyPrxCallback extends TarsPrxCallback {
  override get tarsInterface(): TarsInterface {
    return EmptyInterface;
  }
}
