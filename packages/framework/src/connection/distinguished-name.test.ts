import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority } from '../../../../test/support/certificates.js';
import { alternativeNamesOf, type NamePart, nameText, partsOfLines, partsOfObject } from './distinguished-name.js';

const CN = '2.5.4.3';
const O = '2.5.4.10';
const OU = '2.5.4.11';
let authority: TestAuthority;

beforeAll(async () => {
  authority = await TestAuthority.create();
});

afterAll(() => authority.remove());

type Name = readonly (readonly (readonly [string, string])[])[];
const one = (type: string, value: string): readonly [readonly [string, string]] => [[type, value]];

/** What this Node tells of a certificate with such a name. */
async function told(name: Name, names: readonly string[] = []): Promise<X509Certificate> {
  const { cert } = await authority.issue({ name, names });
  return new X509Certificate(await readFile(cert));
}

const names: readonly (readonly [string, Name, string])[] = [
  ['parts', [one(O, 'Example'), one(CN, 'alice')], 'CN=alice,O=Example'],
  ['a comma', [one(CN, 'alice,O=Example')], 'CN=alice\\,O=Example'],
  ['the same attribute twice', [one(OU, 'a'), one(OU, 'b')], 'OU=b,OU=a'],
  [
    'attributes that stand together',
    [
      [
        [CN, 'a'],
        [OU, 'b'],
      ],
      one(O, 'c'),
    ],
    'O=c,CN=a+OU=b',
  ],
  ['a plus', [one(CN, 'a + OU=b')], 'CN=a \\+ OU=b'],
  ['every sign', [one(CN, 'a"+,;<>\\b=c')], 'CN=a\\"\\+\\,\\;\\<\\>\\\\b=c'],
  ['a hash in front', [one(CN, '#a#')], 'CN=\\#a#'],
  ['blanks around', [one(CN, '  a  ')], 'CN=\\  a \\ '],
  ['a blank alone', [one(CN, ' ')], 'CN=\\ '],
  ['a line end', [one(CN, 'alice\nO=Example')], 'CN=alice\\0AO=Example'],
  ['a zero', [one(CN, 'alice\0.evil')], 'CN=alice\\00.evil'],
  ['what is escaped already', [one(CN, 'a\\0Ab\\,c')], 'CN=a\\\\0Ab\\\\\\,c'],
  ['other letters', [one(CN, 'müller 日本')], 'CN=müller 日本'],
  ['letters that turn a line around', [one(CN, 'a\u202eb')], 'CN=a\\E2\\80\\AEb'],
  ['a type without a name', [one('1.2.3.4', 'x')], '1.2.3.4=x'],
  ['nothing', [], ''],
];

describe('the name in a certificate', () => {
  it.each(names)('with %s is one text, and comes back whole', async (_what, name, text) => {
    const { subject } = await told(name);
    const parts = partsOfLines(subject ?? '');
    expect(nameText(parts)).toBe(text);
    // Attributes that stand together have no order in DER.
    expect(parts.map((part) => part.map(({ value }) => value).toSorted())).toEqual(
      name.map((part) => part.map(([, value]) => value).toSorted()),
    );
  });

  it('has a text of its own', () => {
    expect(new Set(names.map(([, , text]) => text)).size).toBe(names.length);
  });

  it('is read from an object where there is nothing else', () => {
    const parts: NamePart[] = partsOfObject({ CN: ['a,b', 'c'], O: 'd' });
    expect(nameText(parts)).toBe('O=d,CN=c,CN=a\\,b');
  });
});

describe('alternative names', () => {
  it.each<[string[], [string, string][]]>([
    [
      ['DNS:a.example', 'IP:10.0.0.1', 'URI:spiffe://a/b'],
      [
        ['DNS', 'a.example'],
        ['IP Address', '10.0.0.1'],
        ['URI', 'spiffe://a/b'],
      ],
    ],
    [['URI:http://a/, DNS:evil.example'], [['URI', 'http://a/, DNS:evil.example']]],
    [['DNS:a", DNS:"b\\'], [['DNS', 'a", DNS:"b\\']]],
    [
      ['DNS:a\nb', 'DNS:c'],
      [
        ['DNS', 'a\nb'],
        ['DNS', 'c'],
      ],
    ],
    [[], []],
  ])('%j come back one by one', async (wanted, expected) => {
    const { subjectAltName } = await told([one(CN, 'x')], wanted);
    expect(alternativeNamesOf(subjectAltName ?? '').map(({ type, value }) => [type, value])).toEqual(expected);
  });
});
