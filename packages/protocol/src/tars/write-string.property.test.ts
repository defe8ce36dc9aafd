import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TarsOutputStream } from './output-stream.js';

/** The bytes of a field of type string, written behind others and before others. */
function written(tag: number, text: string): Buffer {
  const os = new TarsOutputStream(4);
  os.writeInt32(0, 1);
  os.writeString(tag, text);
  os.writeInt32(2, 1);
  return Buffer.from(os.toBytes());
}

function expected(tag: number, text: string): Buffer {
  const utf8 = Buffer.from(text);
  const isShort = utf8.length <= 255;
  const head = tag < 15 ? [tag << 4] : [0xf0, tag];
  head[0] = (head[0] as number) | (isShort ? 6 : 7);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(utf8.length);
  return Buffer.concat([
    Buffer.of(0, 1),
    Buffer.from(head),
    isShort ? size.subarray(3) : size,
    utf8,
    Buffer.of(0x20, 1),
  ]);
}

describe('writeString', () => {
  it('writes what an encoder does, and no byte besides', () => {
    const text = constantFrom('binary', 'grapheme', 'binary-ascii').chain((unit) => string({ unit, maxLength: 40 }));
    assert(
      property(constantFrom(1, 14, 15, 255), text, (tag, one) => {
        expect(written(tag, one)).toEqual(expected(tag, one));
      }),
    );
  });

  it.each([0, 1, 2, 3, 31, 32, 33, 64, 255, 256])('writes ASCII texts of %i characters', (size) => {
    const text = 'The quick brown fox jumps over the lazy dog. '.repeat(6).slice(0, size);
    expect(written(1, text)).toEqual(expected(1, text));
  });

  const units = ['\u007f', '\u0080', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '\u{1f600}', '\ud800', '\udfff'];
  it.each(units)('writes %j, wherever it is', (unit) => {
    for (const text of [unit, `a${unit}`, `ab${unit}`, `${unit}a`, `é${unit}é`, `你好${unit}吗`, unit.repeat(16)]) {
      expect(written(1, text)).toEqual(expected(1, text));
    }
  });
});
