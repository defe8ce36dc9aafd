import { describe, expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { TarsDecodeException } from '../errors/exceptions.js';
import { RequestPacket } from '../message/request-packet.js';
import { ResponsePacket } from '../message/response-packet.js';
import { decodeArgs, decodeResult, encodeArgs, encodeResult } from './call-codec.js';
import { DecodeBudget, type DecodeLimits } from './decode-budget.js';
import { TarsInputStream } from './input-stream.js';
import { parseTarsJson } from './parse-json.js';
import { decodeRequest, encodeRequest } from './request-codec.js';
import { decodeResponse, encodeResponse } from './response-codec.js';
import { decodeStruct, encodeStruct } from './struct-bytes.js';
import { weightOfStruct } from './struct-weight.js';
import { tars } from './tars.js';
import { tarsFunction } from './tars-function.js';
import type { TarsType } from './tars-type.js';
import { All, Point } from './vec.testkit.js';

const small: DecodeLimits = { maxUnits: 1000, timeMs: 0 };
const versions = [1, 2, 3, 5] as const;

function codeOf(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (error instanceof TarsDecodeException) return error.code;
    throw error;
  }
  return 'decoded';
}

function packetOf(bytes: ByteVector): ByteVector {
  return new ByteVector(bytes.data().subarray(4));
}

/** A value of each kind of container, heavier than 1000 units and longer than 1024 bytes. */
const heavy: readonly [string, TarsType<unknown>, unknown][] = [
  ['numbers', tars.list(tars.int), Array.from({ length: 1500 }, (_, i) => i)],
  ['unsigned bytes', tars.list(tars.unsignedByte), Array.from({ length: 1500 }, () => 200)],
  ['lists', tars.list(tars.list(tars.int)), Array.from({ length: 600 }, () => [])],
  ['maps', tars.list(tars.map(tars.string, tars.string)), Array.from({ length: 600 }, () => new Map())],
  ['entries', tars.map(tars.int, tars.int), new Map(Array.from({ length: 300 }, (_, i) => [i * 70_000, i]))],
  ['structs', tars.list(tars.struct(Point)), Array.from({ length: 300 }, () => Point.create())],
  ['byte arrays', tars.list(tars.bytes), Array.from({ length: 400 }, () => new Uint8Array(1))],
].map(([name, type, value]) => [name, type, value] as [string, TarsType<unknown>, unknown]);

describe('what a packet weighs is bounded', () => {
  const all = heavy.flatMap(([name, type, value]) => versions.map((version) => [name, version, type, value] as const));

  it.each(all)('%s, version %i: arguments and results', (_, version, type, value) => {
    const put = tarsFunction<[unknown], unknown>('put', type, [{ name: 'value', type }]);
    const args = new ByteVector(encodeArgs(put, [value], version));
    expect(decodeArgs(put, args, version)).toEqual([value]);
    expect(codeOf(() => decodeArgs(put, args, version, small))).toBe('TARSIER_DECODE_LIMIT');
    const result = new ByteVector(encodeResult(put, value, version));
    expect(decodeResult(put, result, version)).toEqual(value);
    expect(codeOf(() => decodeResult(put, result, version, small))).toBe('TARSIER_DECODE_LIMIT');
  });

  it('of structs, JSON by itself, requests and answers with their texts', () => {
    const map = new Map(Array.from({ length: 300 }, (_, i) => [`key ${i}`, 'value']));
    const struct = encodeStruct(All, All.create({ path: Array.from({ length: 300 }, () => Point.create()) }));
    const request = Object.assign(new RequestPacket(), { context: map });
    const response = Object.assign(new ResponsePacket(), { iVersion: 1, status: map });
    expect(codeOf(() => decodeStruct(All, struct, small))).toBe('TARSIER_DECODE_LIMIT');
    expect(codeOf(() => parseTarsJson(`[${'{},'.repeat(600)}{}]`, small))).toBe('TARSIER_DECODE_LIMIT');
    const packet = packetOf(encodeRequest(request));
    expect(codeOf(() => decodeRequest(packet, small))).toBe('TARSIER_DECODE_LIMIT');
    const answer = packetOf(encodeResponse(response));
    expect(codeOf(() => decodeResponse(answer, new ResponsePacket(), small))).toBe('TARSIER_DECODE_LIMIT');
    expect(codeOf(() => new TarsInputStream(struct, small).readStruct(254, All))).not.toBe('decoded');
  });

  it('all values of a packet count together, in TUP too', () => {
    const type = tars.list(tars.int);
    const params = ['a', 'b', 'c'].map((name) => ({ name, type }));
    const put = tarsFunction<[unknown, unknown, unknown], void>('put', undefined, params);
    const list = Array.from({ length: 400 }, (_, i) => i * 1000);
    for (const version of versions) {
      const args = new ByteVector(encodeArgs(put, [list, list, list], version));
      expect(codeOf(() => decodeArgs(put, args, version, small))).toBe('TARSIER_DECODE_LIMIT');
    }
  });

  it('a struct weighs what its defaults weigh', () => {
    expect(weightOfStruct(Point)).toBe(4.5);
    expect(weightOfStruct(All)).toBeGreaterThan(60);
  });

  it('says which key decides', () => {
    const bytes = new Uint8Array(2006);
    bytes.set([0x09, 0x01, 2000 >> 8, 2000 & 255]);
    expect(() => tars.list(tars.int).read(new TarsInputStream(bytes, small), 0)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('raise decodelimit'),
        where: { key: 'decodelimit', limit: 1000 },
      }),
    );
  });

  it('0 is no limit', () => {
    const type = tars.list(tars.int);
    const put = tarsFunction<[unknown], void>('put', undefined, [{ name: 'a', type }]);
    const args = new ByteVector(encodeArgs(put, [Array.from({ length: 5000 }, (_, i) => i)], 1));
    expect(codeOf(() => decodeArgs(put, args, 1, { maxUnits: 0, timeMs: 0 }))).toBe('decoded');
  });
});

describe('the time that a packet takes', () => {
  /** A clock that goes on by some milliseconds at each look. */
  function budgetOf(stepMs: number, timeMs = 20): DecodeBudget {
    let now = 0;
    return new DecodeBudget({ maxUnits: 0, timeMs }, () => (now += stepMs));
  }
  function looks(budget: DecodeBudget, most: number): number {
    for (let i = 0; i < most; i++) {
      try {
        budget.look();
      } catch (error) {
        expect(error).toMatchObject({ code: 'TARSIER_DECODE_LIMIT', where: { key: 'decodetime' } });
        return i;
      }
    }
    return most;
  }

  it('may be 1 ms for each 16 KiB without end', () => expect(looks(budgetOf(0.06), 10_000)).toBe(10_000));
  it('is over when every step takes long', () => expect(looks(budgetOf(0.5), 10_000)).toBeLessThan(60));
  it('counts a step of a machine that is busy as one millisecond', () => {
    expect(looks(budgetOf(1000), 10_000)).toBeGreaterThan(15);
    expect(looks(budgetOf(1000), 10_000)).toBeLessThan(30);
  });
  it('has no limit with 0', () => expect(looks(budgetOf(1000, 0), 10_000)).toBe(10_000));
  it('is looked at more closely after a long step', () => {
    const budget = budgetOf(0.5, 1000);
    expect([budget.look(), budget.look()]).toEqual([1024, 64]);
  });
});

describe('keys that collide', () => {
  /** What V8 makes of an integer: there is no seed in it. */
  function hash(key: number): number {
    let x = key >>> 0;
    x = (~x + (x << 15)) >>> 0;
    x = (x ^ (x >>> 12)) >>> 0;
    x = (x + (x << 2)) >>> 0;
    x = (x ^ (x >>> 4)) >>> 0;
    x = Math.imul(x, 2057) >>> 0;
    return (x ^ (x >>> 16)) & 0xffff;
  }
  const keys: number[] = [];
  for (let i = -(2 ** 31); keys.length < 40_000; i++) if (hash(i) === 0) keys.push(i);

  it.each(versions)('end the decoding of a map of numbers before the loop stands still, version %i', (version) => {
    const put = tarsFunction<[Map<number, number>], void>('put', undefined, [
      { name: 'm', type: tars.map(tars.int, tars.int) },
    ]);
    const args = new ByteVector(encodeArgs(put, [new Map(keys.map((key) => [key, 1]))], version));
    const begin = process.cpuUsage();
    expect(codeOf(() => decodeArgs(put, args, version))).toBe('TARSIER_DECODE_LIMIT');
    // Without the budget it takes several seconds.
    expect(process.cpuUsage(begin).user).toBeLessThan(2_000_000);
  });
});

describe('JSON that nobody asks for', () => {
  const none = tarsFunction<[], void>('none', undefined, []);

  it('is gone past, whatever it holds, and costs nothing of the budget', () => {
    const text = `{"x":[${'{"a":[1,2.5e3,"\\u0041",null,true]},'.repeat(500)}{}],"y":{"z":"${'\\n'.repeat(5000)}"}}`;
    expect(decodeArgs(none, new ByteVector(text), 5, { maxUnits: 10, timeMs: 0 })).toEqual([]);
  });

  it.each(['{"x":[1,}', '{"x":01}', '{"x":"\\q"}', '{"x":nul}', `{"x":${'['.repeat(200)}`, '{"x":1'])(
    'is still JSON: %s',
    (text) => {
      expect(codeOf(() => decodeArgs(none, new ByteVector(text), 5))).toBe('TARSIER_PACKET_INVALID');
    },
  );

  it('a member of the function is found behind it', () => {
    const one = tarsFunction<[number], void>('one', undefined, [{ name: 'n', type: tars.int }]);
    expect(decodeArgs(one, new ByteVector('{"x":{"n":1},"n":2,"y":[3]}'), 5)).toEqual([2]);
  });
});
