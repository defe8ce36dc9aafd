import { describe, expect, it } from 'vitest';
import { encodeArgs } from './call-codec.js';
import { encodeStruct } from './struct-bytes.js';
import { tars } from './tars.js';
import { tarsFunction } from './tars-function.js';

const fn = tarsFunction<[unknown], void>('f', undefined, [{ name: 'a', type: tars.string }]);
const good = '160161';

describe('a value of a wrong type', () => {
  it.each([5, undefined, null, {}, []])('is refused as a string, and spoils nothing that comes after: %j', (value) => {
    expect(() => encodeArgs(fn, [value], 1)).toThrow(/tag 1 is of type .*, and no string/);
    expect(Buffer.from(encodeArgs(fn, ['a'], 1)).toString('hex')).toBe(good);
  });

  it('spoils nothing that comes after, when the stream has lost its end', () => {
    const bytes = { write: (os: { writeRaw(value: Uint8Array): void }) => os.writeRaw(5 as unknown as Uint8Array) };
    try {
      encodeStruct(bytes as never, {});
    } catch {
      // Whether it is seen depends on the value.
    }
    expect(Buffer.from(encodeArgs(fn, ['a'], 1)).toString('hex')).toBe(good);
  });
});
