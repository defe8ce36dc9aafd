import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { TarsEncodeException } from '../errors/exceptions.js';
import { delimiter } from '../framing/delimiter.js';
import { parseEcho } from '../framing/echo.js';
import { httpFraming } from '../framing/http-message.js';
import { lengthField } from '../framing/length-field.js';
import { RequestPacket } from '../message/request-packet.js';
import { ResponsePacket } from '../message/response-packet.js';
import { TarsInputStream } from '../tars/input-stream.js';
import { TarsOutputStream } from '../tars/output-stream.js';
import { ByteVector } from './byte-vector.js';
import { bytesOf } from './bytes-of.js';
import { NetWorkBuffer } from './network-buffer.js';
import { brokenVectors, noBytes } from './no-bytes.testkit.js';

const data = (bytes: unknown): number[] => Array.from(new ByteVector(bytesOf(bytes, 'a test')).data());

describe('bytesOf', () => {
  it.each([
    ['a Uint8Array', Uint8Array.of(1, 2)],
    ['a Buffer', Buffer.from([1, 2])],
    ['a ByteVector', new ByteVector(Uint8Array.of(1, 2))],
    ['an ArrayBuffer', Uint8Array.of(1, 2).buffer],
    ['a Uint8Array of another realm', runInNewContext('Uint8Array.of(0, 1, 2).subarray(1)')],
    ['an ArrayBuffer of another realm', runInNewContext('Uint8Array.of(1, 2).buffer')],
    ['a part of shared memory', new Uint8Array(new SharedArrayBuffer(2)).fill(1).map((byte, n) => byte + n)],
  ])('takes %s without a copy', (_name, bytes) => {
    expect(data(bytes)).toEqual([1, 2]);
  });

  it.each(brokenVectors())('refuses %s', (_name, vector) => {
    expect(() => bytesOf(vector, 'a test')).toThrow('a test takes');
  });

  it('copies nothing', () => {
    const bytes = new Uint8Array(4);
    expect(bytesOf(bytes, 'a test')).toBe(bytes);
    const view = bytesOf(bytes.buffer, 'a test') as Uint8Array;
    view[0] = 7;
    expect(bytes[0]).toBe(7);
  });

  it('says what it was given, and that an await is missing', () => {
    expect(() => bytesOf(Promise.resolve(), 'sendResponse')).toThrow(
      'sendResponse takes a Uint8Array, an ArrayBuffer or a ByteVector, found a Promise: await it first',
    );
    expect(() => bytesOf([1], 'push')).toThrow('found an Array');
  });
});

const INVALID = 'TARSIER_INVALID_ARGUMENT';
const framing = lengthField({ bytes: 4, includesHeader: true, max: 100 });
const request = new RequestPacket();
const response = new ResponsePacket();
/** Everything of this package that takes bytes of a program, and what it throws for others. */
const doors: [name: string, run: (value: never) => unknown, code: string][] = [
  ['bytesOf', (value) => bytesOf(value, 'a test'), INVALID],
  ['new ByteVector', (value) => new ByteVector(value), INVALID],
  ['ByteVector.assign', (value) => new ByteVector().assign(value), INVALID],
  ['ByteVector.append', (value) => new ByteVector('x').append(value), INVALID],
  ['ByteVector.assignRange', (value) => new ByteVector().assignRange(value, 0, 0), INVALID],
  [
    'NetWorkBuffer.addBuffer',
    (value) => {
      new NetWorkBuffer().addBuffer(value);
    },
    INVALID,
  ],
  [
    'RequestPacket.sBuffer',
    (value) => {
      request.sBuffer = value;
    },
    INVALID,
  ],
  [
    'ResponsePacket.sBuffer',
    (value) => {
      response.sBuffer = value;
    },
    INVALID,
  ],
  ['encode of lengthField', (value) => framing.encode(value), INVALID],
  ['encode of delimiter', (value) => delimiter('\n').encode(value), INVALID],
  ['encode of echo', (value) => parseEcho.encode(value), INVALID],
  ['encode of httpFraming', (value) => httpFraming().encode(value), INVALID],
  ['TarsInputStream', (value) => new TarsInputStream(value), INVALID],
  [
    'TarsOutputStream.writeRaw',
    (value) => {
      new TarsOutputStream().writeRaw(value);
    },
    INVALID,
  ],
  [
    'TarsOutputStream.writeBytes',
    (value) => {
      new TarsOutputStream().writeBytes(1, value);
    },
    'TARSIER_ENCODE',
  ],
];
const takesText = /encode|assign$|append|new ByteVector|sBuffer/;
const takesNothing = /new ByteVector/;

describe.each(doors)('%s', (name, run, code) => {
  const values = noBytes().filter(
    ([, value]) =>
      !(typeof value === 'string' && takesText.test(name)) && !(value === undefined && takesNothing.test(name)),
  );

  it.each(values)('refuses %s', (_what, value) => {
    let thrown: unknown;
    try {
      run(value as never);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code });
  });

  it('takes bytes', () => {
    expect(() => run(Uint8Array.of(1) as never)).not.toThrow();
  });
});

it('a field of bytes says which it is', () => {
  expect(() => new TarsOutputStream().writeBytes(3, [1] as never)).toThrow(TarsEncodeException);
  expect(() => new TarsOutputStream().writeBytes(3, [1] as never)).toThrow('the field with tag 3 is an Array');
});
