import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TarsDecodeException, TarsEncodeException } from '../errors/exceptions.js';
import { parseTarsJson } from './parse-json.js';
import { stringifyTarsJson } from './stringify-json.js';
import { tars } from './tars.js';
import type { TarsJson } from './tars-json.js';
import { All, Point } from './vec.testkit.js';

/** What `JSON.parse` would make of it. */
function rounded(json: TarsJson): TarsJson {
  if (typeof json === 'bigint') return Number(json);
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(rounded);
  const object: { [key: string]: TarsJson } = Object.create(null);
  for (const [key, value] of Object.entries(json)) object[key] = rounded(value);
  return object;
}

describe('parseTarsJson', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (json, space) => {
        expect(rounded(parseTarsJson(JSON.stringify(json, undefined, space)))).toEqual(
          JSON.parse(JSON.stringify(json)),
        );
      }),
    );
  });

  it.each<[string, TarsJson]>([
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['-9007199254740993', -9_007_199_254_740_993n],
    ['9223372036854775807', 9_223_372_036_854_775_807n],
    ['-9223372036854775808', -9_223_372_036_854_775_808n],
    ['18446744073709551615', 18_446_744_073_709_551_615n],
    ['100000000000000000000000', 1e23],
    ['9007199254740993.0', 9_007_199_254_740_992],
    ['1e3', 1000],
    ['-0.5E-2', -0.005],
    ['0', 0],
    [' [ 1 ,\t2\r\n] ', [1, 2]],
    [String.raw`"\u4f60\ud83d\ude00\"\\\/\b\f\n\r\t"`, '你😀"\\/\b\f\n\r\t'],
    [String.raw`"\ud800"`, '\ud800'],
    ['true', true],
    ['false', false],
    ['null', null],
    ['{}', {}],
    ['[]', []],
    ['{"a":1,"a":2}', { a: 2 }],
  ])('%s', (text, value) => expect(parseTarsJson(text)).toEqual(value));

  it.each<[string, string]>([
    ['', 'JSON, character 0: a value was expected, found the end'],
    ['{"a":1', "JSON, character 6: ',' or '}' was expected, found the end"],
    ['{a:1}', 'JSON, character 1: the name of a member was expected, found "a"'],
    ['{"a" 1}', 'JSON, character 5: \':\' was expected, found "1"'],
    ['[1,]', 'JSON, character 3: a value was expected, found "]"'],
    ['[1 2]', "JSON, character 3: ',' or ']' was expected, found \"2\""],
    ['1 1', 'JSON, character 2: the end was expected, found "1"'],
    ['01', 'JSON, character 1: the end was expected, found "1"'],
    ['1.', 'JSON, character 1: the end was expected, found "."'],
    ['+1', 'JSON, character 0: a value was expected, found "+"'],
    ['nul', 'JSON, character 0: a value was expected, found "n"'],
    ['"abc', 'JSON, character 4: a string does not end, found the end'],
    ['"a\nb"', 'JSON, character 2: a string has a control character, found "\\n"'],
    [String.raw`"\x"`, 'JSON, character 2: an escape was expected that JSON knows, found "x"'],
    [String.raw`"\u12g4"`, 'JSON, character 3: four hexadecimal digits were expected, found "1"'],
    ['NaN', 'JSON, character 0: a value was expected, found "N"'],
  ])('says what is wrong with %s', (text, message) => {
    const offset = Number(/\d+/.exec(message)?.[0]);
    expect(() => parseTarsJson(text)).toThrow(new TarsDecodeException(message, { where: { offset } }));
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it('goes 100 deep and no deeper', () => {
    expect(parseTarsJson('['.repeat(100) + ']'.repeat(100))).toBeDefined();
    expect(() => parseTarsJson('['.repeat(101) + ']'.repeat(101))).toThrow(
      'JSON, character 100: values lie more than 100 deep',
    );
    expect(() => parseTarsJson('{"a":'.repeat(1_000_000))).toThrow(TarsDecodeException);
  });

  it('takes any name for a member', () => {
    const json = parseTarsJson('{"__proto__":{"x":1},"constructor":2}') as { [key: string]: TarsJson };
    expect(Object.keys(json)).toEqual(['__proto__', 'constructor']);
    expect(json['x']).toBeUndefined();
    expect(Object.hasOwn(json, 'toString') || 'toString' in json).toBe(false);
  });

  it('rejects what is no JSON, as JSON.parse does', () => {
    const piece = fc.constantFrom(...Array.from('{}[],:"\\u0e.-+1 tfn'), 'true', 'null', '"a"', '1e5');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        let expected: unknown = SyntaxError;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(() => parseTarsJson(text)).toThrow(TarsDecodeException);
          return;
        }
        expect(parseTarsJson(text)).toEqual(expected);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('stringifyTarsJson', () => {
  it('writes as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(stringifyTarsJson(json as TarsJson)).toBe(JSON.stringify(json));
      }),
    );
  });

  it('writes each digit of a bigint, and null for what is no number', () => {
    expect(stringifyTarsJson({ a: 2n ** 63n - 1n, b: [Number.NaN, Number.POSITIVE_INFINITY, -1n] })).toBe(
      '{"a":9223372036854775807,"b":[null,null,-1]}',
    );
  });

  it('refuses what contains itself', () => {
    const loop: TarsJson[] = [];
    loop.push(loop);
    expect(() => stringifyTarsJson(loop)).toThrow(TarsEncodeException);
  });
});

describe('types in JSON', () => {
  it('keys of maps are texts', () => {
    const map = tars.map(tars.long, tars.string);
    expect(
      stringifyTarsJson(
        map.toJson(
          new Map([
            [2n ** 60n, 'a'],
            [-1n, 'b'],
          ]),
        ),
      ),
    ).toBe('{"-1":"b","1152921504606846976":"a"}');
    const byPoint = tars.map(tars.struct(Point), tars.int);
    const points = new Map([[Point.create({ x: 1 }), 5]]);
    const text = stringifyTarsJson(byPoint.toJson(points));
    expect(text).toBe(String.raw`{"{\"x\":1,\"y\":7,\"label\":\"origin\"}":5}`);
    expect(byPoint.fromJson(parseTarsJson(text))).toEqual(points);
  });

  it('bytes are signed numbers, and may come unsigned', () => {
    expect(tars.bytes.toJson(Uint8Array.of(0, 127, 128, 255))).toEqual([0, 127, -128, -1]);
    expect(tars.bytes.fromJson([0, 127, 128, -1])).toEqual(Uint8Array.of(0, 127, 128, 255));
  });

  it('fields that are absent have their defaults', () => expect(All.fromJson({})).toEqual(new All()));

  it.each<[string, () => unknown]>([
    ['an int', () => tars.int.fromJson(2 ** 31)],
    ['an int with a fraction', () => tars.int.fromJson(1.5)],
    ['a byte', () => tars.byte.fromJson(128)],
    ['a long', () => tars.long.fromJson(2n ** 63n)],
    ['a rounded long', () => tars.long.fromJson(2 ** 60)],
    ['a safe long', () => tars.safeLong.fromJson(2n ** 60n)],
    ['a bool', () => tars.bool.fromJson(1)],
    ['a string', () => tars.string.fromJson(null)],
    ['a double', () => tars.double.fromJson('1')],
    ['bytes', () => tars.bytes.fromJson([256])],
    ['bytes of a text', () => tars.bytes.fromJson('ab')],
    ['a list', () => tars.list(tars.int).fromJson({})],
    ['a map', () => tars.map(tars.int, tars.int).fromJson([])],
    ['a key of a map', () => tars.map(tars.int, tars.int).fromJson({ a: 1 })],
    ['an enum', () => tars.enum('vec.Color').fromJson('RED')],
  ])('%s out of range or of another type is refused', (_, read) => expect(read).toThrow(TarsDecodeException));
});
