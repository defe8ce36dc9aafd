import type { TarsInputStream } from './input-stream.js';
import { jsonMembers } from './json-faults.js';
import type { TarsOutputStream } from './output-stream.js';
import { sortedEntries } from './sorted-entries.js';
import { tars } from './tars.js';
import type { TarsJson } from './tars-json.js';

// The structs of the IDL that the vectors were made with, in the form of generated code:
//
//   enum Color { RED = 0, GREEN = 5, BLUE = -1 };
//   struct Point { 0 require int x; 1 require int y = 7; 2 optional string label = "origin"; };
//   struct All { 0 optional bool flag = false; … 254 optional vector<Point> path; };

export const Color = { RED: 0, GREEN: 5, BLUE: -1 } as const;
export type Color = (typeof Color)[keyof typeof Color];

export class Point {
  static readonly typeName = 'vec.Point';
  static readonly fieldNames = { 0: 'x', 1: 'y', 2: 'label' };
  x = 0;
  y = 7;
  label = 'origin';

  static create(init: Partial<Point> = {}): Point {
    return Object.assign(new Point(), init);
  }

  static write(os: TarsOutputStream, value: Point): void {
    os.writeInt32(0, value.x);
    os.writeInt32(1, value.y);
    if (value.label !== 'origin') os.writeString(2, value.label);
  }

  static read(is: TarsInputStream): Point {
    const value = new Point();
    value.x = is.readInt32(0);
    value.y = is.readInt32(1);
    value.label = is.readString(2, 'origin');
    return value;
  }

  static toJson(value: Point): TarsJson {
    return { x: value.x, y: value.y, label: value.label };
  }

  static fromJson(json: TarsJson): Point {
    const members = jsonMembers(json, 'vec.Point');
    const value = new Point();
    if (members['x'] !== undefined) value.x = tars.int.fromJson(members['x']);
    if (members['y'] !== undefined) value.y = tars.int.fromJson(members['y']);
    if (members['label'] !== undefined) value.label = tars.string.fromJson(members['label']);
    return value;
  }

  static compare(a: Point, b: Point): number {
    return tars.int.compare(a.x, b.x) || tars.int.compare(a.y, b.y);
  }
}

const counts = tars.map(tars.string, tars.int);
const byId = tars.map(tars.int, tars.list(tars.struct(Point)));
const points = tars.list(tars.struct(Point));
const ints = tars.list(tars.int);
const texts = tars.list(tars.string);

export class All {
  static readonly typeName = 'vec.All';
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
    20: 'color',
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
  color: Color = Color.RED;
  origin: Point = new Point();
  path: Point[] = [];

  static create(init: Partial<All> = {}): All {
    return Object.assign(new All(), init);
  }

  static write(os: TarsOutputStream, value: All): void {
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
        for (const point of item) os.writeStruct(0, point, Point);
      }
    }
    os.writeInt32(20, value.color);
    os.writeStruct(200, value.origin, Point);
    if (value.path.length > 0) {
      os.writeListHead(254, value.path.length);
      for (const item of value.path) os.writeStruct(0, item, Point);
    }
  }

  static read(is: TarsInputStream): All {
    const value = new All();
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
    for (let left = is.readMapSize(14, 0); left > 0; left--) value.counts.set(is.readString(0), is.readInt32(1));
    for (let left = is.readMapSize(15, 0); left > 0; left--) {
      const key = is.readInt32(0);
      const item: Point[] = [];
      for (let more = is.readListSize(1); more > 0; more--) item.push(is.readStruct(0, Point));
      value.byId.set(key, item);
    }
    value.color = is.readInt32(20, Color.RED) as Color;
    value.origin = is.readStruct(200, Point, value.origin);
    for (let left = is.readListSize(254, 0); left > 0; left--) value.path.push(is.readStruct(0, Point));
    return value;
  }

  static toJson(value: All): TarsJson {
    return {
      flag: value.flag,
      i8: value.i8,
      i16: value.i16,
      i32: value.i32,
      i64: value.i64,
      u8: value.u8,
      u16: value.u16,
      u32: value.u32,
      f32: value.f32,
      f64: value.f64,
      text: value.text,
      blob: tars.bytes.toJson(value.blob),
      ints: ints.toJson(value.ints),
      texts: texts.toJson(value.texts),
      counts: counts.toJson(value.counts),
      byId: byId.toJson(value.byId),
      color: value.color,
      origin: Point.toJson(value.origin),
      path: points.toJson(value.path),
    };
  }

  static fromJson(json: TarsJson): All {
    const members = jsonMembers(json, 'vec.All');
    const value = new All();
    if (members['flag'] !== undefined) value.flag = tars.bool.fromJson(members['flag']);
    if (members['i8'] !== undefined) value.i8 = tars.byte.fromJson(members['i8']);
    if (members['i16'] !== undefined) value.i16 = tars.short.fromJson(members['i16']);
    if (members['i32'] !== undefined) value.i32 = tars.int.fromJson(members['i32']);
    if (members['i64'] !== undefined) value.i64 = tars.long.fromJson(members['i64']);
    if (members['u8'] !== undefined) value.u8 = tars.unsignedByte.fromJson(members['u8']);
    if (members['u16'] !== undefined) value.u16 = tars.unsignedShort.fromJson(members['u16']);
    if (members['u32'] !== undefined) value.u32 = tars.unsignedInt.fromJson(members['u32']);
    if (members['f32'] !== undefined) value.f32 = tars.float.fromJson(members['f32']);
    if (members['f64'] !== undefined) value.f64 = tars.double.fromJson(members['f64']);
    if (members['text'] !== undefined) value.text = tars.string.fromJson(members['text']);
    if (members['blob'] !== undefined) value.blob = tars.bytes.fromJson(members['blob']);
    if (members['ints'] !== undefined) value.ints = ints.fromJson(members['ints']);
    if (members['texts'] !== undefined) value.texts = texts.fromJson(members['texts']);
    if (members['counts'] !== undefined) value.counts = counts.fromJson(members['counts']);
    if (members['byId'] !== undefined) value.byId = byId.fromJson(members['byId']);
    if (members['color'] !== undefined) value.color = tars.enum<Color>('vec.Color').fromJson(members['color']);
    if (members['origin'] !== undefined) value.origin = Point.fromJson(members['origin']);
    if (members['path'] !== undefined) value.path = points.fromJson(members['path']);
    return value;
  }
}
