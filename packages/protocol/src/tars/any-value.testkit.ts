import * as fc from 'fast-check';
import { tars } from './tars.js';
import type { TarsType } from './tars-type.js';
import { All, Color, Point } from './vec.testkit.js';

/** A type, and values of it that JSON can carry too. */
export interface AnyType {
  readonly type: TarsType<unknown>;
  readonly values: fc.Arbitrary<unknown>;
}

const int32 = fc.oneof(
  fc.integer(),
  fc.integer({ min: -200, max: 200 }),
  fc.constantFrom(-129, -128, 127, 128, -32_769),
);
const int64 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), int32.map(BigInt));
// JSON has neither a negative zero nor what is no number.
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const float = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ minLength: 250, maxLength: 260 }),
);
const bytes = fc.uint8Array({ maxLength: 300 });
const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

const keys: readonly AnyType[] = [
  { type: tars.byte, values: whole(-128, 127) },
  { type: tars.short, values: whole(-32_768, 32_767) },
  { type: tars.int, values: int32 },
  { type: tars.long, values: int64 },
  { type: tars.safeLong, values: fc.maxSafeInteger().map((value) => value + 0) },
  { type: tars.unsignedByte, values: whole(0, 255) },
  { type: tars.unsignedShort, values: whole(0, 65_535) },
  { type: tars.unsignedInt, values: whole(0, 2 ** 32 - 1) },
  { type: tars.bool, values: fc.boolean() },
  { type: tars.string, values: text },
];

const leaves: readonly AnyType[] = [
  ...keys,
  { type: tars.float, values: float },
  { type: tars.double, values: double },
  { type: tars.bytes, values: bytes },
  { type: tars.enum('vec.Color'), values: fc.constantFrom(...Object.values(Color)) },
];

const points: fc.Arbitrary<Point> = fc
  .record({ x: int32, y: int32, label: fc.oneof(fc.constant('origin'), text) }, { requiredKeys: [] })
  .map((init) => Point.create(init));

/** Structs of all kinds of fields. */
export const alls: fc.Arbitrary<All> = fc
  .record(
    {
      flag: fc.boolean(),
      i8: whole(-128, 127),
      i16: whole(-32_768, 32_767),
      i32: int32,
      i64: int64,
      u8: whole(0, 255),
      u16: whole(0, 65_535),
      u32: whole(0, 2 ** 32 - 1),
      f32: float,
      f64: double,
      text,
      blob: bytes,
      ints: fc.array(int32),
      texts: fc.array(text, { maxLength: 4 }),
      counts: fc.array(fc.tuple(text, int32), { maxLength: 5 }).map((entries) => new Map(entries)),
      byId: fc
        .array(fc.tuple(int32, fc.array(points, { maxLength: 3 })), { maxLength: 4 })
        .map((entries) => new Map(entries)),
      color: fc.constantFrom(...Object.values(Color)),
      origin: points,
      path: fc.array(points, { maxLength: 4 }),
    },
    { requiredKeys: [] },
  )
  .map((init) => All.create(init));

const structs: readonly AnyType[] = [
  { type: tars.struct(Point), values: points },
  { type: tars.struct(All), values: alls },
];

const { any } = fc.letrec<{ any: AnyType; key: AnyType }>((tie) => ({
  key: fc.constantFrom(...keys),
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(...leaves, ...structs),
    tie('any').map(({ type, values }) => ({
      type: tars.list(type),
      values: fc.array(values, { maxLength: 4 }),
    })),
    fc.tuple(tie('key'), tie('any')).map(([key, value]) => ({
      type: tars.map(key.type, value.type),
      values: fc.array(fc.tuple(key.values, value.values), { maxLength: 4 }).map((entries) => new Map(entries)),
    })),
  ),
}));

/** Any type, and a value of it. */
export const typedValues: fc.Arbitrary<{ type: TarsType<unknown>; value: unknown }> = any.chain(({ type, values }) =>
  values.map((value) => ({ type, value })),
);
