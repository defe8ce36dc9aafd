import { tars } from '@tarsier/protocol';
import { struct, TarsField, TarsStruct, tarsEnum } from './index.js';

export const Color = { RED: 0, GREEN: 5, BLUE: -1 } as const;
export const color = tarsEnum('vec.Color', Color);

/** The structs of the reference vectors. */
@TarsStruct('vec.Point')
export class Point {
  @TarsField(0, tars.int, { require: true }) x = 0;
  @TarsField(1, tars.int, { require: true }) y = 7;
  @TarsField(2, tars.string) label = 'origin';
}

@TarsStruct('vec.All')
export class All {
  @TarsField(0, tars.bool) flag = false;
  @TarsField(1, tars.byte) i8 = 0;
  @TarsField(2, tars.short) i16 = 0;
  @TarsField(3, tars.int) i32 = 0;
  @TarsField(4, tars.long) i64 = 0n;
  @TarsField(5, tars.unsignedByte) u8 = 0;
  @TarsField(6, tars.unsignedShort) u16 = 0;
  @TarsField(7, tars.unsignedInt) u32 = 0;
  @TarsField(8, tars.float) f32 = 0;
  @TarsField(9, tars.double) f64 = 0;
  @TarsField(10, tars.string) text = '';
  @TarsField(11, tars.bytes) blob: Uint8Array = new Uint8Array();
  @TarsField(12, tars.list(tars.int)) ints: number[] = [];
  @TarsField(13, tars.list(tars.string)) texts: string[] = [];
  @TarsField(14, tars.map(tars.string, tars.int)) counts: Map<string, number> = new Map();
  @TarsField(15, tars.map(tars.int, tars.list(struct(Point)))) byId: Map<number, Point[]> = new Map();
  @TarsField(20, color) color: (typeof Color)[keyof typeof Color] = Color.RED;
  @TarsField(200, struct(Point)) origin: Point = new Point();
  @TarsField(254, tars.list(struct(Point))) path: Point[] = [];
}
