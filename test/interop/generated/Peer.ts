// Made by tars2ts from Peer.tars. Change that file and not this one.
import {
  sortedEntries,
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

/** Enum `Interop.Colour`. */
export const Colour = {
  RED: 0,
  GREEN: 5,
  BLUE: -1,
} as const;

/** A value of `Interop.Colour`. A newer peer may send others. */
export type Colour = (typeof Colour)[keyof typeof Colour];

/** Struct `Interop.Point`. */
export class Point {
  static readonly typeName = 'Interop.Point';
  static readonly fieldNames = { 0: 'x', 1: 'y', 2: 'label' };
  x = 0;
  y = 7;
  label = 'origin';

  /** One with its defaults, and what is given. */
  static create(init: Partial<Point> = {}): Point {
    return Object.assign(new Point(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: Point): void {
    os.writeInt32(0, value.x);
    if (value.y !== 7) os.writeInt32(1, value.y);
    if (value.label !== 'origin') os.writeString(2, value.label);
  }

  /** Reads the fields alone. */
  static read(is: TarsInputStream): Point {
    const value = new Point();
    value.x = is.readInt32(0);
    value.y = is.readInt32(1, 7);
    value.label = is.readString(2, 'origin');
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: Point): TarsJson {
    return { x: tars.int.toJson(value.x), y: tars.int.toJson(value.y), label: tars.string.toJson(value.label) };
  }

  /** Takes what `parseTarsJson` gives. */
  static fromJson(json: TarsJson): Point {
    const value = new Point();
    value.x = tarsJsonField(json, 'x', tars.int);
    value.y = tarsJsonField(json, 'y', tars.int, value.y);
    value.label = tarsJsonField(json, 'label', tars.string, value.label);
    return value;
  }
}

/** Struct `Interop.Everything`. */
export class Everything {
  static readonly typeName = 'Interop.Everything';
  static readonly fieldNames = {
    0: 'flag',
    1: 'i8',
    2: 'i16',
    3: 'i32',
    4: 'i64',
    5: 'u8',
    6: 'u16',
    7: 'u32',
    8: 'f32',
    9: 'f64',
    10: 'text',
    11: 'blob',
    12: 'ints',
    13: 'texts',
    14: 'counts',
    15: 'byId',
    20: 'colour',
    200: 'origin',
    254: 'path',
  };
  flag = false;
  i8 = 0;
  i16 = 0;
  i32 = 0;
  i64 = 0n;
  u8 = 0;
  u16 = 0;
  u32 = 0;
  f32 = 0;
  f64 = 0;
  text = '';
  blob: Uint8Array = new Uint8Array([]);
  ints: number[] = [];
  texts: string[] = [];
  counts: Map<string, number> = new Map();
  byId: Map<number, Point[]> = new Map();
  colour: Colour = Colour.RED;
  origin: Point = Point.create();
  path: Point[] = [];

  /** One with its defaults, and what is given. */
  static create(init: Partial<Everything> = {}): Everything {
    return Object.assign(new Everything(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: Everything): void {
    os.writeBoolean(0, value.flag);
    if (value.i8 !== 0) os.writeInt8(1, value.i8);
    if (value.i16 !== 0) os.writeInt16(2, value.i16);
    if (value.i32 !== 0) os.writeInt32(3, value.i32);
    if (value.i64 !== 0n) os.writeInt64(4, value.i64);
    if (value.u8 !== 0) os.writeUInt8(5, value.u8);
    if (value.u16 !== 0) os.writeUInt16(6, value.u16);
    if (value.u32 !== 0) os.writeUInt32(7, value.u32);
    if (value.f32 !== 0) os.writeFloat(8, value.f32);
    if (value.f64 !== 0) os.writeDouble(9, value.f64);
    if (value.text !== '') os.writeString(10, value.text);
    if (value.blob.length > 0) os.writeBytes(11, value.blob);
    if (value.ints.length > 0) {
      os.writeListHead(12, value.ints.length);
      for (const item of value.ints) os.writeInt32(0, item);
    }
    if (value.texts.length > 0) {
      os.writeListHead(13, value.texts.length);
      for (const item of value.texts) os.writeString(0, item);
    }
    if (value.counts.size > 0) {
      os.writeMapHead(14, value.counts.size);
      for (const [key, item] of sortedEntries(value.counts)) {
        os.writeString(0, key);
        os.writeInt32(1, item);
      }
    }
    if (value.byId.size > 0) {
      os.writeMapHead(15, value.byId.size);
      for (const [key, item] of sortedEntries(value.byId)) {
        os.writeInt32(0, key);
        os.writeListHead(1, item.length);
        for (const item2 of item) os.writeStruct(0, item2, Point);
      }
    }
    os.writeInt32(20, value.colour);
    os.writeStruct(200, value.origin, Point);
    if (value.path.length > 0) {
      os.writeListHead(254, value.path.length);
      for (const item of value.path) os.writeStruct(0, item, Point);
    }
  }

  /** Reads the fields alone. */
  static read(is: TarsInputStream): Everything {
    const value = new Everything();
    value.flag = is.readBoolean(0, false);
    value.i8 = is.readInt8(1, 0);
    value.i16 = is.readInt16(2, 0);
    value.i32 = is.readInt32(3, 0);
    value.i64 = is.readInt64(4, 0n);
    value.u8 = is.readUInt8(5, 0);
    value.u16 = is.readUInt16(6, 0);
    value.u32 = is.readUInt32(7, 0);
    value.f32 = is.readFloat(8, 0);
    value.f64 = is.readDouble(9, 0);
    value.text = is.readString(10, '');
    value.blob = is.readBytes(11, value.blob);
    for (let left = is.readListSize(12, 0); left > 0; left--) value.ints.push(is.readInt32(0));
    for (let left = is.readListSize(13, 0); left > 0; left--) value.texts.push(is.readString(0));
    for (let left = is.readMapSize(14, 0); left > 0; left--) value.counts.set(is.readName(0), is.readInt32(1));
    for (let left = is.readMapSize(15, 0); left > 0; left--) {
      const key = is.readInt32(0);
      const item: Point[] = [];
      for (let left2 = is.readListSize(1); left2 > 0; left2--) item.push(is.readStruct(0, Point));
      value.byId.set(key, item);
    }
    value.colour = is.readInt32(20, Colour.RED) as Colour;
    value.origin = is.readStruct(200, Point, value.origin);
    for (let left = is.readListSize(254, 0); left > 0; left--) value.path.push(is.readStruct(0, Point));
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: Everything): TarsJson {
    return {
      flag: tars.bool.toJson(value.flag),
      i8: tars.byte.toJson(value.i8),
      i16: tars.short.toJson(value.i16),
      i32: tars.int.toJson(value.i32),
      i64: tars.long.toJson(value.i64),
      u8: tars.unsignedByte.toJson(value.u8),
      u16: tars.unsignedShort.toJson(value.u16),
      u32: tars.unsignedInt.toJson(value.u32),
      f32: tars.float.toJson(value.f32),
      f64: tars.double.toJson(value.f64),
      text: tars.string.toJson(value.text),
      blob: tars.bytes.toJson(value.blob),
      ints: listOfInt.toJson(value.ints),
      texts: listOfString.toJson(value.texts),
      counts: mapOfStringToInt.toJson(value.counts),
      byId: mapOfIntToListOfPoint.toJson(value.byId),
      colour: colourType.toJson(value.colour),
      origin: pointType.toJson(value.origin),
      path: listOfPoint.toJson(value.path),
    };
  }

  /** Takes what `parseTarsJson` gives. */
  static fromJson(json: TarsJson): Everything {
    const value = new Everything();
    value.flag = tarsJsonField(json, 'flag', tars.bool, value.flag);
    value.i8 = tarsJsonField(json, 'i8', tars.byte, value.i8);
    value.i16 = tarsJsonField(json, 'i16', tars.short, value.i16);
    value.i32 = tarsJsonField(json, 'i32', tars.int, value.i32);
    value.i64 = tarsJsonField(json, 'i64', tars.long, value.i64);
    value.u8 = tarsJsonField(json, 'u8', tars.unsignedByte, value.u8);
    value.u16 = tarsJsonField(json, 'u16', tars.unsignedShort, value.u16);
    value.u32 = tarsJsonField(json, 'u32', tars.unsignedInt, value.u32);
    value.f32 = tarsJsonField(json, 'f32', tars.float, value.f32);
    value.f64 = tarsJsonField(json, 'f64', tars.double, value.f64);
    value.text = tarsJsonField(json, 'text', tars.string, value.text);
    value.blob = tarsJsonField(json, 'blob', tars.bytes, value.blob);
    value.ints = tarsJsonField(json, 'ints', listOfInt, value.ints);
    value.texts = tarsJsonField(json, 'texts', listOfString, value.texts);
    value.counts = tarsJsonField(json, 'counts', mapOfStringToInt, value.counts);
    value.byId = tarsJsonField(json, 'byId', mapOfIntToListOfPoint, value.byId);
    value.colour = tarsJsonField(json, 'colour', colourType, value.colour);
    value.origin = tarsJsonField(json, 'origin', pointType, value.origin);
    value.path = tarsJsonField(json, 'path', listOfPoint, value.path);
    return value;
  }
}

const listOfInt = tars.list(tars.int);
const listOfString = tars.list(tars.string);
const mapOfStringToInt = tars.map(tars.string, tars.int);
const pointType = tars.struct(Point);
const listOfPoint = tars.list(pointType);
const mapOfIntToListOfPoint = tars.map(tars.int, listOfPoint);
const colourType = tars.enum<Colour>('Interop.Colour');
const everythingType = tars.struct(Everything);
const mapOfStringToString = tars.map(tars.string, tars.string);

/** What `echo` gives: its return value, and the out parameters. */
export interface PeerEchoResult {
  _ret: Everything;
  copy: Everything;
}

/** The functions of `Interop.Peer`, with their types. */
export interface PeerFunctions {
  readonly echo: TarsFunction<[value: Everything], PeerEchoResult>;
  readonly add: TarsFunction<[a: bigint, b: bigint], bigint>;
  readonly note: TarsFunction<[text: string], void>;
  readonly notes: TarsFunction<[], string[]>;
  readonly contexts: TarsFunction<[], Map<string, string>>;
  readonly fail: TarsFunction<[code: number, why: string], void>;
  readonly later: TarsFunction<[ms: number], number>;
  readonly port: TarsFunction<[], number>;
  readonly subscribe: TarsFunction<[count: number], void>;
}

/** The functions of `Interop.Peer`, as `encodePush` takes them. */
export const peerFunctions: PeerFunctions = {
  echo: tarsFunction('echo', everythingType, [
    { name: 'value', type: everythingType },
    { name: 'copy', type: everythingType, isOut: true },
  ]),
  add: tarsFunction('add', tars.long, [
    { name: 'a', type: tars.long },
    { name: 'b', type: tars.long },
  ]),
  note: tarsFunction('note', undefined, [{ name: 'text', type: tars.string }]),
  notes: tarsFunction('notes', listOfString, []),
  contexts: tarsFunction('contexts', mapOfStringToString, []),
  fail: tarsFunction('fail', undefined, [
    { name: 'code', type: tars.int },
    { name: 'why', type: tars.string },
  ]),
  later: tarsFunction('later', tars.int, [{ name: 'ms', type: tars.int }]),
  port: tarsFunction('port', tars.int, []),
  subscribe: tarsFunction('subscribe', undefined, [{ name: 'count', type: tars.int }]),
};

/** Interface `Interop.Peer`. */
export const PeerInterface: TarsInterface = {
  name: 'Interop.Peer',
  functions: new Map(Object.entries(peerFunctions)),
};

/** Calls `Interop.Peer`: `communicator.stringToProxy(PeerProxy, …)` makes one. */
export class PeerProxy extends TarsProxy {
  /** Both are what came. */
  echo(value: Everything, options?: TarsCallOptions): Promise<PeerEchoResult> {
    return this.invoke(peerFunctions.echo, [value], options);
  }

  /** As `echo`, for a callback; with null the call is one-way. */
  echoAsync(callback: PeerPrxCallback | null, value: Everything, options?: TarsCallOptions): void {
    this.invokeAsync(peerFunctions.echo, [value], callback, options);
  }

  /** `long add(long a, long b)` */
  add(a: bigint, b: bigint, options?: TarsCallOptions): Promise<bigint> {
    return this.invoke(peerFunctions.add, [a, b], options);
  }

  /** As `add`, for a callback; with null the call is one-way. */
  addAsync(callback: PeerPrxCallback | null, a: bigint, b: bigint, options?: TarsCallOptions): void {
    this.invokeAsync(peerFunctions.add, [a, b], callback, options);
  }

  /** One-way: what was noted is told by `notes`. */
  note(text: string, options?: TarsCallOptions): Promise<void> {
    return this.invoke(peerFunctions.note, [text], options);
  }

  /** As `note`, for a callback; with null the call is one-way. */
  noteAsync(callback: PeerPrxCallback | null, text: string, options?: TarsCallOptions): void {
    this.invokeAsync(peerFunctions.note, [text], callback, options);
  }

  /** `vector<string> notes()` */
  notes(options?: TarsCallOptions): Promise<string[]> {
    return this.invoke(peerFunctions.notes, [], options);
  }

  /** As `notes`, for a callback; with null the call is one-way. */
  notesAsync(callback: PeerPrxCallback | null, options?: TarsCallOptions): void {
    this.invokeAsync(peerFunctions.notes, [], callback, options);
  }

  /** Answers with the context of the request as its result, and `answered` = `yes` as the context of the answer. */
  contexts(options?: TarsCallOptions): Promise<Map<string, string>> {
    return this.invoke(peerFunctions.contexts, [], options);
  }

  /** As `contexts`, for a callback; with null the call is one-way. */
  contextsAsync(callback: PeerPrxCallback | null, options?: TarsCallOptions): void {
    this.invokeAsync(peerFunctions.contexts, [], callback, options);
  }

  /** Fails: by an exception with code 0, by this code otherwise. */
  fail(code: number, why: string, options?: TarsCallOptions): Promise<void> {
    return this.invoke(peerFunctions.fail, [code, why], options);
  }

  /** As `fail`, for a callback; with null the call is one-way. */
  failAsync(callback: PeerPrxCallback | null, code: number, why: string, options?: TarsCallOptions): void {
    this.invokeAsync(peerFunctions.fail, [code, why], callback, options);
  }

  /** Answers after that many milliseconds; never below 0. */
  later(ms: number, options?: TarsCallOptions): Promise<number> {
    return this.invoke(peerFunctions.later, [ms], options);
  }

  /** As `later`, for a callback; with null the call is one-way. */
  laterAsync(callback: PeerPrxCallback | null, ms: number, options?: TarsCallOptions): void {
    this.invokeAsync(peerFunctions.later, [ms], callback, options);
  }

  /** The port at which it was called. */
  port(options?: TarsCallOptions): Promise<number> {
    return this.invoke(peerFunctions.port, [], options);
  }

  /** As `port`, for a callback; with null the call is one-way. */
  portAsync(callback: PeerPrxCallback | null, options?: TarsCallOptions): void {
    this.invokeAsync(peerFunctions.port, [], callback, options);
  }

  /** The caller gets so many pushes. */
  subscribe(count: number, options?: TarsCallOptions): Promise<void> {
    return this.invoke(peerFunctions.subscribe, [count], options);
  }

  /** As `subscribe`, for a callback; with null the call is one-way. */
  subscribeAsync(callback: PeerPrxCallback | null, count: number, options?: TarsCallOptions): void {
    this.invokeAsync(peerFunctions.subscribe, [count], callback, options);
  }
}

/** As in C++. */
export const PeerPrx: typeof PeerProxy = PeerProxy;

/** As in C++. */
export type PeerPrx = PeerProxy;

/** Takes results and pushes of `Interop.Peer`: derive from it, and implement the methods for what comes. */
export class PeerPrxCallback extends TarsPrxCallback {
  override get tarsInterface(): TarsInterface {
    return PeerInterface;
  }

  /** Takes the result of `echo`. */
  callbackEcho?(_ret: Everything, copy: Everything): void | Promise<void>;

  /** `echo` has failed. */
  callbackEchoException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `add`. */
  callbackAdd?(_ret: bigint): void | Promise<void>;

  /** `add` has failed. */
  callbackAddException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `note`. */
  callbackNote?(): void | Promise<void>;

  /** `note` has failed. */
  callbackNoteException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `notes`. */
  callbackNotes?(_ret: string[]): void | Promise<void>;

  /** `notes` has failed. */
  callbackNotesException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `contexts`. */
  callbackContexts?(_ret: Map<string, string>): void | Promise<void>;

  /** `contexts` has failed. */
  callbackContextsException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `fail`. */
  callbackFail?(): void | Promise<void>;

  /** `fail` has failed. */
  callbackFailException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `later`. */
  callbackLater?(_ret: number): void | Promise<void>;

  /** `later` has failed. */
  callbackLaterException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `port`. */
  callbackPort?(_ret: number): void | Promise<void>;

  /** `port` has failed. */
  callbackPortException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `subscribe`. */
  callbackSubscribe?(): void | Promise<void>;

  /** `subscribe` has failed. */
  callbackSubscribeException?(iRet: number, error: TarsException): void | Promise<void>;
}

/** The functions of `Interop.Admin`, with their types. */
export interface AdminFunctions {
  readonly shutdown: TarsFunction<[], void>;
  readonly notify: TarsFunction<[command: string], string>;
}

/** The functions of `Interop.Admin`, as `encodePush` takes them. */
export const adminFunctions: AdminFunctions = {
  shutdown: tarsFunction('shutdown', undefined, []),
  notify: tarsFunction('notify', tars.string, [{ name: 'command', type: tars.string }]),
};

/** Interface `Interop.Admin`. */
export const AdminInterface: TarsInterface = {
  name: 'Interop.Admin',
  functions: new Map(Object.entries(adminFunctions)),
};

/** Calls `Interop.Admin`: `communicator.stringToProxy(AdminProxy, …)` makes one. */
export class AdminProxy extends TarsProxy {
  /** `void shutdown()` */
  shutdown(options?: TarsCallOptions): Promise<void> {
    return this.invoke(adminFunctions.shutdown, [], options);
  }

  /** As `shutdown`, for a callback; with null the call is one-way. */
  shutdownAsync(callback: AdminPrxCallback | null, options?: TarsCallOptions): void {
    this.invokeAsync(adminFunctions.shutdown, [], callback, options);
  }

  /** `string notify(string command)` */
  notify(command: string, options?: TarsCallOptions): Promise<string> {
    return this.invoke(adminFunctions.notify, [command], options);
  }

  /** As `notify`, for a callback; with null the call is one-way. */
  notifyAsync(callback: AdminPrxCallback | null, command: string, options?: TarsCallOptions): void {
    this.invokeAsync(adminFunctions.notify, [command], callback, options);
  }
}

/** As in C++. */
export const AdminPrx: typeof AdminProxy = AdminProxy;

/** As in C++. */
export type AdminPrx = AdminProxy;

/** Takes results and pushes of `Interop.Admin`: derive from it, and implement the methods for what comes. */
export class AdminPrxCallback extends TarsPrxCallback {
  override get tarsInterface(): TarsInterface {
    return AdminInterface;
  }

  /** Takes the result of `shutdown`. */
  callbackShutdown?(): void | Promise<void>;

  /** `shutdown` has failed. */
  callbackShutdownException?(iRet: number, error: TarsException): void | Promise<void>;

  /** Takes the result of `notify`. */
  callbackNotify?(_ret: string): void | Promise<void>;

  /** `notify` has failed. */
  callbackNotifyException?(iRet: number, error: TarsException): void | Promise<void>;
}

/** What `pushed` gives: its return value, and the out parameters. */
export interface NewsPushedResult {
  _ret: number;
  number: number;
  value: Everything;
}

/** The functions of `Interop.News`, with their types. */
export interface NewsFunctions {
  readonly pushed: TarsFunction<[], NewsPushedResult>;
}

/** The functions of `Interop.News`, as `encodePush` takes them. */
export const newsFunctions: NewsFunctions = {
  pushed: tarsFunction('pushed', tars.int, [
    { name: 'number', type: tars.int, isOut: true },
    { name: 'value', type: everythingType, isOut: true },
  ]),
};

/** Interface `Interop.News`. */
export const NewsInterface: TarsInterface = {
  name: 'Interop.News',
  functions: new Map(Object.entries(newsFunctions)),
};

/** Calls `Interop.News`: `communicator.stringToProxy(NewsProxy, …)` makes one. */
export class NewsProxy extends TarsProxy {
  /** `int pushed(out int number, out Everything value)` */
  pushed(options?: TarsCallOptions): Promise<NewsPushedResult> {
    return this.invoke(newsFunctions.pushed, [], options);
  }

  /** As `pushed`, for a callback; with null the call is one-way. */
  pushedAsync(callback: NewsPrxCallback | null, options?: TarsCallOptions): void {
    this.invokeAsync(newsFunctions.pushed, [], callback, options);
  }
}

/** As in C++. */
export const NewsPrx: typeof NewsProxy = NewsProxy;

/** As in C++. */
export type NewsPrx = NewsProxy;

/** Takes results and pushes of `Interop.News`: derive from it, and implement the methods for what comes. */
export class NewsPrxCallback extends TarsPrxCallback {
  override get tarsInterface(): TarsInterface {
    return NewsInterface;
  }

  /** Takes the result of `pushed`. */
  callbackPushed?(_ret: number, number: number, value: Everything): void | Promise<void>;

  /** `pushed` has failed. */
  callbackPushedException?(iRet: number, error: TarsException): void | Promise<void>;
}
