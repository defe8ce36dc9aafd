import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TarsDecodeException, TarsEncodeException } from '../errors/exceptions.js';
import { compareTexts } from './compare.js';
import { TarsInputStream } from './input-stream.js';
import { TarsOutputStream } from './output-stream.js';
import { sortedEntries } from './sorted-entries.js';
import type { TarsStructType } from './struct-type.js';
import { tars } from './tars.js';
import type { TarsType } from './tars-type.js';
import { Color, Point } from './vec.testkit.js';

describe('what other writers send', () => {
  const read = (type: TarsType<unknown>, hex: string): unknown =>
    type.read(new TarsInputStream(Uint8Array.from(hex.split(' '), (byte) => Number.parseInt(byte, 16))), 0);

  it.each<[string, TarsType<unknown>, string, unknown]>([
    ['vector<unsigned byte> as a list', tars.list(tars.unsignedByte), '09 00 02 01 00 c8 00 01', [200, 1]],
    ['vector<unsigned byte> as plain bytes', tars.list(tars.unsignedByte), '0d 00 00 02 c8 01', [200, 1]],
    ['vector<byte> as a list', tars.bytes, '09 00 02 00 c8 0c', Uint8Array.of(200, 0)],
    ['unsigned byte of the bits of a byte', tars.unsignedByte, '00 ff', 255],
    ['unsigned byte of the least byte', tars.unsignedByte, '00 80', 128],
    ['unsigned short of the bits of a short', tars.unsignedShort, '01 ff fe', 65_534],
    ['unsigned short of the bits of a byte', tars.unsignedShort, '00 ff', 65_535],
    ['unsigned int of the bits of an int', tars.unsignedInt, '02 80 00 00 00', 2 ** 31],
    ['unsigned int of the bits of a long', tars.unsignedInt, '03 ff ff ff ff ff ff ff ff', 2 ** 32 - 1],
    ['double of a float', tars.double, '04 3f 80 00 00', 1],
    ['double of zero', tars.double, '0c', 0],
    ['bool of any byte', tars.bool, '00 7f', true],
  ])('%s is read', (_, type, hex, value) => expect(read(type, hex)).toEqual(value));

  it.each<[string, TarsType<unknown>, string]>([
    ['unsigned byte', tars.unsignedByte, '01 ff 7f'],
    ['unsigned short', tars.unsignedShort, '02 ff ff 7f ff'],
    ['unsigned int', tars.unsignedInt, '03 ff ff ff ff 7f ff ff ff'],
  ])('%s of what no integer of its width is, is refused', (_, type, hex) => {
    expect(() => read(type, hex)).toThrow(TarsDecodeException);
  });
});

describe('sortedEntries', () => {
  it('orders texts by their UTF-8 bytes', () => {
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const byBytes = tars.list(tars.unsignedByte).compare([...encoder.encode(a)], [...encoder.encode(b)]);
        expect(Math.sign(compareTexts(a, b))).toBe(Math.sign(byBytes));
      }),
    );
    expect(
      [
        ...sortedEntries(
          new Map([
            ['\u{1f600}', 1],
            ['\uffff', 2],
          ]),
        ),
      ].map(([, n]) => n),
    ).toEqual([2, 1]);
  });

  it('gives a map itself that is in order', () => {
    for (const map of [
      new Map(),
      new Map([['b', 1]]),
      new Map([
        [1, 1],
        [2, 2],
        [10, 3],
      ]),
      new Map([
        [-1n, 0],
        [5n, 1],
      ]),
    ]) {
      expect(sortedEntries(map)).toBe(map);
    }
  });

  it('orders numbers, bigints, booleans, and structs by their own order', () => {
    const keys = <K>(map: Map<K, number>, compare?: (a: K, b: K) => number): K[] =>
      [...sortedEntries(map, compare)].map(([key]) => key);
    expect(
      keys(
        new Map([
          [10, 0],
          [9, 0],
          [-1, 0],
        ]),
      ),
    ).toEqual([-1, 9, 10]);
    expect(
      keys(
        new Map([
          [10n, 0],
          [9n, 0],
        ]),
      ),
    ).toEqual([9n, 10n]);
    expect(
      keys(
        new Map([
          [true, 0],
          [false, 0],
        ]),
      ),
    ).toEqual([false, true]);
    const [one, two] = [Point.create({ x: 1 }), Point.create({ x: 2 })];
    expect(
      keys(
        new Map([
          [two, 0],
          [one, 0],
        ]),
        (a, b) => Point.compare(a, b),
      ),
    ).toEqual([one, two]);
  });

  it('refuses keys whose order it does not know', () => {
    expect(() =>
      sortedEntries(
        new Map([
          [{}, 0],
          [[], 0],
        ]),
      ),
    ).toThrow(TarsEncodeException);
    const Unordered: TarsStructType<Point> = {
      typeName: 'A.B',
      fieldNames: {},
      create: () => new Point(),
      read: (is) => Point.read(is),
      write: (os, value) => Point.write(os, value),
      toJson: (value) => Point.toJson(value),
      fromJson: (json) => Point.fromJson(json),
    };
    expect(() => tars.struct(Unordered).compare(new Point(), new Point())).toThrow('add key[A.B, …] to its IDL');
  });
});

describe('types', () => {
  it.each<[TarsType<unknown>, string, string]>([
    [tars.bool, 'bool', 'bool'],
    [tars.byte, 'char', 'byte'],
    [tars.short, 'short', 'short'],
    [tars.int, 'int32', 'int'],
    [tars.long, 'int64', 'long'],
    [tars.safeLong, 'int64', 'long'],
    [tars.unsignedByte, 'short', 'unsigned byte'],
    [tars.unsignedShort, 'int32', 'unsigned short'],
    [tars.unsignedInt, 'int64', 'unsigned int'],
    [tars.float, 'float', 'float'],
    [tars.double, 'double', 'double'],
    [tars.string, 'string', 'string'],
    [tars.bytes, 'list<char>', 'vector<byte>'],
    [tars.list(tars.int), 'list<int32>', 'vector<int>'],
    [tars.map(tars.string, tars.list(tars.bytes)), 'map<string,list<list<char>>>', 'map<string, vector<vector<byte>>>'],
    [tars.struct(Point), 'vec.Point', 'vec::Point'],
    [tars.enum('vec.Color'), 'int32', 'vec::Color'],
  ])('%# have their names', (type, name, idl) => {
    expect(type.name).toBe(name);
    expect(type.idl).toBe(idl);
  });

  it('leave out what TarsCpp leaves out', () => {
    expect(tars.int.isOmitted(0, 0)).toBe(true);
    expect(tars.int.isOmitted(0, 5)).toBe(false);
    expect(tars.string.isOmitted('a', 'a')).toBe(true);
    expect(tars.double.isOmitted(Number.NaN, 0)).toBe(false);
    expect(tars.bytes.isOmitted(new Uint8Array(0), new Uint8Array(0))).toBe(true);
    expect(tars.list(tars.int).isOmitted([], [])).toBe(true);
    expect(tars.map(tars.int, tars.int).isOmitted(new Map(), new Map())).toBe(true);
    expect(tars.bool.isOmitted(false, false)).toBe(false);
    expect(tars.enum<Color>('vec.Color').isOmitted(Color.RED, Color.RED)).toBe(false);
    const point = new Point();
    expect(tars.struct(Point).isOmitted(point, point)).toBe(false);
  });

  it('begin with a value of their own each time', () => {
    expect(tars.list(tars.int).initial()).not.toBe(tars.list(tars.int).initial());
    expect(tars.struct(Point).initial()).toEqual(new Point());
    expect(tars.map(tars.int, tars.int).initial()).toEqual(new Map());
    expect([tars.bool, tars.int, tars.string].map((type: TarsType<unknown>) => type.initial())).toEqual([false, 0, '']);
  });

  it.each<[string, TarsType<unknown>, unknown]>([
    ['byte', tars.byte, 128],
    ['short', tars.short, -32_769],
    ['int', tars.int, 2 ** 31],
    ['int', tars.int, 0.5],
    ['int', tars.int, Number.NaN],
    ['long', tars.long, 2n ** 63n],
    ['long that a number can hold', tars.safeLong, 2 ** 53],
    ['unsigned byte', tars.unsignedByte, -1],
    ['unsigned short', tars.unsignedShort, 65_536],
    ['unsigned int', tars.unsignedInt, 2 ** 32],
  ])('%s refuses a value out of range', (name, type, value) => {
    const write = () => type.write(new TarsOutputStream(), 3, value);
    expect(write).toThrow(TarsEncodeException);
    expect(write).toThrow(`the field with tag 3 is ${String(value)}, which is no ${name}`);
  });

  it('compare as C++ does', () => {
    expect(tars.bytes.compare(Uint8Array.of(127), Uint8Array.of(128))).toBeGreaterThan(0);
    expect(tars.list(tars.int).compare([1, 2], [1, 2, 3])).toBeLessThan(0);
    const map = tars.map(tars.int, tars.string);
    expect(
      map.compare(
        new Map([
          [2, 'b'],
          [1, 'a'],
        ]),
        new Map([
          [1, 'a'],
          [2, 'c'],
        ]),
      ),
    ).toBeLessThan(0);
    expect(map.compare(new Map([[1, 'a']]), new Map([[1, 'a']]))).toBe(0);
  });
});
