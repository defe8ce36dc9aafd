import { describe, expect, it } from 'vitest';
import { codeOf, compileText, faultsOf, inModule } from '../memory-files.testkit.js';

/** A construct, and a line that its code has to have. */
const cases: readonly (readonly [what: string, lines: readonly string[], code: readonly string[]])[] = [
  ['an enum with a trailing comma', ['enum E { A, B = 3, C, };'], ['  A: 0,', '  B: 3,', '  C: 4,']],
  [
    'a function with a name of TARS',
    ['interface I { void tarsMore(); };'],
    ['  tarsMore(options?: TarsCallOptions): Promise<void> {'],
  ],
  ['an enum with more commas than it needs', ['enum E { , A,, B };'], ['  A: 0,', '  B: 1,']],
  [
    'enumerators in hex and octal',
    ['enum E { A = 0x10, B = 010, C = -1, D = 0xffffffff };'],
    ['  A: 16,', '  B: 8,', '  D: -1,'],
  ],
  [
    'enumerators of others',
    ['enum E { A = 7 };', 'enum F { B = A, C = E::A, D = m::A, G = m::E::A };'],
    ['  B: 7,', '  C: 7,', '  D: 7,', '  G: 7,'],
  ],
  [
    'enumerators for numbers',
    [
      'enum E { A = 7 };',
      'struct S { 0 optional long l = A; 1 optional byte b = E::A; 2 optional double d = m::E::A; };',
      'const int N = m::A;',
    ],
    ['  l = 7n;', '  b = 7;', '  d = 7;', 'export const N = 7;'],
  ],
  [
    'numbers',
    ['const int A = -12;', 'const short B = 0x7f;', 'const long C = 0777;', 'const long D = -9007199254740993;'],
    [
      'export const A = -12;',
      'export const B = 127;',
      'export const C = 511n;',
      'export const D = -9007199254740993n;',
    ],
  ],
  [
    'bits of a negative number',
    ['const byte A = 0xff;', 'const long B = 0xffffffffffffffff;'],
    ['export const A = -1;', 'export const B = -1n;'],
  ],
  [
    'unsigned numbers',
    ['const unsigned byte A = 0xff;', 'const unsigned int B = 4294967295;'],
    ['export const A = 255;', 'export const B = 4294967295;'],
  ],
  [
    'floats',
    [
      'const float A = 1.5f;',
      'const double B = -.5e-3;',
      'const double C = 2.;',
      'const float D = 3;',
      'const double E = -0.0;',
    ],
    [
      'export const A = 1.5;',
      'export const B = -0.0005;',
      'export const C = 2;',
      'export const D = 3;',
      'export const E = 0;',
    ],
  ],
  [
    'strings',
    ['const string A = "a\\tb\\x41\\101\\0\\?";', 'const string B = "\\"\'";', 'const string C = "it\'s";'],
    ["export const A = 'a\\tbAA\\u0000?';", "export const B = '\"\\'';", 'export const C = "it\'s";'],
  ],
  [
    'booleans',
    ['const bool A = true;', 'const bool B = false;'],
    ['export const A = true;', 'export const B = false;'],
  ],
  [
    'an enum constant',
    ['enum E { A, B };', 'const E X = B;', 'const E Y = m::A;', 'const E Z = E::A;'],
    ['export const X: E = E.B;', 'export const Y: E = E.A;', 'export const Z: E = E.A;'],
  ],
  [
    'members by their tags',
    ['struct S { 9 require int b; 2 require int a; };'],
    ["  static readonly fieldNames = { 2: 'a', 9: 'b' };"],
  ],
  [
    'a type of the own module by its full name',
    ['struct A { 0 require int i; };', 'struct B { 0 optional m::A a; };'],
    ['  a: A = A.create();'],
  ],
  [
    'fixed arrays',
    [
      'struct S { 0 optional int a[3]; 1 optional vector<string>:4 b; 2 optional string:8 c; 3 optional byte *d; 4 optional byte e[2]; };',
    ],
    [
      '  a: number[] = [];',
      '  b: string[] = [];',
      '  c: Uint8Array = new Uint8Array([]);',
      '  d: Uint8Array = new Uint8Array([]);',
      '  e: Uint8Array = new Uint8Array([]);',
      '    os.writeListHead(0, value.a.length);',
      '    os.writeBytes(3, value.d);',
    ],
  ],
  [
    'containers without blanks',
    ['struct S { 0 optional map<int,map<string,vector<vector<byte>>>>m; };'],
    ['  m: Map<number, Map<string, Uint8Array[]>> = new Map();'],
  ],
  ['a comment before', ['// one', '// two', 'struct S { 0 require int a; };'], ['/**', ' * one', ' * two', ' */']],
  [
    'a comment behind',
    [
      'struct S {',
      '  0 require int a; // of a',
      '  1 require int b; /* of b */',
      '  // of c',
      '  2 require int c;',
      '};',
    ],
    ['  /** of a */', '  /** of b */', '  /** of c */'],
  ],
  ['a comment that is far off', ['// far off', '', 'struct S { 0 require int a; };'], ['/** Struct `m.S`. */']],
  [
    'a comment of a block',
    ['/**', ' * One.', ' *', ' * Two.', ' */', 'struct S { 0 require int a; };'],
    ['/**', ' * One.', ' *', ' * Two.', ' */'],
  ],
  [
    'a comment of enumerators',
    ['enum E {', '  A, ///< first', '  B  //!< second', '};'],
    ['  /** first */', '  /** second */'],
  ],
  ['a comment that would end the comment', ['// a */ b', 'struct S { 0 require int a; };'], ['/** a *\\/ b */']],
  [
    'rulers in comments',
    ['/////////////', '// text', '//-----------', 'struct S { 0 require int a; };'],
    ['/** text */'],
  ],
  [
    'names that the code needs',
    ['struct Map { 0 require int item; };', 'struct item { 0 optional vector<Map> a; };'],
    ['export class Map_ {', 'export class item_ {', '  a: Map_[] = [];'],
  ],
];

describe('the grammar has', () => {
  it.each(cases)('%s', (_, lines, code) => {
    const text = codeOf(inModule(...lines)).split('\n');
    for (const line of code) expect(text).toContain(line);
  });

  it('modules that are opened again, and names of several modules in front', () => {
    const text =
      'module a { struct S { 0 require int x; }; };\nmodule b { struct S { 0 require a::S s; }; };\nmodule a { enum E { X }; };';
    const code = codeOf(text);
    expect(code).toContain('export class a_S {');
    expect(code).toContain('export class b_S {');
    expect(code).toContain('  s: a_S = a_S.create();');
    expect(code).toContain('export const a_E = {');
    expect(codeOf('module a { enum E { X }; };\nmodule a { enum F { X }; };')).toContain('export const F = {');
  });

  it('includes by the folder of the file and by --include, each file once', () => {
    const others = {
      'sub/a.tars': '#include "b.tars"\nmodule a { struct A { 0 require b::B b; }; };',
      'sub/b.tars': 'module b { struct B { 0 require int x; }; };',
      '/lib/c.tars': '#include "c.tars"\nmodule c { struct B { 0 require int x; }; };',
    };
    const text = `#include "sub/a.tars";
#include "sub/b.tars"
#include "c.tars"
module m { struct S { 0 require b::B one; 1 require c::B two; 2 require a::A three; }; };`;
    const { files, problems, watched } = compileText(text, { include: ['/lib'] }, others);
    expect(problems).toEqual([]);
    expect(files.map(({ path }) => path)).toEqual(['/idl/sub/b.ts', '/idl/sub/a.ts', '/lib/c.ts', '/idl/main.ts']);
    expect(files[3]?.text).toContain("import { B as B_ } from '../lib/c.js';");
    expect(files[3]?.text).toContain("import { A } from './sub/a.js';");
    expect(files[3]?.text).toContain("import { B } from './sub/b.js';");
    expect(watched).toContain('/idl/c.tars');
  });

  it('files that include each other', () => {
    const others = { 'a.tars': '#include "main.tars"\nmodule a { enum E { X }; };' };
    expect(faultsOf('#include "a.tars"\nmodule m { struct S { 0 require a::E e; }; };', {}, others)).toEqual([]);
  });

  it('names that begin with tars, when told', () => {
    expect(codeOf('module tars { struct tarsS { 0 require int tarsA; }; };', { withTars: true })).toContain(
      'class tarsS {',
    );
  });

  it('empty files', () => {
    expect(codeOf('// nothing')).toBe(
      '// Made by tars2ts from main.tars. Change that file and not this one.\n\nexport {};\n',
    );
  });

  it('a byte order mark, and lines that end with CRLF', () => {
    expect(codeOf('\ufeffmodule m {\r\n  // doc\r\n  enum E { A };\r\n};\r\n')).toContain(
      '/** doc */\nexport const E = {',
    );
  });
});

describe('what is left out when it is written', () => {
  it.each([
    ['require int a', '    os.writeInt32(0, value.a);'],
    ['optional int a', '    if (value.a !== 0) os.writeInt32(0, value.a);'],
    ['optional int a = 5', '    if (value.a !== 5) os.writeInt32(0, value.a);'],
    ['optional bool a', '    os.writeBoolean(0, value.a);'],
    ['optional string a', "    if (value.a !== '') os.writeString(0, value.a);"],
    ['optional long a', '    if (value.a !== 0n) os.writeInt64(0, value.a);'],
    ['optional E a', '    os.writeInt32(0, value.a);'],
    ['optional T a', '    os.writeStruct(0, value.a, T);'],
    ['optional vector<byte> a', '    if (value.a.length > 0) os.writeBytes(0, value.a);'],
    ['require vector<byte> a', '    os.writeBytes(0, value.a);'],
    ['optional vector<int> a', '    if (value.a.length > 0) {'],
    ['require vector<int> a', '    os.writeListHead(0, value.a.length);'],
    ['optional map<int, int> a', '    if (value.a.size > 0) {'],
    ['require map<int, int> a', '    os.writeMapHead(0, value.a.size);'],
    ['optional int a[2]', '    os.writeListHead(0, value.a.length);'],
  ])('%s', (member, line) => {
    const code = codeOf(inModule('enum E { A };', 'struct T { 0 require int x; };', `struct S { 0 ${member}; };`));
    expect(code.slice(code.indexOf('class S')).split('\n')).toContain(line);
  });
});

describe('options', () => {
  const text = inModule('struct S { 0 optional long a = 5; };', 'interface I { long f(long a); };');

  it('make a long a number', () => {
    const code = codeOf(text, { long: 'number' });
    expect(code).toContain('  a = 5;\n');
    expect(code).toContain('if (value.a !== 5) os.writeLong(0, value.a);');
    expect(code).toContain('value.a = is.readLong(0, 5);');
    expect(code).toContain("tarsFunction('f', tars.safeLong, [{ name: 'a', type: tars.safeLong }])");
  });

  it('make interfaces and constants of structs', () => {
    const code = codeOf(text, { plain: true });
    expect(code).toContain('export interface S {\n  a: bigint;\n}\n');
    expect(code).toContain('export const S: TarsStructType<S> = {\n');
    expect(code).toContain('return { a: 5n, ...init };');
  });

  it.each([
    ['structs', false, false, 1],
    ['client', true, true, 1],
    ['server', true, false, 2],
    ['all', true, true, 2],
  ] as const)('only %s', (only, hasInterface, hasProxy, count) => {
    const { files } = compileText(text, { only });
    expect(files.length).toBe(count);
    expect(files[0]?.text.includes('tarsFunction')).toBe(hasInterface);
    expect(files[0]?.text.includes('@tarsier/proxy')).toBe(hasProxy);
    expect(files[0]?.text.includes('@tarsier/framework')).toBe(false);
  });
});
