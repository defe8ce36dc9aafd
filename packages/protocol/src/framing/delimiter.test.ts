import { describe, expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { NetWorkBuffer } from '../buffer/network-buffer.js';
import { encodeUtf8 } from '../buffer/utf8.js';
import { TarsEncodeException } from '../errors/exceptions.js';
import { delimiter } from './delimiter.js';
import type { Framing } from './framing.js';
import { PacketType } from './packet-type.js';

function parseAll(framing: Framing, text: string): string[] {
  const input = new NetWorkBuffer();
  input.addBuffer(encodeUtf8(text));
  const found: string[] = [];
  const output = new ByteVector();
  while (!input.empty() && framing(input, output) === PacketType.PACKET_FULL) found.push(output.toString());
  return found;
}

describe('delimiter', () => {
  it('cuts where the delimiter occurs first; bodies may be empty', () => {
    expect(parseAll(delimiter('\r\n'), 'a\r\n\r\nb\r\r\nc\n\r')).toEqual(['a', '', 'b\r']);
    expect(parseAll(delimiter('--', { keep: true }), 'a--b---c')).toEqual(['a--', 'b--']);
  });

  it('refuses a packet that is too long, complete or not', () => {
    const framing = delimiter(';', { maxPacketBytes: 4 });
    expect(parseAll(framing, 'abc;abc')).toEqual(['abc']);
    for (const text of ['abcd', 'abcd;']) expect(() => parseAll(framing, text)).toThrow(/a packet may have 4/);
    expect(() => framing.encode('abcd')).toThrow(TarsEncodeException);
    expect(framing.encode('abc')).toEqual(encodeUtf8('abc;'));
  });

  it('refuses a body that would be cut elsewhere', () => {
    expect(() => delimiter('\n').encode('two\nlines')).toThrow(/delimiter at offset 3/);
    // The delimiter would be found one byte too early.
    expect(() => delimiter('--').encode('a-')).toThrow(/delimiter at offset 1/);
    expect(delimiter('-+').encode('a-')).toEqual(encodeUtf8('a--+'));
  });

  it('is not changed when the array it was made with is', () => {
    const mark = Uint8Array.of(10);
    const framing = delimiter(mark);
    mark[0] = 0;
    expect(framing.encode('a')).toEqual(encodeUtf8('a\n'));
  });

  it('refuses an empty delimiter and a limit below it', () => {
    expect(() => delimiter('')).toThrow('length of the delimiter is 0');
    expect(() => delimiter('ab', { maxPacketBytes: 1 })).toThrow('maxPacketBytes is 1');
  });
});
