import { describe, expect, it } from 'vitest';
import { TarsDecodeException } from '../errors/exceptions.js';
import { tarsJsonField } from './json-field.js';
import { tars } from './tars.js';
import type { TarsType } from './tars-type.js';

describe('tarsJsonField', () => {
  it('takes a field by its type', () => {
    expect(tarsJsonField({ a: 5 }, 'a', tars.int)).toBe(5);
    expect(tarsJsonField({ a: 5 }, 'a', tars.long, 1n)).toBe(5n);
  });

  it('gives what stands in for an absent one, and nothing inherited', () => {
    expect(tarsJsonField({}, 'a', tars.int, 7)).toBe(7);
    expect(tarsJsonField({}, 'toString', tars.string, '')).toBe('');
  });

  it.each([
    ['a number', tars.int, 7],
    ['a double', tars.double, 0.5],
    ['a text', tars.string, 'x'],
    ['a long', tars.long, 1n],
    ['a list', tars.list(tars.int), [1]],
    ['a map', tars.map(tars.int, tars.int), new Map()],
    ['bytes', tars.bytes, Uint8Array.of(1)],
  ])('null stands for the default of %s that is optional, and is none where it is required', (_, type, otherwise) => {
    expect(tarsJsonField({ a: null }, 'a', type as TarsType<unknown>, otherwise)).toBe(otherwise);
    if (type !== tars.double)
      expect(() => tarsJsonField({ a: null }, 'a', type as TarsType<unknown>)).toThrow(TarsDecodeException);
  });

  it.each([
    [{}, 'JSON: the field "a" is required and not there'],
    [{ a: 'x' }, 'JSON: field "a": a value of type int was expected, found a string'],
    [[], 'JSON: an object for a struct was expected, found an array'],
    [null, 'JSON: an object for a struct was expected, found null'],
  ])('refuses %j', (json, message) => {
    expect(() => tarsJsonField(json, 'a', tars.int)).toThrow(message);
    expect(() => tarsJsonField(json, 'a', tars.int)).toThrow(TarsDecodeException);
  });
});
