import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { TarsDecodeException } from '../errors/exceptions.js';
import { alls, typedValues } from './any-value.testkit.js';
import { decodeArgs, decodeResult, encodeArgs, encodeResult } from './call-codec.js';
import { TarsInputStream } from './input-stream.js';
import { TarsOutputStream } from './output-stream.js';
import { parseTarsJson } from './parse-json.js';
import { stringifyTarsJson } from './stringify-json.js';
import { decodeStruct, encodeStruct } from './struct-bytes.js';
import { type TarsParamInit, tarsFunction } from './tars-function.js';
import { All } from './vec.testkit.js';
import { vectors } from './vectors.testkit.js';

describe('round trips', () => {
  it('of any type with any tag', () => {
    fc.assert(
      fc.property(typedValues, fc.integer({ min: 0, max: 255 }), ({ type, value }, tag) => {
        const os = new TarsOutputStream(1);
        type.write(os, tag, value);
        // Bytes within a larger block, as they come from the network.
        const block = new Uint8Array(os.length + 7).fill(255);
        block.set(os.getByteBuffer(), 3);
        const is = new TarsInputStream(new ByteVector().assignRange(block, 3, 3 + os.length));
        expect(type.read(is, tag)).toEqual(value);
        expect(is.remaining).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('of any type in JSON', () => {
    fc.assert(
      fc.property(typedValues, ({ type, value }) => {
        expect(type.fromJson(parseTarsJson(stringifyTarsJson(type.toJson(value))))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('of structs', () => {
    fc.assert(
      fc.property(alls, (all) => {
        const bytes = encodeStruct(All, all);
        expect(decodeStruct(All, bytes)).toEqual(all);
        expect(encodeStruct(All, decodeStruct(All, bytes))).toEqual(bytes);
      }),
      { numRuns: 200 },
    );
  });

  it.each([1, 2, 3, 5])('of arguments and results in version %i', (version) => {
    const typed = fc.array(fc.tuple(typedValues, fc.boolean()), { maxLength: 5 });
    fc.assert(
      fc.property(typed, fc.option(typedValues), (values, returned) => {
        const params: TarsParamInit[] = values.map(([{ type }, isOut], i) => ({ name: `p${i}`, type, isOut }));
        const fn = tarsFunction<unknown[], unknown>('f', returned?.type, params);
        const args = values.filter(([, isOut]) => !isOut).map(([{ value }]) => value);
        expect(decodeArgs(fn, new ByteVector(encodeArgs(fn, args, version)), version)).toEqual(args);
        const outs = values.flatMap(([{ value }, isOut], i) => (isOut ? [[`p${i}`, value] as const] : []));
        const ret = returned === null ? [] : [['_ret', returned.value] as const];
        const result = outs.length > 0 ? Object.fromEntries([...ret, ...outs]) : returned?.value;
        expect(decodeResult(fn, new ByteVector(encodeResult(fn, result, version)), version)).toEqual(result);
      }),
      { numRuns: 100 },
    );
  });
});

describe('hostile bytes', () => {
  const short = vectors.filter(({ bytes }) => bytes.length < 1000);

  it('of 100,000 mutations give values or a TarsDecodeException, in a short time', () => {
    const random = seeded(0x7a45);
    let faults = 0;
    const startMs = performance.now();
    for (let i = 0; i < 100_000; i++) {
      const { bytes, decode } = short[random(short.length)] as (typeof short)[number];
      const mutant = mutate(bytes, random, (short[random(short.length)] as (typeof short)[number]).bytes);
      try {
        decode(mutant);
      } catch (error) {
        if (!(error instanceof TarsDecodeException)) throw error;
        faults++;
      }
    }
    expect(performance.now() - startMs).toBeLessThan(10_000);
    expect(faults).toBeGreaterThan(10_000);
  });

  it('of a struct that mutates again and again give values or a TarsDecodeException', () => {
    const random = seeded(0x1235);
    const whole = vectors.find(({ title }) => title.includes('everything')) as (typeof vectors)[number];
    const named = /^byte \d+, vec\.All\.[\w#]/;
    for (let i = 0; i < 20_000; i++) {
      let mutant = whole.bytes;
      for (let times = random(4); times >= 0; times--) mutant = mutate(mutant, random, whole.bytes);
      try {
        whole.decode(mutant);
      } catch (error) {
        if (!(error instanceof TarsDecodeException)) throw error;
        expect(error.message).toMatch(named);
        expect(error.where.offset).toBeLessThanOrEqual(mutant.length);
      }
    }
  });

  it('that end too early are a TarsDecodeException', () => {
    for (const { bytes, decode, title } of short) {
      // What is optional may be missing at the end of these.
      const isOptional = title.startsWith('struct') || title.startsWith('ResponsePacket');
      for (let length = 0; length < bytes.length; length++) {
        try {
          decode(bytes.slice(0, length));
        } catch (error) {
          if (error instanceof TarsDecodeException) continue;
          throw error;
        }
        expect(isOptional, `${title} cut to ${length}`).toBe(true);
      }
    }
  });
});

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function mutate(bytes: Uint8Array, random: (below: number) => number, other: Uint8Array): Uint8Array {
  const at = random(bytes.length + 1);
  switch (random(5)) {
    case 0:
      return bytes.slice(0, at);
    case 1: {
      const mutant = Uint8Array.from(bytes);
      if (at < mutant.length) mutant[at] = random(256);
      return mutant;
    }
    case 2: {
      const mutant = Uint8Array.from(bytes);
      if (at < mutant.length) mutant[at] = (mutant[at] as number) ^ (1 << random(8));
      return mutant;
    }
    case 3:
      return Uint8Array.from([...bytes.slice(0, at), random(256), ...bytes.slice(at)]);
    default:
      return Uint8Array.from([...bytes.slice(0, at), ...other.slice(random(other.length + 1))]);
  }
}
