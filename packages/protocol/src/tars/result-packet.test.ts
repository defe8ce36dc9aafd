import { describe, expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { RequestPacket } from '../message/request-packet.js';
import { ResponsePacket } from '../message/response-packet.js';
import { encodeResult } from './call-codec.js';
import { encodeResponse } from './response-codec.js';
import { resultPacket } from './result-packet.js';
import { tars } from './tars.js';
import { tarsFunction } from './tars-function.js';

const nothing = tarsFunction<[], void>('nothing', undefined, []);
const text = tarsFunction<[], string>('text', tars.string, []);

function request(iRequestId: number, iMessageType = 0): RequestPacket {
  return Object.assign(new RequestPacket(), { iVersion: 1, iRequestId, iMessageType });
}

/** The same packet, its body encoded before. */
function inTwoSteps(of: RequestPacket, body: Uint8Array): Uint8Array {
  const response = new ResponsePacket();
  response.iVersion = 1;
  response.iRequestId = of.iRequestId;
  response.iMessageType = of.iMessageType;
  response.sBuffer = body;
  return encodeResponse(response).data();
}

describe('resultPacket', () => {
  it('has an empty body for a function that returns nothing', () => {
    const body = new ByteVector();
    const packet = resultPacket(nothing, undefined, request(7), body);
    expect(packet.toString()).toBe(Buffer.from(inTwoSteps(request(7), new Uint8Array())).toString());
    expect(body.length).toBe(0);
  });

  // The length of the body takes 0, 1, 2 or 4 bytes; above 4 KiB a packet gets memory of its own, and blocks have 16 KiB.
  it.each([
    0, 1, 100, 124, 125, 126, 127, 128, 250, 255, 256, 300, 4000, 4100, 16_300, 32_760, 32_761, 32_762, 32_763, 70_000,
  ])('is what the two steps make, with a text of %i bytes', (size) => {
    for (const [id, type] of [
      [1, 0],
      [40_000, 0x104],
      [-1, 0],
    ] as const) {
      const body = new ByteVector();
      const encoded = encodeResult(text, 'x'.repeat(size), 1);
      const packet = resultPacket(text, 'x'.repeat(size), request(id, type), body);
      expect(Buffer.compare(packet.data(), inTwoSteps(request(id, type), encoded))).toBe(0);
      expect(Buffer.compare(body.data(), encoded)).toBe(0);
      expect(body.buffer).toBe(packet.buffer);
    }
  });

  it('spoils nothing that comes after, when a value is of a wrong type', () => {
    expect(() => resultPacket(text, 5, request(1), new ByteVector())).toThrow(/of type number, and no string/);
    expect(resultPacket(text, 'a', request(1), new ByteVector()).data()).toEqual(
      inTwoSteps(request(1), encodeResult(text, 'a', 1)),
    );
  });
});
