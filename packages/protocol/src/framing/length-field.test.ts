import { describe, expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { NetWorkBuffer } from '../buffer/network-buffer.js';
import { TarsDecodeException, TarsEncodeException } from '../errors/exceptions.js';
import { RequestPacket } from '../message/request-packet.js';
import { ResponsePacket } from '../message/response-packet.js';
import { type LengthFieldOptions, lengthField } from './length-field.js';
import { PacketType } from './packet-type.js';

const push = lengthField({ bytes: 4, includesHeader: true, max: 100_000, requestId: { offset: 4, bytes: 4 } });
const node = { endpoint: 'tcp -h 127.0.0.1 -p 1', isConnected: true };

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(' '), (byte) => Number.parseInt(byte, 16));
}

function bufferOf(chunk: Uint8Array): NetWorkBuffer {
  const input = new NetWorkBuffer();
  input.addBuffer(chunk);
  return input;
}

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('lengthField', () => {
  it('makes and reads the bytes of the push demo', () => {
    const packet = bytes('00 00 00 13 00 00 00 00 68 65 6c 6c 6f 20 77 6f 72 6c 64');
    expect(push.encode('hello world', 0)).toEqual(packet);
    expect(push.encode('heartbeat', 1)).toEqual(bytes('00 00 00 11 00 00 00 01 68 65 61 72 74 62 65 61 74'));
    const output = new ByteVector();
    expect(push(bufferOf(packet), output)).toBe(PacketType.PACKET_FULL);
    expect(output.data()).toEqual(packet);
    const response = new ResponsePacket();
    expect(push.proxyProtocol.responseFunc(bufferOf(packet), response)).toBe(PacketType.PACKET_FULL);
    expect([response.iRequestId, response.sBuffer.toString()]).toEqual([0, 'hello world']);
  });

  it('makes requests of the body and the id, from vectors and arrays alike', () => {
    const request = new RequestPacket();
    request.iRequestId = 0x7fff_ffff;
    request.sBuffer = new ByteVector().assignRange(new Uint8Array(500).fill(7), 100, 300);
    const packet = push.proxyProtocol.requestFunc(request, node);
    expect(new ByteVector(packet).data()).toEqual(push.encode(new Uint8Array(200).fill(7), 0x7fff_ffff));
    // Requests share memory; what was made before stays as it is.
    request.iRequestId = 1;
    for (const size of [0, 100, 4089, 50_000]) {
      request.sBuffer = new Uint8Array(size).fill(9);
      const next = push.proxyProtocol.requestFunc(request, node);
      expect(new ByteVector(next).data()).toEqual(push.encode(new Uint8Array(size).fill(9), 1));
    }
    expect(new ByteVector(packet).data()).toEqual(push.encode(new Uint8Array(200).fill(7), 0x7fff_ffff));
    expect(push.proxyProtocol.connectionSerial).toBe(0);
  });

  it.each<[string, LengthFieldOptions, number, string]>([
    ['1 byte', { bytes: 1, includesHeader: true, max: 255 }, 0, '03 61 62'],
    ['2 bytes, body counted', { bytes: 2, includesHeader: false, max: 99 }, 0, '00 02 61 62'],
    ['3 bytes little-endian', { bytes: 3, order: 'little', includesHeader: true, max: 99 }, 0, '05 00 00 61 62'],
    ['4 bytes little-endian', { bytes: 4, order: 'little', includesHeader: true, max: 99 }, 0, '06 00 00 00 61 62'],
    [
      'at an offset, larger header',
      { offset: 1, bytes: 2, includesHeader: false, headerBytes: 5, max: 99 },
      0,
      '00 00 02 00 00 61 62',
    ],
    ['counts all but itself', { bytes: 2, includesHeader: true, adjust: 2, max: 99 }, 0, '00 02 61 62'],
    [
      'id first, other order',
      { offset: 2, bytes: 2, includesHeader: true, max: 99, requestId: { offset: 0, bytes: 2, order: 'little' } },
      0x102,
      '02 01 00 06 61 62',
    ],
  ])('knows the layout: %s', (_, options, id, hex) => {
    const framing = lengthField(options);
    expect(framing.encode('ab', id)).toEqual(bytes(hex));
    const response = new ResponsePacket();
    expect(framing.proxyProtocol.responseFunc(bufferOf(bytes(hex)), response)).toBe(PacketType.PACKET_FULL);
    expect([response.iRequestId, response.sBuffer.toString()]).toEqual([id, 'ab']);
    expect(framing.proxyProtocol.connectionSerial).toBe(options.requestId === undefined ? 1 : 0);
  });

  it.each([
    ['00 00 00 07', 'TARSIER_PACKET_INVALID', 'says 7'],
    ['00 01 86 a1', 'TARSIER_PACKET_TOO_LARGE', 'says 100001'],
    ['ff ff ff ff', 'TARSIER_PACKET_TOO_LARGE', 'says 4294967295'],
    ['80 00 00 00', 'TARSIER_PACKET_TOO_LARGE', 'says 2147483648'],
  ])('refuses the length %s as soon as it has come', (hex, code, text) => {
    for (const run of [
      () => push(bufferOf(bytes(hex)), new ByteVector()),
      () => push.proxyProtocol.responseFunc(bufferOf(bytes(hex)), new ResponsePacket()),
    ]) {
      const error = caught(run);
      expect(error).toBeInstanceOf(TarsDecodeException);
      expect(error).toMatchObject({ code });
      expect((error as Error).message).toContain(text);
      expect((error as Error).message).toContain('8 to 100000');
    }
  });

  it('takes the smallest and the largest packet', () => {
    for (const size of [8, 100_000]) {
      const packet = push.encode(new Uint8Array(size - 8), 5);
      const output = new ByteVector();
      expect(push(bufferOf(packet), output)).toBe(PacketType.PACKET_FULL);
      expect(output.length).toBe(size);
    }
  });

  it('refuses bodies and ids that do not fit, before anything is sent', () => {
    expect(() => push.encode(new Uint8Array(99_993))).toThrow(TarsEncodeException);
    expect(() => push.encode('x', 2 ** 32)).toThrow(/does not fit its field, which holds 0 to 4294967295/);
    expect(() => push.encode('x', -1)).toThrow(TarsEncodeException);
    // The width of the field limits too.
    expect(() => lengthField({ bytes: 1, includesHeader: true, max: 5000 }).encode(new Uint8Array(255))).toThrow(
      /256 bytes; 1 to 255/,
    );
    // A value of -2 cannot be written.
    expect(() => lengthField({ bytes: 1, includesHeader: false, adjust: 2, max: 99 }).encode('a')).toThrow(
      TarsEncodeException,
    );
  });

  it.each<[string, LengthFieldOptions]>([
    ['max', { bytes: 4, includesHeader: true, max: 3 }],
    ['max', { bytes: 4, includesHeader: true, max: Number.NaN }],
    ['max', { bytes: 4, includesHeader: true, max: 10, min: 11 }],
    ['offset', { bytes: 4, includesHeader: true, max: 100, offset: -1 }],
    ['adjust', { bytes: 4, includesHeader: true, max: 100, adjust: 0.5 }],
    ['strip', { bytes: 4, includesHeader: true, max: 100, strip: 5 }],
    ['headerBytes', { bytes: 4, includesHeader: true, max: 100, headerBytes: 3 }],
    ['requestId.offset', { bytes: 4, includesHeader: true, max: 100, requestId: { offset: 3, bytes: 4 } }],
  ])('refuses a wrong %s when it is made', (key, options) => {
    expect(caught(() => lengthField(options))).toMatchObject({ code: 'TARSIER_INVALID_ARGUMENT', where: { key } });
  });
});
