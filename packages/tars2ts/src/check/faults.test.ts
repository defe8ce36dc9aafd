import { describe, expect, it } from 'vitest';
import { faultsOf, inModule } from '../memory-files.testkit.js';

/** A text, and what is said of it: place and message, the line, and the caret. */
interface Case {
  readonly what: string;
  readonly text: string;
  readonly says: readonly string[];
}

/** Cases inside of `module m {`, whose first line is line 2. */
const inside: readonly (readonly [what: string, lines: readonly string[], says: readonly string[]])[] = [
  [
    'a tag that is taken',
    ['struct S {', '  0 require int a;', '  0 optional int b;', '};'],
    ['main.tars:4:3: tag 0 belongs to a already; 1 is free', '    0 optional int b;', '    ^'],
  ],
  [
    'a tag out of range',
    ['struct S { 256 require int a; };'],
    ['main.tars:2:12: a tag goes from 0 to 255', '  struct S { 256 require int a; };', '             ^^^'],
  ],
  [
    'no tag',
    ['struct S { require int a; };'],
    [
      'main.tars:2:12: a member begins with its tag, a number from 0 to 255, as "0 require int id;"',
      '  struct S { require int a; };',
      '             ^^^^^^^',
    ],
  ],
  [
    'neither require nor optional',
    ['struct S { 0 int a; };'],
    [
      'main.tars:2:14: "require" or "optional" is missing behind the tag',
      '  struct S { 0 int a; };',
      '               ^^^',
    ],
  ],
  [
    'a member twice',
    ['struct S { 0 require int a; 1 require int a; };'],
    [
      'main.tars:2:43: the struct S has a member a already; choose another name',
      '  struct S { 0 require int a; 1 require int a; };',
      '                                            ^',
    ],
  ],
  [
    'a struct without members',
    ['struct S { };'],
    ['main.tars:2:8: the struct S needs at least one member', '  struct S { };', '         ^'],
  ],
  [
    'a struct in itself',
    ['struct S { 0 require S s; };'],
    [
      'main.tars:2:22: the struct S cannot contain itself; use vector<S>',
      '  struct S { 0 require S s; };',
      '                       ^',
    ],
  ],
  [
    'an unknown type',
    ['struct S { 0 require Foo s; };'],
    [
      'main.tars:2:22: there is no type Foo; define it above, or include its file',
      '  struct S { 0 require Foo s; };',
      '                       ^^^',
    ],
  ],
  [
    'a type that differs in case',
    ['struct Point { 0 require int x; };', 'struct S { 0 require point s; };'],
    [
      'main.tars:3:22: there is no type point; did you mean Point?',
      '  struct S { 0 require point s; };',
      '                       ^^^^^',
    ],
  ],
  [
    'a type that is defined below',
    ['struct S { 0 require T t; };', 'struct T { 0 require int a; };'],
    [
      'main.tars:2:22: there is no type T; it is defined below, in line 3: move it up',
      '  struct S { 0 require T t; };',
      '                       ^',
    ],
  ],
  [
    'a constant as type',
    ['const int N = 1;', 'struct S { 0 require N n; };'],
    [
      'main.tars:3:22: N is a constant and no type; use a struct, an enum or a builtin type',
      '  struct S { 0 require N n; };',
      '                       ^',
    ],
  ],
  [
    'an interface as type',
    ['interface I { void f(); };', 'struct S { 0 require I n; };'],
    [
      'main.tars:3:22: I is an interface and no type; use a struct, an enum or a builtin type',
      '  struct S { 0 require I n; };',
      '                       ^',
    ],
  ],
  [
    'a name that is defined already',
    ['enum A { X };', 'struct A { 0 require int a; };'],
    [
      'main.tars:3:8: m::A is defined already, in main.tars, line 2; choose another name',
      '  struct A { 0 require int a; };',
      '         ^',
    ],
  ],
  [
    'a number for a string',
    ['struct S { 0 optional string s = 1; };'],
    [
      'main.tars:2:34: a string needs a text in quotes, as "text"',
      '  struct S { 0 optional string s = 1; };',
      '                                   ^',
    ],
  ],
  [
    'a text for a bool',
    ['struct S { 0 optional bool b = "true"; };'],
    [
      'main.tars:2:32: a bool needs true or false',
      '  struct S { 0 optional bool b = "true"; };',
      '                                 ^^^^^^',
    ],
  ],
  [
    'a fraction for an int',
    ['struct S { 0 optional int i = 1.5; };'],
    [
      'main.tars:2:31: an int needs a whole number, as 12 or 0x0c',
      '  struct S { 0 optional int i = 1.5; };',
      '                                ^^^',
    ],
  ],
  [
    'a value out of range',
    ['struct S { 0 optional byte i = 200; };'],
    [
      'main.tars:2:32: this is no byte, which goes from -128 to 127',
      '  struct S { 0 optional byte i = 200; };',
      '                                 ^^^',
    ],
  ],
  [
    'a text for a double',
    ['const double D = "1";'],
    ['main.tars:2:18: a double needs a number, as 1.5', '  const double D = "1";', '                   ^^^'],
  ],
  [
    'a default of a vector',
    ['struct S { 0 optional vector<int> v = 1; };'],
    [
      'main.tars:2:39: a vector<int> cannot have a value here; only builtin types and enums can',
      '  struct S { 0 optional vector<int> v = 1; };',
      '                                        ^',
    ],
  ],
  [
    'a name as default of an int',
    ['const int N = 1;', 'struct S { 0 optional int i = N; };'],
    [
      'main.tars:3:31: write the value itself; names can only stand for members of an enum',
      '  struct S { 0 optional int i = N; };',
      '                                ^',
    ],
  ],
  [
    'no member of the enum',
    ['enum E { A, B };', 'struct S { 0 optional E e = C; };'],
    [
      'main.tars:3:29: C is no member of the enum E; write one of its members: A, B',
      '  struct S { 0 optional E e = C; };',
      '                              ^',
    ],
  ],
  [
    'a number for an enum that has none like it',
    ['enum E { A, B };', 'const E X = 2;'],
    [
      'main.tars:3:13: the value of an enum E is one of its names; write one of its members: A, B',
      '  const E X = 2;',
      '              ^',
    ],
  ],
  [
    'a function that every servant has',
    ['interface I { void tars_ping(); };'],
    [
      'main.tars:2:20: every servant has a function tars_ping already; rename this one',
      '  interface I { void tars_ping(); };',
      '                     ^^^^^^^^^',
    ],
  ],
  [
    'a name as default of a text',
    ['enum E { A };', 'struct S { 0 optional string s = A; };'],
    [
      'main.tars:3:34: write the value itself; names can only stand for members of an enum',
      '  struct S { 0 optional string s = A; };',
      '                                   ^',
    ],
  ],
  [
    'a member of an enum that does not fit',
    ['enum E { A = 200 };', 'struct S { 0 optional byte b = E::A; };'],
    [
      'main.tars:3:32: this is no byte, which goes from -128 to 127',
      '  struct S { 0 optional byte b = E::A; };',
      '                                 ^^^^',
    ],
  ],
  [
    'a number for an enum',
    ['enum E { A, B };', 'const E X = 1;'],
    ['main.tars:3:13: the value of an enum E is one of its names; write B', '  const E X = 1;', '              ^'],
  ],
  [
    'a member of an enum twice',
    ['enum E { A, B, A };'],
    [
      'main.tars:2:16: the enum E has a member A already; choose another name',
      '  enum E { A, B, A };',
      '                 ^',
    ],
  ],
  [
    'an enumerator before it is there',
    ['enum E { A = B, B };'],
    [
      'main.tars:2:14: there is no enum member B yet; define it above, or write a number',
      '  enum E { A = B, B };',
      '               ^',
    ],
  ],
  [
    'an enum without members',
    ['enum E { };'],
    ['main.tars:2:6: the enum E needs at least one member', '  enum E { };', '       ^'],
  ],
  [
    'an enumerator that is too large',
    ['enum E { A = 2147483648 };'],
    [
      'main.tars:2:14: the value 2147483648 does not fit into the 32 bits of an enum',
      '  enum E { A = 2147483648 };',
      '               ^^^^^^^^^^',
    ],
  ],
  [
    'a text as value of an enumerator',
    ['enum E { A = "x" };'],
    [
      'main.tars:2:14: the value of an enum member is a whole number or a member that was defined before',
      '  enum E { A = "x" };',
      '               ^^^',
    ],
  ],
  [
    'a key of no struct',
    ['key[S, a];'],
    ['main.tars:2:5: there is no struct S; define it above its key', '  key[S, a];', '      ^'],
  ],
  [
    'a key without members',
    ['struct S { 0 require int a; };', 'key[S];'],
    ['main.tars:3:6: name at least one member, as key[Point, x];', '  key[S];', '       ^'],
  ],
  [
    'a key of what is no member',
    ['struct S { 0 require int a; };', 'key[S, b];'],
    ['main.tars:3:8: the struct S has no member b', '  key[S, b];', '         ^'],
  ],
  [
    'a key that names a member twice',
    ['struct S { 0 require int a; };', 'key[S, a, a];'],
    ['main.tars:3:11: a stands in this key already; remove it', '  key[S, a, a];', '            ^'],
  ],
  [
    'a second key',
    ['struct S { 0 require int a; };', 'key[S, a];', 'key[S, a];'],
    ['main.tars:4:5: the struct S has a key already; keep one of them', '  key[S, a];', '      ^'],
  ],
  [
    'a map whose keys have no order',
    ['struct S { 0 require int a; };', 'struct T { 0 optional map<S, int> m; };'],
    [
      'main.tars:3:23: S is the key of a map and has no order; add key[S, a]; behind the struct',
      '  struct T { 0 optional map<S, int> m; };',
      '                        ^^^^^^^^^^^',
    ],
  ],
  [
    'an interface with the name of its module',
    ['interface m { void f(); };'],
    [
      'main.tars:2:11: an interface cannot have the name of its module; rename the interface m',
      '  interface m { void f(); };',
      '            ^',
    ],
  ],
  [
    'a function twice',
    ['interface I { void f(); int f(int a); };'],
    [
      'main.tars:2:29: the interface I has a function f already; functions cannot be overloaded',
      '  interface I { void f(); int f(int a); };',
      '                              ^',
    ],
  ],
  [
    'a parameter with the name of its function',
    ['interface I { void f(int f); };'],
    [
      'main.tars:2:26: a parameter cannot have the name of its function; rename it',
      '  interface I { void f(int f); };',
      '                           ^',
    ],
  ],
  [
    'a parameter twice',
    ['interface I { void f(int a, out int a); };'],
    [
      'main.tars:2:37: the function f has a parameter a already; rename one',
      '  interface I { void f(int a, out int a); };',
      '                                      ^',
    ],
  ],
  [
    'a parameter of type void',
    ['interface I { int f(void a); };'],
    [
      'main.tars:2:21: void is no type of a parameter',
      '  interface I { int f(void a); };',
      '                      ^^^^',
    ],
  ],
  [
    'a routekey that is no string',
    ['interface I { int f(routekey int a); };'],
    [
      'main.tars:2:30: a routekey is a string; change its type',
      '  interface I { int f(routekey int a); };',
      '                               ^^^',
    ],
  ],
  [
    'a keyword as name',
    ['struct int { 0 require int a; };'],
    [
      'main.tars:2:8: "int" is a word of the language and cannot be the name of the struct; choose another',
      '  struct int { 0 require int a; };',
      '         ^^^',
    ],
  ],
  [
    'a name that begins with tars',
    ['struct tarsPoint { 0 require int a; };'],
    [
      'main.tars:2:8: names that begin with "tars" belong to TARS itself; rename tarsPoint, or compile with --with-tars',
      '  struct tarsPoint { 0 require int a; };',
      '         ^^^^^^^^^',
    ],
  ],
  [
    'a name that JavaScript cannot have',
    ['struct S { 0 require int __proto__; };'],
    [
      'main.tars:2:26: JavaScript cannot have this name; rename it',
      '  struct S { 0 require int __proto__; };',
      '                           ^^^^^^^^^',
    ],
  ],
  [
    'an unsigned long',
    ['struct S { 0 require unsigned long a; };'],
    [
      'main.tars:2:22: only byte, short and int can be unsigned',
      '  struct S { 0 require unsigned long a; };',
      '                       ^^^^^^^^^^^^^',
    ],
  ],
  [
    'a pointer to what is no byte',
    ['struct S { 0 require int *a; };'],
    ['main.tars:2:22: only byte can have a "*"', '  struct S { 0 require int *a; };', '                       ^^^'],
  ],
  [
    'an array without a size',
    ['struct S { 0 require int a[0]; };'],
    [
      'main.tars:2:28: the size of an array is a whole number from 1',
      '  struct S { 0 require int a[0]; };',
      '                             ^',
    ],
  ],
  [
    'an octal number with a 9',
    ['const int N = 019;'],
    [
      'main.tars:2:15: 019 begins with 0 and is octal, which has no digits 8 and 9; drop the 0',
      '  const int N = 019;',
      '                ^^^',
    ],
  ],
  [
    'what is no number',
    ['const int N = 12ab;'],
    [
      'main.tars:2:15: 12ab is no number; write it as 12, 0x0c, 014 or 1.5e3',
      '  const int N = 12ab;',
      '                ^^^^',
    ],
  ],
  [
    'a string without an end',
    ['const string S = "abc;', 'const int N = 1;'],
    [
      'main.tars:2:18: this string does not end in its line; close it with "',
      '  const string S = "abc;',
      '                   ^^^^^',
    ],
  ],
  [
    'an escape that C does not have',
    ['const string S = "a\\q";'],
    [
      'main.tars:2:20: \\q is no escape of a string; write \\\\ for a backslash',
      '  const string S = "a\\q";',
      '                     ^^',
    ],
  ],
  [
    'a string that is no UTF-8',
    ['const string S = "\\xff";'],
    [
      'main.tars:2:19: the bytes of this string are no UTF-8; a TypeScript string cannot hold them',
      '  const string S = "\\xff";',
      '                    ^^^^',
    ],
  ],
  [
    'a sign that means nothing',
    ['const int N = 1 @ ;'],
    ['main.tars:2:17: "@" has no meaning here; remove it', '  const int N = 1 @ ;', '                  ^'],
  ],
  [
    'a semicolon that is missing at the end of a line',
    ['struct S { 0 require int a; }', 'struct T { 0 require int a; };'],
    [
      'main.tars:2:30: ";" is missing behind the struct, found "struct"',
      '  struct S { 0 require int a; }',
      '                               ^',
    ],
  ],
  [
    'a module in a module',
    ['module n { };'],
    ['main.tars:2:1: modules cannot stand in each other; close the outer one first', '  module n { };', '  ^^^^^^'],
  ],
  [
    'what is no definition',
    ['class S { };'],
    [
      'main.tars:2:1: a definition begins with enum, const, struct, key or interface, and not with "class"',
      '  class S { };',
      '  ^^^^^',
    ],
  ],
];

const outside: readonly Case[] = [
  {
    what: 'a definition outside of a module',
    text: 'struct S { 0 require int a; };',
    says: [
      'main.tars:1:1: a file has #include and module { … }; put "struct" into a module',
      '  struct S { 0 require int a; };',
      '  ^^^^^^',
    ],
  },
  {
    what: 'a file that ends too early',
    text: 'module m {\n  enum E { A };',
    says: [
      'main.tars:2:16: "}" is missing at the end of the module; the file ends here',
      '    enum E { A };',
      '                 ^',
    ],
  },
  {
    what: 'an include that is not there',
    text: '#include "gone.tars"\nmodule m { enum E { A }; };',
    says: [
      'main.tars:1:1: "gone.tars" is not in /idl; correct the name or give its folder with --include',
      '  #include "gone.tars"',
      '  ^^^^^^^^^^^^^^^^^^^^',
    ],
  },
  {
    what: 'an include without quotes',
    text: '#include <a.tars>\nmodule m { enum E { A }; };',
    says: [
      'main.tars:1:1: an include needs the name of a file in quotes, as #include "Base.tars"',
      '  #include <a.tars>',
      '  ^^^^^^^^',
    ],
  },
  {
    what: 'another directive',
    text: '#pragma once\nmodule m { enum E { A }; };',
    says: [
      'main.tars:1:1: "#" has no meaning here; the only directive is #include "file.tars"',
      '  #pragma once',
      '  ^',
    ],
  },
  {
    what: 'a comment without an end',
    text: 'module m { enum E { A }; };\n/* and so on',
    says: ['main.tars:2:1: this comment never ends; close it with */', '  /* and so on', '  ^^'],
  },
  {
    what: 'a tab before the fault',
    text: 'module m {\n\tenum E { A, A };\n};',
    says: [
      'main.tars:2:14: the enum E has a member A already; choose another name',
      '  \tenum E { A, A };',
      '  \t            ^',
    ],
  },
];

const cases: readonly Case[] = [
  ...inside.map(([what, lines, says]) => ({ what, text: inModule(...lines), says })),
  ...outside,
];

describe('a fault', () => {
  it.each(cases)('$what', ({ text, says }) => {
    expect(faultsOf(text)[0]?.split('\n')).toEqual(says);
  });

  it('too many parameters', () => {
    const params = Array.from({ length: 256 }, (_, index) => `int p${index}`).join(',\n');
    expect(faultsOf(inModule(`interface I { void f(${params}); };`))).toEqual([
      'main.tars:257:5: a function has at most 255 parameters; put some of them into a struct\n  int p255); };\n      ^^^^',
    ]);
  });

  it('a long that no number can hold, where it has to', () => {
    expect(faultsOf(inModule('const long N = 9007199254740992;'), { long: 'number' })).toEqual([
      'main.tars:2:16: a number does not hold this exactly; let long be bigint\n  const long N = 9007199254740992;\n                 ^^^^^^^^^^^^^^^^',
    ]);
  });

  it('types that lie too deep in each other', () => {
    const text = inModule(`struct S { 0 require ${'vector<'.repeat(100)}int${'>'.repeat(100)} a; };`);
    expect(faultsOf(text)[0]).toMatch(/types lie more than 64 deep in each other; put a struct between/);
  });

  it('has its line left out when that is very long', () => {
    expect(faultsOf(`module m { ${' '.repeat(500)} enum E { }; };`)).toEqual([
      'main.tars:1:518: the enum E needs at least one member',
    ]);
  });

  it('is reported with the others of its file', () => {
    const text = inModule(
      'enum E { A B };',
      'struct S { 0 require int; 1 require Foo b; 2 optional int c = "x"; };',
      'interface I { foo(); int g(int); };',
      'const int N = ;',
    );
    expect(faultsOf(text).map((fault) => fault.split('\n')[0])).toEqual([
      'main.tars:2:12: "," is missing between the members of the enum, found "B"',
      'main.tars:3:25: the name of the member is missing, found ";"',
      'main.tars:3:37: there is no type Foo; define it above, or include its file',
      'main.tars:3:63: an int needs a whole number, as 12 or 0x0c',
      'main.tars:4:18: the name of the function is missing, found "("',
      'main.tars:4:31: the name of the parameter is missing, found ")"',
      'main.tars:5:15: the value of the constant is missing, found ";"; write a number, a "text", true, false or a name',
    ]);
  });

  it('says which file has to be included', () => {
    const others = {
      'a.tars': 'module a { enum E { X }; };',
      'b.tars': 'module b { struct S { 0 require a::E e; }; };',
    };
    const text = '#include "a.tars"\n#include "b.tars"\nmodule m { enum F { X }; };';
    expect(faultsOf(text, {}, others)[0]).toMatch(
      /^b.tars:1:33: there is no type a::E; it is defined in a.tars, line 1, which has to be included\n/,
    );
  });

  it('says how a type of another module is written', () => {
    const text = 'module a { enum E { X }; };\nmodule m { struct S { 0 require E e; }; };';
    expect(faultsOf(text)[0]).toMatch(/^main.tars:2:33: there is no type E; write a::E\n/);
  });

  it('two included files define the same', () => {
    const others = { 'a.tars': 'module a { enum E { X }; };', 'b.tars': 'module a { enum E { Y }; };' };
    expect(faultsOf('#include "a.tars"\n#include "b.tars"\nmodule m { enum F { X }; };', {}, others)).toEqual([
      'main.tars:2:1: a::E is defined here and in a.tars, line 1; rename one of them\n  #include "b.tars"\n  ^^^^^^^^^^^^^^^^^',
    ]);
  });

  it('a chain of includes that is too long', () => {
    const others: Record<string, string> = {};
    for (let i = 0; i < 210; i++) others[`f${i}.tars`] = `#include "f${i + 1}.tars"\nmodule m${i} { enum E { X }; };`;
    const [fault] = faultsOf('#include "f0.tars"\nmodule m { enum F { X }; };', {}, others);
    expect(fault).toMatch(/files include each other more than 200 deep; make the chain shorter/);
  });

  it('two files with one output', () => {
    const others = { 'sub/main.tars': 'module a { enum E { X }; };' };
    const text = '#include "sub/main.tars"\nmodule m { enum F { X }; };';
    expect(faultsOf(text, { out: 'gen' }, others)[0]).toMatch(/is that of .* too; rename one of the files/);
    expect(faultsOf(text, {}, others)).toEqual([]);
  });
});
