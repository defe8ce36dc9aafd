import { readFileSync } from 'node:fs';
import { decodeStruct, encodeStruct, parseTarsJson, stringifyTarsJson } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { All as PlainAll } from '../golden/plain/vec.js';
import { All, Color, Point } from '../golden/vec.js';

interface Vector {
  readonly kind: string;
  readonly what: string;
  readonly value: unknown;
  readonly hex: string;
}

const path = new URL('../../../test/vectors/tars-codec.json', import.meta.url);
const vectors = (JSON.parse(readFileSync(path, 'utf8')) as Vector[]).filter(({ kind }) =>
  kind.startsWith('struct All'),
);

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
const defaultPoint = Point.create({ x: 3 });
const otherPoint = Point.create({ x: -1, y: 0, label: '' });
const everything = {
  ...scalars,
  blob: new Uint8Array([1, 2, 3]),
  ints: [1, 2, 70_000],
  texts: ['p', 'q'],
  // Not in the order of the keys: they are written in it.
  counts: new Map([
    ['two', 2],
    ['one', 1],
  ]),
  byId: new Map([[9, [defaultPoint, otherPoint]]]),
  origin: otherPoint,
  path: [defaultPoint],
};
const values: Readonly<Record<string, Partial<All>>> = { 'all defaults': {}, scalars, everything };

describe('structs that TarsCpp has written', () => {
  it.each(vectors)('$what', ({ what, hex }) => {
    const value = All.create(values[what] as Partial<All>);
    expect(Buffer.from(encodeStruct(All, value)).toString('hex')).toBe(hex);
    const bytes = Buffer.from(hex, 'hex');
    expect(decodeStruct(All, bytes)).toEqual({ ...value, blob: expect.anything(), counts: new Map(value.counts) });
    expect([...decodeStruct(All, bytes).blob]).toEqual([...value.blob]);
    expect(Buffer.from(encodeStruct(All, decodeStruct(All, bytes))).toString('hex')).toBe(hex);
  });

  it.each(vectors)('$what, with plain types', ({ hex }) => {
    const value = decodeStruct(PlainAll, Buffer.from(hex, 'hex'));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Buffer.from(encodeStruct(PlainAll, value)).toString('hex')).toBe(hex);
  });

  it('are all there', () => {
    expect(vectors.map(({ what }) => what)).toEqual(Object.keys(values));
  });
});

describe('structs in JSON', () => {
  it.each(Object.entries(values))('%s', (_, init) => {
    const value = All.create(init);
    const text = stringifyTarsJson(All.toJson(value));
    expect(All.fromJson(parseTarsJson(text))).toEqual(value);
  });

  it('may lack optional fields, and no others', () => {
    expect(Point.fromJson({ x: 1, y: 2 })).toEqual(Point.create({ x: 1, y: 2, label: 'origin' }));
    expect(() => Point.fromJson({ x: 1 })).toThrow('JSON: the field "y" is required and not there');
    expect(() => All.fromJson({ origin: { x: 1, y: 'a' } })).toThrow(
      'JSON: field "origin": field "y": a value of type int was expected, found a string',
    );
  });
});
