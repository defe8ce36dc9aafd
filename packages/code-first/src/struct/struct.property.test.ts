import { decodeStruct, encodeStruct, TarsOutputStream } from '@tarsier/protocol';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { All as GeneratedAll } from '../../../tars2ts/golden/vec.js';
import { All, Color, Point } from '../vec.testkit.js';
import { structType } from './struct-type.js';

const integer = (bits: number, signed: boolean) =>
  signed
    ? fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
    : fc.integer({ min: 0, max: 2 ** bits - 1 });
const int = integer(32, true);
const text = fc.string({ unit: 'binary', maxLength: 300 });
const point = fc
  .record({ x: int, y: int, label: fc.oneof(fc.constant('origin'), text) })
  .map((init) => structType(Point).create(init));

const all = fc
  .record({
    flag: fc.boolean(),
    i8: integer(8, true),
    i16: integer(16, true),
    i32: int,
    i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    u8: integer(8, false),
    u16: integer(16, false),
    u32: integer(32, false),
    f32: fc.float({ noNaN: true }).map((value) => value || 0),
    f64: fc.double({ noNaN: true }).map((value) => value || 0),
    text,
    blob: fc.uint8Array({ maxLength: 300 }),
    ints: fc.array(int),
    texts: fc.array(text, { maxLength: 5 }),
    counts: fc.array(fc.tuple(text, int)).map((entries) => new Map(entries)),
    byId: fc.array(fc.tuple(int, fc.array(point, { maxLength: 3 }))).map((entries) => new Map(entries)),
    color: fc.constantFrom(...Object.values(Color)),
    origin: point,
    path: fc.array(point, { maxLength: 3 }),
  })
  .map((init) => structType(All).create(init));

it('writes the bytes of generated code, and reads what it has written', () => {
  fc.assert(
    fc.property(all, (value) => {
      const os = new TarsOutputStream();
      GeneratedAll.write(os, value);
      const bytes = encodeStruct(structType(All), value);
      expect(Buffer.from(bytes).toString('hex')).toBe(Buffer.from(os.toBytes()).toString('hex'));
      expect(decodeStruct(structType(All), bytes)).toEqual(value);
    }),
  );
});
