import { sortedEntries, type TarsInputStream, type TarsOutputStream } from '@tarsier/protocol';
import type { All, Point } from './vec.testkit.js';

/** As generated code writes and reads them, by hand. */
export const GeneratedPoint = {
  typeName: 'vec.Point',
  fieldNames: { 0: 'x', 1: 'y', 2: 'label' },
  write(os: TarsOutputStream, value: Point): void {
    os.writeInt32(0, value.x);
    os.writeInt32(1, value.y);
    if (value.label !== 'origin') os.writeString(2, value.label);
  },
  read(is: TarsInputStream): Point {
    return { x: is.readInt32(0), y: is.readInt32(1), label: is.readString(2, 'origin') };
  },
};

export function writeAll(os: TarsOutputStream, value: All): void {
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
    for (const [key, items] of sortedEntries(value.byId)) {
      os.writeInt32(0, key);
      os.writeListHead(1, items.length);
      for (const item of items) os.writeStruct(0, item, GeneratedPoint);
    }
  }
  os.writeInt32(20, value.color);
  os.writeStruct(200, value.origin, GeneratedPoint);
  if (value.path.length > 0) {
    os.writeListHead(254, value.path.length);
    for (const item of value.path) os.writeStruct(0, item, GeneratedPoint);
  }
}
