import { describe, expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { NetWorkBuffer } from '../buffer/network-buffer.js';
import { binaryLength, parseBinary1, parseBinary2, parseBinary4 } from './binary-length.js';
import { PacketType } from './packet-type.js';

function parse(framing: typeof parseBinary1, packet: Uint8Array): [PacketType, string] {
  const input = new NetWorkBuffer();
  input.addBuffer(packet);
  const output = new ByteVector();
  return [framing(input, output), output.toString()];
}

describe('binaryLength', () => {
  it.each([
    [parseBinary1, [3, 97, 98]],
    [parseBinary2, [0, 4, 97, 98]],
    [parseBinary4, [0, 0, 0, 6, 97, 98]],
  ])('counts the length itself and gives the body only (%#)', (framing, packet) => {
    expect(Array.from(framing.encode('ab'))).toEqual(packet);
    expect(parse(framing, Uint8Array.from(packet))).toEqual([PacketType.PACKET_FULL, 'ab']);
    expect(framing.proxyProtocol.connectionSerial).toBe(1);
  });

  it('allows all that 1 and 2 bytes can say, and 10 MiB with 4', () => {
    for (const [framing, max] of [
      [parseBinary1, 0xff],
      [parseBinary2, 0xffff],
      [parseBinary4, 10 * 1024 * 1024],
    ] as const) {
      const header = framing === parseBinary1 ? 1 : framing === parseBinary2 ? 2 : 4;
      expect(framing.encode(new Uint8Array(max - header)).length).toBe(max);
      expect(() => framing.encode(new Uint8Array(max - header + 1))).toThrow(`to ${max} are allowed`);
    }
  });

  it('has limits of its own, never below the length itself', () => {
    const framing = binaryLength(2, { minPacketBytes: 3, maxPacketBytes: 4 });
    expect(() => parse(framing, Uint8Array.of(0, 2))).toThrow('says 2; 3 to 4');
    expect(() => parse(framing, Uint8Array.of(0, 5))).toThrow('says 5; 3 to 4');
    expect(() => parse(binaryLength(4, { minPacketBytes: 0 }), Uint8Array.of(0, 0, 0, 3))).toThrow('says 3; 4 to');
    expect(() => binaryLength(4, { maxPacketBytes: 2 })).toThrow('max is 2');
  });
});
