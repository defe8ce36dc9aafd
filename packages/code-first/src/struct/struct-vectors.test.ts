import { decodeStruct, encodeStruct } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { All, Color, Point } from '../vec.testkit.js';
import { structType } from './struct-type.js';

const scalars = {
  flag: true,
  i8: -5,
  i16: -300,
  i32: 70_000,
  i64: -5_000_000_000n,
  u8: 200,
  u16: 60_000,
  u32: 4_000_000_000,
  f32: 0.5,
  f64: -0.125,
  text: 'text1',
  color: Color.BLUE,
};
const a = structType(Point).create({ x: 3 });
const b = structType(Point).create({ x: -1, y: 0, label: '' });

/** Bytes that TarsCpp 3.0.22 has written. */
const vectors: [string, Partial<All>, string][] = [
  ['all defaults', {}, '0cfc14fac80c10070b'],
  [
    'scalars',
    scalars,
    '000110fb21fed4320001117043fffffffed5fa0e005100c8620000ea607300000000ee6b2800843f00000095bfc0000000000000a6057465787431f014fffac80c10070b',
  ],
  [
    'everything',
    {
      ...scalars,
      blob: Uint8Array.of(1, 2, 3),
      ints: [1, 2, 70_000],
      texts: ['p', 'q'],
      counts: new Map([
        ['two', 2],
        ['one', 1],
      ]),
      byId: new Map([[9, [a, b]]]),
      origin: b,
      path: [a],
    },
    '000110fb21fed4320001117043fffffffed5fa0e005100c8620000ea607300000000ee6b2800843f00000095bfc0000000000000a6057465787431bd000003010203c90003000100020200011170d90002060170060171e8000206036f6e651001060374776f1002f80f000100091900020a000310070b0a00ff1c26000bf014fffac800ff1c26000bf9fe00010a000310070b',
  ],
];

describe.each(vectors)('a struct declared code first, %s', (_, init, hex) => {
  const value = structType(All).create(init);

  it('is the bytes that C++ writes', () => {
    expect(Buffer.from(encodeStruct(structType(All), value)).toString('hex')).toBe(hex);
  });

  it('is read from them', () => {
    const read = decodeStruct(structType(All), Buffer.from(hex, 'hex'));
    expect(read).toBeInstanceOf(All);
    expect(read.origin).toBeInstanceOf(Point);
    // A view of a Buffer is a Buffer.
    read.blob = new Uint8Array(read.blob);
    expect(read).toEqual(value);
  });

  it('comes through JSON', () => {
    const type = structType(All);
    expect(type.fromJson(type.toJson(value))).toEqual(value);
  });
});
