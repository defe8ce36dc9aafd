import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigException } from '../errors/exceptions.js';
import type { ConfigObject } from './config-object.js';
import { TarsConfig } from './tars-config.js';

const chars = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', '\\', '=', '<', '>', '#', '/', '\r', '\n', '\t', ' ', '\ufeff', 'ü') }),
);
const key = chars.filter((text) => !/^[<#]/.test(text) && !/^ | $/.test(text));
const value = chars.filter((text) => !/^ | $/.test(text));
const name = chars.filter((text) => text !== '' && !/[/<>\r\n]/.test(text) && !/^[ \t]|[ \t]$/.test(text));

const tree = fc.letrec<{ domain: ConfigObject }>((tie) => ({
  domain: fc
    .tuple(
      fc.dictionary(key, value, { maxKeys: 5 }),
      fc.dictionary(name, fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constant({}), tie('domain')), {
        maxKeys: 3,
      }),
    )
    .map(([params, domains]) => ({ ...params, ...domains })),
})).domain;

/** Everything that can be asked of a configuration. */
function content(config: TarsConfig, path = '/'): unknown {
  return [
    [...config.getDomainMap(path)],
    config.getDomainVector(path).map((name) => [name, content(config, `${path}/${name}`)]),
  ];
}

const line = fc.constantFrom(
  '<a>',
  '</a>',
  '<b>',
  '</b>',
  'k=v',
  'k',
  ' # c',
  '<',
  '\\',
  'k=\\n',
  '=',
  '',
  '\t\r',
  '<a/>',
);

describe('configurations', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(tree, (object) => {
        const config = TarsConfig.fromObject(object);
        const text = config.toString();
        const again = TarsConfig.parse(text);
        expect(content(again)).toEqual(content(config));
        expect(again.toString()).toBe(text);
      }),
    );
  });

  it('come from any text, or an exception with the line does, nothing else', () => {
    const text = fc.oneof(
      chars,
      fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n')),
    );
    let good = 0;
    fc.assert(
      fc.property(text, (text) => {
        try {
          const config = TarsConfig.parse(text, { file: 'x.conf' });
          content(config);
          good++;
        } catch (error) {
          if (!(error instanceof ConfigException)) throw error;
          const { file, line = 0, column = 0 } = error.where;
          expect(file).toBe('x.conf');
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(text.split('\n').length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(error.message.startsWith(`x.conf:${line}:${column}: `)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
    expect(good).toBeGreaterThan(0);
  });

  it('give each key the place that it stands at', () => {
    const key = fc.stringMatching(/^[a-z]{1,5}$/);
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 20 }), fc.nat(5), (keys, indent) => {
        const text = keys.map((key) => `${' '.repeat(indent)}${key} = v\r\n\n`).join('');
        const config = TarsConfig.parse(text);
        const expected = keys.map((_, index) => ({ line: 2 * index + 1, column: indent + 1 }));
        expect(keys.map((key) => config.positionOf(`/<${key}>`))).toEqual(expected);
      }),
    );
  });
});
