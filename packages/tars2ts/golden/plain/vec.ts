// Made by tars2ts from vec.tars. Change that file and not this one.
import {
  sortedEntries,
  type TarsInputStream,
  type TarsJson,
  type TarsOutputStream,
  type TarsStructType,
  tars,
  tarsJsonField,
} from '@tarsier/protocol';

/** Enum `vec.Color`. */
export const Color = {
  RED: 0,
  GREEN: 5,
  BLUE: -1,
} as const;

/** A value of `vec.Color`. A newer peer may send others. */
export type Color = (typeof Color)[keyof typeof Color];

/** Struct `vec.Point`. */
export interface Point {
  x: number;
  y: number;
  label: string;
}

/** How `vec.Point` travels. */
export const Point: TarsStructType<Point> = {
  typeName: 'vec.Point',
  fieldNames: { 0: 'x', 1: 'y', 2: 'label' },

  /** One with its defaults, and what is given. */
  create(init: Partial<Point> = {}): Point {
    return { x: 0, y: 7, label: 'origin', ...init };
  },

  /** Writes the fields alone. */
  write(os: TarsOutputStream, value: Point): void {
    os.writeInt32(0, value.x);
    os.writeInt32(1, value.y);
    if (value.label !== 'origin') os.writeString(2, value.label);
  },

  /** Reads the fields alone. */
  read(is: TarsInputStream): Point {
    const value = Point.create();
    value.x = is.readInt32(0);
    value.y = is.readInt32(1);
    value.label = is.readString(2, 'origin');
    return value;
  },

  /** For callers that speak JSON. */
  toJson(value: Point): TarsJson {
    return { x: tars.int.toJson(value.x), y: tars.int.toJson(value.y), label: tars.string.toJson(value.label) };
  },

  /** Takes what `parseTarsJson` gives. */
  fromJson(json: TarsJson): Point {
    const value = Point.create();
    value.x = tarsJsonField(json, 'x', tars.int);
    value.y = tarsJsonField(json, 'y', tars.int);
    value.label = tarsJsonField(json, 'label', tars.string, value.label);
    return value;
  },
};

/** Struct `vec.All`. */
export interface All {
  flag: boolean;
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
  ints: number[];
  texts: string[];
  counts: Map<string, number>;
  byId: Map<number, Point[]>;
  color: Color;
  origin: Point;
  path: Point[];
}

/** How `vec.All` travels. */
export const All: TarsStructType<All> = {
  typeName: 'vec.All',
  fieldNames: {
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
    20: 'color',
    200: 'origin',
    254: 'path',
  },

  /** One with its defaults, and what is given. */
  create(init: Partial<All> = {}): All {
    return {
      flag: false,
      i8: 0,
      i16: 0,
      i32: 0,
      i64: 0,
      u8: 0,
      u16: 0,
      u32: 0,
      f32: 0,
      f64: 0,
      text: '',
      blob: new Uint8Array([]),
      ints: [],
      texts: [],
      counts: new Map(),
      byId: new Map(),
      color: Color.RED,
      origin: Point.create(),
      path: [],
      ...init,
    };
  },

  /** Writes the fields alone. */
  write(os: TarsOutputStream, value: All): void {
    os.writeBoolean(0, value.flag);
    if (value.i8 !== 0) os.writeInt8(1, value.i8);
    if (value.i16 !== 0) os.writeInt16(2, value.i16);
    if (value.i32 !== 0) os.writeInt32(3, value.i32);
    if (value.i64 !== 0) os.writeLong(4, value.i64);
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
    os.writeInt32(20, value.color);
    os.writeStruct(200, value.origin, Point);
    if (value.path.length > 0) {
      os.writeListHead(254, value.path.length);
      for (const item of value.path) os.writeStruct(0, item, Point);
    }
  },

  /** Reads the fields alone. */
  read(is: TarsInputStream): All {
    const value = All.create();
    value.flag = is.readBoolean(0, false);
    value.i8 = is.readInt8(1, 0);
    value.i16 = is.readInt16(2, 0);
    value.i32 = is.readInt32(3, 0);
    value.i64 = is.readLong(4, 0);
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
    value.color = is.readInt32(20, Color.RED) as Color;
    value.origin = is.readStruct(200, Point, value.origin);
    for (let left = is.readListSize(254, 0); left > 0; left--) value.path.push(is.readStruct(0, Point));
    return value;
  },

  /** For callers that speak JSON. */
  toJson(value: All): TarsJson {
    return {
      flag: tars.bool.toJson(value.flag),
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
      ints: listOfInt.toJson(value.ints),
      texts: listOfString.toJson(value.texts),
      counts: mapOfStringToInt.toJson(value.counts),
      byId: mapOfIntToListOfPoint.toJson(value.byId),
      color: colorType.toJson(value.color),
      origin: pointType.toJson(value.origin),
      path: listOfPoint.toJson(value.path),
    };
  },

  /** Takes what `parseTarsJson` gives. */
  fromJson(json: TarsJson): All {
    const value = All.create();
    value.flag = tarsJsonField(json, 'flag', tars.bool, value.flag);
    value.i8 = tarsJsonField(json, 'i8', tars.byte, value.i8);
    value.i16 = tarsJsonField(json, 'i16', tars.short, value.i16);
    value.i32 = tarsJsonField(json, 'i32', tars.int, value.i32);
    value.i64 = tarsJsonField(json, 'i64', tars.safeLong, value.i64);
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
    value.color = tarsJsonField(json, 'color', colorType, value.color);
    value.origin = tarsJsonField(json, 'origin', pointType, value.origin);
    value.path = tarsJsonField(json, 'path', listOfPoint, value.path);
    return value;
  },
};

const listOfInt = tars.list(tars.int);
const listOfString = tars.list(tars.string);
const mapOfStringToInt = tars.map(tars.string, tars.int);
const pointType = tars.struct(Point);
const listOfPoint = tars.list(pointType);
const mapOfIntToListOfPoint = tars.map(tars.int, listOfPoint);
const colorType = tars.enum<Color>('vec.Color');
