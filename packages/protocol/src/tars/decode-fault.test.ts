import { describe, expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { TarsDecodeException } from '../errors/exceptions.js';
import { decodeArgs, decodeResult, encodeArgs } from './call-codec.js';
import { TarsInputStream } from './input-stream.js';
import { TarsOutputStream } from './output-stream.js';
import { decodeRequest } from './request-codec.js';
import { decodeStruct, encodeStruct } from './struct-bytes.js';
import { tars } from './tars.js';
import { tarsFunction } from './tars-function.js';
import type { TarsJson } from './tars-json.js';
import { All, Point } from './vec.testkit.js';
import { fromHex } from './vectors.testkit.js';
import { WireType } from './wire-type.js';

function faultOf(run: () => unknown): TarsDecodeException {
  try {
    run();
  } catch (error) {
    if (error instanceof TarsDecodeException) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function bytesBy(write: (os: TarsOutputStream) => void): Uint8Array {
  const os = new TarsOutputStream();
  write(os);
  return os.toBytes();
}

/** A struct of a single int, as text. */
const Texts = {
  write(os: TarsOutputStream, value: string): void {
    os.writeString(0, value);
    os.writeInt32(1, 2);
  },
};

describe('a fault says at which byte and field', () => {
  const cases: readonly [what: string, bytes: Uint8Array, message: string][] = [
    ['a field of another type', fromHex('36 01 61'), 'byte 1, vec.All.i32: an int was expected, found string1'],
    ['a field that is too wide', fromHex('11 01 00'), 'byte 1, vec.All.i8: a byte was expected, found int2'],
    ['a number out of range', fromHex('51 01 2c'), 'byte 3, vec.All.u8: 300 is not an unsigned byte'],
    ['a missing end', fromHex('95 00 00'), 'byte 1, vec.All.f64: 8 bytes should follow, and there are 2'],
    ['a head of two bytes', fromHex('f0'), 'byte 0, vec.All.flag: 2 bytes should follow, and there are 1'],
    [
      'an element',
      bytesBy((os) => {
        os.writeListHead(12, 3);
        os.writeInt32(0, 1);
        os.writeInt32(0, 70_000);
        os.writeString(0, 'x');
      }),
      'byte 11, vec.All.ints[2]: an int was expected, found string1',
    ],
    [
      'the last element, without a byte',
      fromHex('d9 00 01 0c'),
      'byte 4, vec.All.texts[0]: a string was expected, found zero',
    ],
    [
      'too many elements',
      fromHex('c9 00 7f'),
      'byte 3, vec.All.ints: it is said to have 127 elements, and 0 bytes follow',
    ],
    [
      'fewer elements than nothing',
      fromHex('c9 00 ff 0c'),
      'byte 3, vec.All.ints: it is said to have -1 elements, and 1 bytes follow',
    ],
    [
      'a number of elements that is none',
      fromHex('c9 06 00'),
      'byte 2, vec.All.ints: the number of elements was expected, found string1',
    ],
    [
      'a value of a map',
      bytesBy((os) => {
        os.writeMapHead(14, 2);
        os.writeString(0, 'a');
        os.writeInt32(1, 1);
        os.writeString(0, 'b');
        os.writeString(1, 'c');
      }),
      'byte 12, vec.All.counts[1].value: an int was expected, found string1',
    ],
    [
      'a key of a map',
      bytesBy((os) => {
        os.writeMapHead(14, 1);
        os.writeInt32(0, 1);
        os.writeInt32(1, 1);
      }),
      'byte 4, vec.All.counts[0].key: a string was expected, found int1',
    ],
    [
      'a struct in a list',
      bytesBy((os) => {
        os.writeListHead(254, 2);
        os.writeStruct(0, Point.create(), Point);
        os.writeStruct(0, 'text', Texts);
      }),
      'byte 11, vec.All.path[1].x: an int was expected, found string1',
    ],
    [
      'a field that is missing from a struct in a list in a map',
      bytesBy((os) => {
        os.writeMapHead(15, 1);
        os.writeInt32(0, 1);
        os.writeListHead(1, 1);
        os.writeStruct(0, 5, { write: (os, value) => os.writeInt32(0, value) });
      }),
      'byte 12, vec.All.byId[0].value[0].y: the field is required and not there',
    ],
    [
      'a struct without an end',
      fromHex('fa c8 0c 1c'),
      'byte 4, vec.All.origin: 1 bytes should follow, and there are 0',
    ],
    [
      'an unknown field',
      bytesBy((os) => {
        os.writeStruct(30, 1, {
          write: (os) => {
            os.writeInt32(3, 1);
            os.writeRaw(Uint8Array.of(0x5e));
          },
        });
      }),
      'byte 5, vec.All.#30.#5: there is unknown type 14 where a field should begin',
    ],
  ];

  it.each(cases)('%s', (_, bytes, message) => {
    const fault = faultOf(() => decodeStruct(All, bytes));
    expect(fault.message).toBe(message);
    expect(fault.where.offset).toBe(Number(/\d+/.exec(message)?.[0]));
  });

  it('of a request', () => {
    const fault = faultOf(() =>
      decodeRequest(new ByteVector(fromHex('10 01 2c 3c 40 01 56 01 41 66 01 61 7d 00 0c 8c'))),
    );
    expect(fault.message).toBe('byte 16, RequestPacket.context: the field is required and not there');
  });

  it('of arguments, by the names of parameters', () => {
    const fn = tarsFunction<[number, Point], void>('draw', undefined, [
      { name: 'width', type: tars.int },
      { name: 'at', type: tars.struct(Point) },
    ]);
    const read = (version: number, bytes: Uint8Array) =>
      faultOf(() => decodeArgs(fn, new ByteVector(bytes), version)).message;
    expect(read(1, fromHex('10 05 2a 06 00 0b'))).toBe('byte 4, draw.at.x: an int was expected, found string1');
    expect(read(1, fromHex('10 05'))).toBe('byte 2, draw.at: the field is required and not there');
    const other = tarsFunction<[number, string], void>('draw', undefined, [
      { name: 'width', type: tars.int },
      { name: 'at', type: tars.string },
    ]);
    for (const version of [2, 3]) {
      const bytes = encodeArgs(other, [1, 'x'], version);
      expect(read(version, bytes)).toMatch(/^byte \d+, draw\.at: vec\.Point was expected, found string1$/);
    }
    expect(read(3, fromHex('08 0c'))).toBe('draw.width: the value is required and not there');
    expect(read(5, encodeArgs(other, [1, 'x'], 5))).toBe('draw.at: JSON: vec.Point was expected, found a string');
    expect(read(5, new TextEncoder().encode('{"width":1,}'))).toBe(
      `draw: JSON, character 11: the name of a member was expected, found "}"`,
    );
    expect(read(5, new TextEncoder().encode('{"width":1}'))).toBe('draw.at: the value is required and not there');
    expect(read(4, fromHex(''))).toBe(
      'draw: values are carried by the versions 1 (TARS), 2 and 3 (TUP) and 5 (JSON), not by 4',
    );
  });

  it('of a result', () => {
    const fn = tarsFunction<[], { _ret: number; name: string }>('f', tars.int, [
      { name: 'name', type: tars.string, isOut: true },
    ]);
    const fault = faultOf(() => decodeResult(fn, new ByteVector(fromHex('06 01 61')), 1));
    expect(fault.message).toBe('byte 1, f._ret: an int was expected, found string1');
  });
});

describe('unknown fields', () => {
  it('are skipped, whatever they are', () => {
    const bytes = bytesBy((os) => {
      os.writeInt32(3, 42);
      // Between the tags of vec.All lie those that it does not know.
      os.writeStruct(30, All.create({ path: [Point.create()], counts: new Map([['a', 1]]) }), All);
      os.writeListHead(31, 2);
      os.writeListHead(0, 1);
      os.writeDouble(0, 1);
      os.writeFloat(0, 1);
      os.writeMapHead(32, 1);
      os.writeString(0, 'k'.repeat(300));
      os.writeStruct(1, Point.create(), Point);
      os.writeBytes(33, new Uint8Array(200));
      os.writeInt64(34, 2n ** 40n);
      os.writeStruct(200, Point.create({ x: 3 }), Point);
      os.writeInt32(255, 0);
    });
    expect(decodeStruct(All, bytes)).toEqual(All.create({ i32: 42, origin: Point.create({ x: 3 }) }));
  });

  it('are skipped behind the last known field of a struct', () => {
    const point = {
      write: (os: TarsOutputStream) => {
        Point.write(os, Point.create({ x: 1 }));
        os.writeString(9, 'new');
      },
    };
    const bytes = bytesBy((os) => os.writeStruct(0, undefined, point));
    const is = new TarsInputStream(bytes);
    expect(is.readStruct(0, Point)).toEqual(Point.create({ x: 1 }));
    expect(is.remaining).toBe(0);
  });
});

describe('bounds', () => {
  const skipped = (bytes: Uint8Array) => faultOf(() => decodeStruct(All, bytes)).message;

  it('values lie no more than 100 deep in each other', () => {
    const nested = (depth: number, head: number[], end: number[]) =>
      Uint8Array.from([
        0xfa,
        30,
        ...Array(depth - 1)
          .fill(head)
          .flat(),
        ...Array(depth - 1)
          .fill(end)
          .flat(),
        0x0b,
      ]);
    expect(decodeStruct(All, nested(100, [0x0a], [0x0b]))).toEqual(new All());
    expect(skipped(nested(101, [0x0a], [0x0b]))).toContain('more than 100 deep');
    expect(skipped(nested(5000, [0x0a], [0x0b]))).toContain('more than 100 deep');
    expect(skipped(nested(5000, [0x09, 0x00, 0x01], []))).toContain('more than 100 deep');
    expect(skipped(nested(5000, [0x08, 0x00, 0x01, 0x0c], []))).toContain('more than 100 deep');
  });

  it('structs that are read lie no more than 100 deep in each other', () => {
    interface Tree {
      readonly inner: Tree | undefined;
    }
    const Tree = {
      typeName: 'Tree',
      fieldNames: { 0: 'inner' },
      read: (is: TarsInputStream): Tree => ({ inner: is.readStruct(0, Tree, NONE) }),
    };
    const NONE: Tree = { inner: undefined };
    const nested = (depth: number) => Uint8Array.from([...Array(depth).fill(0x0a), ...Array(depth).fill(0x0b)]);
    expect(new TarsInputStream(nested(100)).readStruct(0, Tree)).toBeDefined();
    expect(() => new TarsInputStream(nested(101)).readStruct(0, Tree)).toThrow('more than 100 deep');
  });

  it('counts that lie cost no memory', () => {
    for (const count of ['0f ff ff ff', '7f ff ff ff', '80 00 00 00']) {
      for (const tag of ['b9', 'c9', 'd9', 'e8', 'f8 0f', 'f9 fe', 'f9 1e', 'f8 1e', 'bd 00', 'fd 1e 00']) {
        expect(skipped(fromHex(`${tag} 02 ${count} 0c 0c`))).toMatch(
          /it is said to have -?\d+ elements, and 2 bytes follow/,
        );
      }
    }
    expect(skipped(fromHex('a7 ff ff ff ff'))).toContain('the string has 4294967295 bytes, more than TARS allows');
    expect(skipped(fromHex('a7 00 ff ff ff 61'))).toContain('16777215 bytes should follow, and there are 1');
  });

  it('time is linear in the bytes, lists in lists too', () => {
    // Each list says that all the bytes behind it are its elements, which they could be.
    const size = 1_000_000;
    const bytes = new Uint8Array(size).fill(0x0c);
    bytes.set([0xf9, 30, WireType.INT4, ...bigEndian(size - 10)]);
    for (let depth = 1; depth < 90; depth++) {
      bytes.set([WireType.LIST, WireType.INT4, ...bigEndian(size - 10 * (depth + 1))], 7 * depth);
    }
    const startMs = performance.now();
    expect(skipped(bytes)).toContain('vec.All.#30[');
    const flat = new Uint8Array(size).fill(0x0c);
    flat.set([0xf9, 30, WireType.INT4, ...bigEndian(size - 7)]);
    expect(decodeStruct(All, flat)).toEqual(new All());
    expect(performance.now() - startMs).toBeLessThan(2000);
  });
});

function bigEndian(value: number): number[] {
  return [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
}

it('a struct may be written while another is', () => {
  const Outer = {
    typeName: 'Outer',
    fieldNames: { 0: 'bytes' },
    create: () => new Point(),
    write: (os: TarsOutputStream, value: Point) => os.writeBytes(0, encodeStruct(Point, value)),
    read: (is: TarsInputStream) => decodeStruct(Point, is.readBytes(0)),
    toJson: (value: Point) => Point.toJson(value),
    fromJson: (json: TarsJson) => Point.fromJson(json),
  };
  const point = Point.create({ x: 70_000, label: 'inner' });
  expect(decodeStruct(Outer, encodeStruct(Outer, point))).toEqual(point);
});
