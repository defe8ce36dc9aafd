import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthOf, unitAt } from './text-units.js';

/** A text in the forms in which the engine keeps one. */
function formsOf(text: string): string[] {
  const joined = text.slice(0, text.length >> 1) + text.slice(text.length >> 1);
  const cut = `<${text}>`.slice(1, -1);
  const interned = Buffer.from(text, 'utf16le').toString('utf16le');
  Reflect.set({}, interned, 0);
  return [text, joined, cut, interned];
}

describe('lengthOf and unitAt', () => {
  it('are length and charCodeAt, whatever form the text has', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 40 }), (text) => {
        for (const form of formsOf(text)) {
          expect(lengthOf(form)).toBe(text.length);
          for (let at = 0; at < text.length; at++) expect(unitAt(form, at)).toBe(text.charCodeAt(at));
        }
      }),
    );
  });
});
