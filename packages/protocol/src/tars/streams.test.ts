import { afterEach, describe, expect, it, vi } from 'vitest';
import { TarsEncodeException } from '../errors/exceptions.js';
import { TarsInputStream } from './input-stream.js';
import { TarsOutputStream } from './output-stream.js';
import { encodeStruct } from './struct-bytes.js';
import { Point } from './vec.testkit.js';

const texts = [
  '',
  'a',
  'abcdefghijklmnopqrstuvwxyz'.slice(0, 15),
  'abcdefghijklmnopqrstuvwxyz',
  'é',
  'abcdefgé',
  'abcdefghabcdé',
  '你好，世界',
  '\u{1f600}',
  '\ufeffmark',
  'a\u0000b',
  'x'.repeat(255),
  'é'.repeat(127),
  'é'.repeat(128),
  '你'.repeat(85),
  '你'.repeat(86),
  '你'.repeat(255),
  'x'.repeat(256),
  '你'.repeat(256),
  'x'.repeat(9000),
  '你'.repeat(9000),
];

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('texts', () => {
  it.each([1, 200])('of any length are written and read, with tag %i', (tag) => {
    for (const text of texts) {
      const os = new TarsOutputStream(1);
      os.writeString(tag, text);
      expect(new TarsInputStream(os.toBytes()).readString(tag)).toBe(text);
    }
  });

  it('are the same where there is no Buffer, or one that is another thing', async () => {
    const { readUtf8, writeUtf8 } = await import('./text-codec.js');
    const odd = class {
      utf8Slice(): string {
        return 'odd';
      }
      utf8Write(): number {
        throw new Error('odd');
      }
    };
    for (const Buffer of [undefined, odd]) {
      vi.stubGlobal('Buffer', Buffer);
      vi.resetModules();
      const plain = await import('./text-codec.js');
      for (const text of [...texts, 'lone \ud800 half']) {
        const bytes = new Uint8Array(3 * text.length + 2);
        const other = new Uint8Array(bytes.length);
        const size = writeUtf8(text, bytes, 1);
        expect(plain.writeUtf8(text, other, 1)).toBe(size);
        expect(other).toEqual(bytes);
        expect(plain.readUtf8(bytes, 1, size)).toBe(readUtf8(bytes, 1, size));
      }
      const malformed = Uint8Array.of(0x61, 0xff, 0xe4, 0xbd, 0x62, 0xc3);
      expect(plain.readUtf8(malformed, 0, 6)).toBe(readUtf8(malformed, 0, 6));
    }
  });

  it('above 100 MiB are refused', () => {
    const os = new TarsOutputStream();
    expect(() => os.writeString(3, 'x'.repeat(104_857_601))).toThrow(TarsEncodeException);
    expect(os.length).toBe(0);
  });
});

describe('what is taken from a stream', () => {
  it('does not change with what is written afterwards', () => {
    const os = new TarsOutputStream(64);
    const taken: Uint8Array[] = [];
    for (let i = 0; i < 100; i++) {
      os.writeInt32(0, i);
      os.writeString(1, 'x'.repeat(i));
      os.writeDouble(2, i / 3);
      taken.push(i % 2 === 0 ? os.take() : os.takeVector().data());
      expect(os.length).toBe(0);
    }
    for (const [i, bytes] of taken.entries()) {
      const is = new TarsInputStream(bytes);
      expect([is.readInt32(0), is.readString(1), is.readDouble(2)]).toEqual([i, 'x'.repeat(i), i / 3]);
    }
  });

  it('has zeros where room was left and nothing filled in, whatever the memory held', () => {
    const os = new TarsOutputStream(64);
    os.writeString(0, 'x'.repeat(40));
    os.reset();
    os.skip(20);
    expect(os.take()).toEqual(new Uint8Array(20));
  });

  it('has nothing of a float or a double that is no number', () => {
    const os = new TarsOutputStream();
    expect(() => os.writeDouble(0, 1n as unknown as number)).toThrow(TypeError);
    expect(() => os.writeFloat(0, 1n as unknown as number)).toThrow(TypeError);
    expect(os.length).toBe(0);
  });

  it('has memory of its own when it is large', () => {
    const os = new TarsOutputStream(100);
    os.writeBytes(0, new Uint8Array(5000));
    const taken = os.take();
    expect(taken.buffer.byteLength).toBe(taken.length);
    os.writeInt32(0, 1);
    os.patchUInt32(0, 0xff00_00ff);
    expect(taken[0]).toBe(0x0d);
    os.reset();
    expect(os.length).toBe(0);
  });

  it('survives that the block was transferred', () => {
    const first = encodeStruct(Point, Point.create({ x: 1 }));
    structuredClone(first, { transfer: [first.buffer] });
    const bytes = encodeStruct(Point, Point.create({ x: 70_000, label: 'whole' }));
    expect(Point.read(new TarsInputStream(bytes))).toEqual(Point.create({ x: 70_000, label: 'whole' }));
  });

  it('nothing is left of what could not be written', () => {
    expect(() => encodeStruct(Point, Point.create({ x: 5, y: 0.5 }))).toThrow(TarsEncodeException);
    expect(encodeStruct(Point, Point.create({ x: 1, y: 2 }))).toEqual(Uint8Array.of(0, 1, 0x10, 2));
  });
});

it('fractions are exact, and what is no number stays so', () => {
  const doubles = [0, -0, 1, -1, 0.1, Number.MAX_VALUE, Number.MIN_VALUE, Number.POSITIVE_INFINITY, Number.NaN];
  for (const value of doubles) {
    const os = new TarsOutputStream(1);
    os.writeDouble(0, value);
    os.writeFloat(1, value);
    const is = new TarsInputStream(os.toBytes());
    expect(is.readDouble(0)).toBe(value);
    expect(is.readFloat(1)).toBe(Math.fround(value));
  }
});

describe('bytes that are written in place', () => {
  it('are as those that are copied, wherever the block ends', () => {
    for (const size of [0, 1, 2, 3, 4, 5, 127, 128, 129, 32_767, 32_768]) {
      const body = Uint8Array.from({ length: size }, (_, i) => i + 1);
      for (let before = 0; before < 16; before++) {
        const copied = new TarsOutputStream();
        copied.writeRaw(new Uint8Array(before));
        copied.writeBytes(1, body);
        for (let left = 0; left < 16; left++) {
          const os = new TarsOutputStream(before + size + left);
          os.writeRaw(new Uint8Array(before));
          const begun = os.beginBytes(1);
          os.writeRaw(body);
          expect(os.endBytes(begun)).toBe(size);
          expect(Buffer.compare(os.toBytes(), copied.toBytes())).toBe(0);
        }
      }
    }
  });
});
