import { describe, expect, it } from 'vitest';
import { NetWorkBufferException } from '../errors/exceptions.js';
import { PacketType } from '../framing/packet-type.js';
import { ByteVector } from './byte-vector.js';
import { NetWorkBuffer } from './network-buffer.js';
import { encodeUtf8 } from './utf8.js';

function bufferOf(...chunks: (string | Uint8Array)[]): NetWorkBuffer {
  const input = new NetWorkBuffer();
  for (const chunk of chunks) input.addBuffer(typeof chunk === 'string' ? encodeUtf8(chunk) : chunk);
  return input;
}

/** How much more four times the bytes cost: 4 when the cost is linear, 16 when it is quadratic. */
function costRatio(feed: (bytes: number) => void, bytes: number): number {
  const shortestMs = (bytes: number): number => {
    let shortest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) {
      const begin = performance.now();
      feed(bytes);
      shortest = Math.min(shortest, performance.now() - begin);
    }
    return shortest;
  };
  feed(4096);
  let ratio = Number.POSITIVE_INFINITY;
  // A busy machine can spoil a measurement; it cannot make a quadratic cost look linear three times.
  for (let i = 0; i < 3 && ratio >= 8; i++) ratio = shortestMs(4 * bytes) / shortestMs(bytes);
  return ratio;
}

const mark = encodeUtf8('\r\n');

describe('NetWorkBuffer', () => {
  it('looks without taking, and takes without looking', () => {
    const input = bufferOf('hello ', '', 'world');
    const output = new ByteVector();
    expect(input.getHeader(8, output)).toBe(true);
    expect(output.toString()).toBe('hello wo');
    expect(input.getBufferLength()).toBe(11);
    expect(input.moveHeader(6)).toBe(true);
    expect(input.getHeader(5)).toEqual(encodeUtf8('world'));
    expect(input.moveHeader(6)).toBe(false);
    expect(input.getBufferLength()).toBe(5);
    input.clearBuffers();
    expect(input.empty()).toBe(true);
  });

  it('leaves the output alone when there are too few bytes, and empties it for none', () => {
    const output = new ByteVector('old');
    expect(bufferOf('ab').getHeader(3, output)).toBe(false);
    expect(output.toString()).toBe('old');
    expect(bufferOf('ab').getHeader(0, output)).toBe(true);
    expect(output.length).toBe(0);
    expect(() => bufferOf('ab').getHeader(3)).toThrow(NetWorkBufferException);
    for (const wrong of [-1, Number.NaN]) {
      expect(bufferOf('ab').getHeader(wrong, output)).toBe(false);
      expect(bufferOf('ab').moveHeader(wrong)).toBe(false);
    }
  });

  it('does not copy what lies in one chunk', () => {
    const chunk = new Uint8Array(1000).fill(5);
    const input = bufferOf(chunk);
    const output = new ByteVector();
    input.moveHeader(10);
    input.getHeader(500, output);
    expect(output).toMatchObject({ start: 10, end: 510 });
    expect(output.buffer).toBe(chunk);
    expect(input.getBufferPointer().buffer).toBe(chunk.buffer);
  });

  it('reads unsigned integers, in one chunk and across chunks', () => {
    const bytes = Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc, 0x01);
    for (const input of [bufferOf(bytes), bufferOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)))]) {
      expect([input.getValueOf1(), input.getValueOf2(), input.getValueOf4()]).toEqual([0xff, 0xfffe, 0xfffefdfc]);
      expect(input.peekUint32(1)).toBe(0xfefdfc01);
      expect(input.peekUint32(0, true)).toBe(0xfcfdfeff);
      expect(input.peekUint16(3, true)).toBe(0x01fc);
      expect(input.peekUint8(4)).toBe(1);
      for (const far of [
        () => input.peekUint8(5),
        () => input.peekUint16(4),
        () => input.peekUint32(2),
        () => input.peekUint8(-1),
      ]) {
        expect(far).toThrow(NetWorkBufferException);
      }
    }
    const short = bufferOf(Uint8Array.of(1));
    expect([short.getValueOf2(), short.getValueOf4(), new NetWorkBuffer().getValueOf1()]).toEqual([0, 0, 0]);
  });

  it('cuts length-first packets as parseBufferOf1, 2 and 4 do', () => {
    const output = new ByteVector('old');
    expect(bufferOf(Uint8Array.of(0)).parseBufferOf2(output, 0, 9)).toBe(PacketType.PACKET_LESS);
    for (const [length, min, max] of [
      [1, 0, 9],
      [4, 5, 9],
      [10, 2, 9],
    ] as const) {
      const input = bufferOf(Uint8Array.of(0, length, 1, 2, 3, 4, 5, 6, 7, 8));
      expect(input.parseBufferOf2(output, min, max)).toBe(PacketType.PACKET_ERR);
      expect(input.getBufferLength()).toBe(10);
    }
    expect(bufferOf(Uint8Array.of(4, 1, 2)).parseBufferOf1(output, 0, 9)).toBe(PacketType.PACKET_LESS);
    expect(output.toString()).toBe('old');
    const input = bufferOf(Uint8Array.of(0, 0, 0), Uint8Array.of(6, 65), Uint8Array.of(66, 67));
    expect(input.parseBufferOf4(output, 0, 9)).toBe(PacketType.PACKET_FULL);
    expect(output.toString()).toBe('AB');
    expect(input.getBufferLength()).toBe(1);
  });

  it('finds patterns that cross chunks, and goes on where it stopped', () => {
    const mark = encodeUtf8('\r\n\r\n');
    const input = bufferOf('ab\r\n', '\r');
    expect(input.find(mark)).toBe(-1);
    input.addBuffer(encodeUtf8('\n\r\n\r\n'));
    expect(input.find(mark)).toBe(2);
    expect(input.find(mark)).toBe(2);
    input.moveHeader(3);
    expect(input.find(mark)).toBe(1);
    expect(input.find(encodeUtf8('x'))).toBe(-1);
    expect(input.find(new Uint8Array(0))).toBe(0);
    const output = new ByteVector();
    expect(input.getPrefixBuffer(mark, output)).toBe(true);
    expect(output.toString()).toBe('\n');
    expect(input.getPrefixBuffer(encodeUtf8('x'), output)).toBe(false);
  });

  it('does not find what lies beyond its bytes in a block with room', () => {
    const dirty = new NetWorkBuffer((size) => new Uint8Array(size).fill(0x58));
    for (const text of ['a', 'b', 'c']) dirty.addBuffer(encodeUtf8(text));
    expect(dirty.find(encodeUtf8('X'))).toBe(-1);
    expect(dirty.find(encodeUtf8('cX'))).toBe(-1);
    for (let i = 0; i < 100; i++) dirty.addBuffer(encodeUtf8('d'));
    expect(dirty.find(encodeUtf8('X'))).toBe(-1);
  });

  it('hands out all bytes, or the first block', () => {
    const [first, second] = ['a'.repeat(300), 'b'.repeat(300)];
    const input = bufferOf(first, second);
    expect(input.getBufferPointer()).toEqual(encodeUtf8(first));
    const output = new ByteVector();
    expect(input.getBuffers(output)).toBe(true);
    expect(output.toString()).toBe(first + second);
    expect(input.mergeBuffers()).toEqual(encodeUtf8(first + second));
    expect(input.getBufferPointer()).toEqual(encodeUtf8(first + second));
    expect(new NetWorkBuffer().getBufferPointer().length).toBe(0);
  });

  it('keeps an owner, and a state that is destroyed once', () => {
    const input = bufferOf('ab');
    const owner = {};
    const destroyed: string[] = [];
    input.setConnection(owner);
    expect(input.getConnection()).toBe(owner);
    input.setContextData('first', (state) => destroyed.push(state));
    input.setContextData('second', (state) => destroyed.push(state));
    expect(input.getContextData()).toBe('second');
    expect(destroyed).toEqual(['first']);
    input.destroy();
    input.destroy();
    expect(destroyed).toEqual(['first', 'second']);
    expect(input.empty()).toBe(true);
    expect(input.getContextData()).toBeUndefined();
  });

  it('keeps no received chunk once it is empty', () => {
    const chunk = new Uint8Array(1000);
    const input = bufferOf(chunk);
    input.moveHeader(1000);
    expect(input.getBufferPointer().buffer).not.toBe(chunk.buffer);
  });
});

describe('NetWorkBuffer costs time linear in its bytes', () => {
  const output = new ByteVector();
  const looks: [string, (input: NetWorkBuffer) => unknown][] = [
    ['a length that is waited for', (input) => input.getHeader(input.getValueOf4(), output)],
    ['a delimiter that never comes', (input) => input.find(mark)],
    ['all bytes again and again', (input) => input.getBuffers(output)],
    ['all bytes but the last again and again', (input) => input.getHeader(input.getBufferLength() - 1, output)],
    ['the last byte', (input) => input.peekUint8(input.getBufferLength() - 1)],
  ];
  it.each(looks)('byte by byte: %s', (_, look) => {
    const feed = (bytes: number): void => {
      const input = bufferOf(Uint8Array.of(0x7f));
      const crumb = Uint8Array.of(0x0d);
      for (let i = 0; i < bytes; i++) {
        input.addBuffer(crumb);
        look(input);
      }
      expect(input.getBufferLength()).toBe(bytes + 1);
    };
    expect(costRatio(feed, 262_144)).toBeLessThan(8);
  });

  it('in many chunks: a delimiter that each byte could begin', () => {
    const chunk = new Uint8Array(512).fill(0x0d);
    const feed = (bytes: number): void => {
      const input = new NetWorkBuffer();
      for (let i = 0; i < bytes; i += chunk.length) {
        input.addBuffer(chunk);
        input.find(mark);
      }
      expect(input.find(mark)).toBe(-1);
    };
    expect(costRatio(feed, 1_048_576)).toBeLessThan(8);
  });

  it('in many chunks: copies of a growing prefix', () => {
    let allocated = 0;
    const input = new NetWorkBuffer((size) => {
      allocated += size;
      return new Uint8Array(size);
    });
    for (let i = 0; i < 4096; i++) input.addBuffer(new Uint8Array(256));
    for (let i = 1; i <= 4096; i++) input.getHeader(256 * i, output);
    expect(allocated).toBeLessThan(4 * 4096 * 256);
  });
});
