import { describe, expect, it } from 'vitest';
import { ConfigException } from '../errors/exceptions.js';
import { booleanValue, configValueError, durationMsValue, integerValue, sizeValue } from './config-value.js';
import { TarsConfig } from './tars-config.js';

const at = (value: string) => TarsConfig.parse(`<a>\n  k = ${value}\n</a>`, { file: 's.conf' });

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ConfigException)) throw error;
    expect(error.where).toMatchObject({ file: 's.conf', line: 2, column: 3, key: '/a<k>' });
    return error.message;
  }
  throw new Error('expected a ConfigException');
}

describe('values that are missing or empty', () => {
  it.each([TarsConfig.parse(''), TarsConfig.parse('<a>\nother=1\n</a>'), at('')])('give the fallback', (config) => {
    expect(integerValue(config, '/a', 'k', -7, { min: 0 })).toBe(-7);
    expect(durationMsValue(config, '/a', 'k', 5)).toBe(5);
    expect(sizeValue(config, '/a', 'k', 9)).toBe(9);
    expect(booleanValue(config, '/a', 'k', true)).toBe(true);
    expect(booleanValue(config, '/a', 'k', false)).toBe(false);
  });
});

describe('integerValue', () => {
  it.each([
    ['0', 0],
    ['-12', -12],
    ['+12', 12],
    ['007', 7],
    ['9007199254740991', 9007199254740991],
  ])('reads %j', (text, value) => {
    expect(integerValue(at(text), '/a', 'k', 1)).toBe(value);
  });

  it.each(['x', '1.5', '1e3', '0x1', '1 2', '--1', 'NaN', 'Infinity', '9007199254740992'])('refuses %j', (text) => {
    expect(message(() => integerValue(at(text), '/a', 'k', 1))).toBe(
      `s.conf:2:3: key "k" in /a has the value "${text}"; expected an integer`,
    );
  });

  it('keeps to its bounds', () => {
    expect(integerValue(at('1'), '/a', 'k', 5, { min: 1, max: 3 })).toBe(1);
    expect(integerValue(at('3'), '/a', 'k', 5, { min: 1, max: 3 })).toBe(3);
    expect(message(() => integerValue(at('0'), '/a', 'k', 5, { min: 1, max: 3 }))).toMatch(/an integer from 1 to 3$/);
    expect(message(() => integerValue(at('4'), '/a', 'k', 5, { min: 1, max: 3 }))).toMatch(/an integer from 1 to 3$/);
    expect(message(() => integerValue(at('0'), '/a', 'k', 5, { min: 1 }))).toMatch(/an integer of at least 1$/);
    expect(message(() => integerValue(at('4'), '/a', 'k', 5, { max: 3 }))).toMatch(/an integer of at most 3$/);
  });
});

describe('durationMsValue', () => {
  it('reads milliseconds and refuses units and negative numbers', () => {
    expect(durationMsValue(at('3000'), '/a', 'k', 1)).toBe(3000);
    expect(message(() => durationMsValue(at('3s'), '/a', 'k', 1))).toMatch(
      /milliseconds as an integer from 0 to 2147483647$/,
    );
    expect(message(() => durationMsValue(at('-1'), '/a', 'k', 1))).toMatch(/from 0 to 2147483647$/);
    expect(message(() => durationMsValue(at('9'), '/a', 'k', 1, { min: 10, max: 20 }))).toMatch(/from 10 to 20$/);
  });
});

describe('sizeValue', () => {
  it.each([
    ['0', 0],
    ['52428800', 52428800],
    ['10M', 10 * 1024 * 1024],
    ['10m', 10 * 1024 * 1024],
    ['128K', 131072],
    ['1G', 1024 ** 3],
    ['1.5k', 1536],
    ['0.7', 0],
    ['2 M', 2 * 1024 * 1024],
  ])('reads %j', (text, bytes) => {
    expect(sizeValue(at(text), '/a', 'k', 1)).toBe(bytes);
  });

  it.each(['M', '10MB', '10T', '-1', '1.', '.5K', '1e9', 'ten', '9007199254740992', '99999999G'])(
    'refuses %j',
    (text) => {
      expect(message(() => sizeValue(at(text), '/a', 'k', 1))).toMatch(
        /; expected a size in bytes such as 1048576, 512K/,
      );
    },
  );

  it('keeps to its bounds', () => {
    expect(message(() => sizeValue(at('1K'), '/a', 'k', 1, { min: 2048 }))).toMatch(/of at least 2048$/);
  });
});

describe('booleanValue', () => {
  it.each([
    ['y', true],
    ['Y', true],
    ['1', true],
    ['true', true],
    ['n', false],
    ['N', false],
    ['0', false],
    ['False', false],
  ])('reads %j', (text, value) => {
    expect(booleanValue(at(text), '/a', 'k', !value)).toBe(value);
  });

  it.each(['yes', 'on', '2', 'constructor'])('refuses %j', (text) => {
    expect(message(() => booleanValue(at(text), '/a', 'k', true))).toBe(
      `s.conf:2:3: key "k" in /a has the value "${text}"; expected one of y, n, 1, 0, true, false`,
    );
  });
});

describe('configValueError', () => {
  it('keeps the cause and does without a position', () => {
    const cause = new Error('why');
    const error = configValueError(TarsConfig.fromObject({ a: { k: 'v' } }), '/a', 'k', 'an endpoint', cause);
    expect(error.message).toBe('key "k" in /a has the value "v"; expected an endpoint');
    expect(error.where).toEqual({ key: '/a<k>' });
    expect(error.cause).toBe(cause);
  });
});
