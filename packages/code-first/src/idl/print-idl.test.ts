import { resolve } from 'node:path';
import { TarsException, type TarsStructType, type TarsType, tars } from '@tarsier/protocol';
import { tryCompile } from '@tarsier/tars2ts';
import { describe, expect, it } from 'vitest';
import { Hello } from '../hello.testkit.js';
import { out, printIdl, struct, TarsField, TarsInterface, TarsMethod, TarsStruct, tarsEnum } from '../index.js';
import { All } from '../vec.testkit.js';

/** What the compiler of IDLs makes of a text: problems, or the code. */
function compiled(text: string): { problems: readonly string[]; code: string } {
  const path = resolve('/Printed.tars');
  const readFile = (file: string): string | undefined => (file === path ? text : undefined);
  const { problems, files } = tryCompile([path], { readFile, cwd: '/' });
  return { problems: problems.map(({ message }) => message), code: files.map((file) => file.text).join('\n') };
}

describe('the printed IDL', () => {
  it('of the structs of the vectors is what C++ compiles', () => {
    const text = printIdl([All]);
    expect(text).toBe(`module vec
{
    struct Point
    {
        0 require int x;
        1 require int y = 7;
        2 optional string label = "origin";
    };

    enum Color
    {
        RED = 0,
        GREEN = 5,
        BLUE = -1
    };

    struct All
    {
        0 optional bool flag;
        1 optional byte i8;
        2 optional short i16;
        3 optional int i32;
        4 optional long i64;
        5 optional unsigned byte u8;
        6 optional unsigned short u16;
        7 optional unsigned int u32;
        8 optional float f32;
        9 optional double f64;
        10 optional string text;
        11 optional vector<byte> blob;
        12 optional vector<int> ints;
        13 optional vector<string> texts;
        14 optional map<string, int> counts;
        15 optional map<int, vector<Point> > byId;
        20 optional Color color = RED;
        200 optional Point origin;
        254 optional vector<Point> path;
    };
};
`);
    expect(compiled(text).problems).toEqual([]);
  });

  it('has interfaces, with what they need', () => {
    const text = printIdl([Hello]);
    expect(text).toBe(`module TestApp
{
    enum Level
    {
        LOW = 1,
        HIGH = 2
    };

    struct User
    {
        0 require long id;
        1 optional string name = "nobody";
        2 optional Level level = LOW;
        3 optional vector<User> friends;
    };
    key[User, id];

    interface Hello
    {
        int testHello(string sReq, out string sRsp);
        void remember(out map<User, string> known, User user, routekey string zone);
        int pushMsg(out string text);
        void nothing();
    };
};
`);
    const { problems, code } = compiled(text);
    expect(problems).toEqual([]);
    expect(code).toContain('class HelloProxy');
  });

  it('opens modules so that each name stands before its use', () => {
    @TarsStruct('A.First')
    class First {
      @TarsField(0, tars.int) a = 0;
    }
    @TarsStruct('B.Second')
    class Second {
      @TarsField(0, struct(First)) first = new First();
    }
    @TarsStruct('A.Third')
    class Third {
      @TarsField(0, tars.map(tars.string, tars.list(struct(Second)))) seconds = new Map<string, Second[]>();
      @TarsField(1, struct(First)) first = new First();
    }
    const text = printIdl([Third, First]);
    expect(text.match(/module \w|(?<=struct )\w+|\d optional .*;/g)).toEqual([
      'module A',
      'First',
      '0 optional int a;',
      'module B',
      'Second',
      '0 optional A::First first;',
      'module A',
      'Third',
      '0 optional map<string, vector<B::Second> > seconds;',
      '1 optional First first;',
    ]);
    expect(compiled(text).problems).toEqual([]);
  });

  it.each<[TarsType<never>, unknown, string, RegExp]>([
    [tars.string as TarsType<never>, 'a "b" \\ \n\u0001é', '"a \\"b\\" \\\\ \\012\\001é"', /a \\?"b\\?" \\\\ \\n/],
    [tars.bool as TarsType<never>, true, 'true', /true/],
    [tars.long as TarsType<never>, -(2n ** 63n) + 1n, '-9223372036854775807', /-9223372036854775807n/],
    [tars.double as TarsType<never>, 1e-7, '1e-7', /1e-7/],
    [tars.double as TarsType<never>, 1e21, '1e+21', /1e\+?21/],
    [tars.float as TarsType<never>, -0.5, '-0.5', /-0\.5/],
    [tars.unsignedInt as TarsType<never>, 4_000_000_000, '4000000000', /4000000000/],
  ])('says defaults so that they are read again: %o %s', (type, value, literal, code) => {
    class Default {
      value = value;
    }
    TarsField(0, type)(Default.prototype as never, 'value' as never);
    TarsStruct('D.Default')(Default);
    const text = printIdl([Default]);
    expect(text).toContain(` value = ${literal};`);
    const result = compiled(text);
    expect(result.problems).toEqual([]);
    expect(result.code).toMatch(code);
  });
});

describe('what no IDL can have', () => {
  class Plain {
    field = 0;
  }

  const cases: [string, () => unknown, RegExp][] = [
    ['a class without decorators', () => Plain, /Plain is neither/],
    [
      'structs that contain each other',
      () => {
        @TarsStruct('C.Left')
        class Left {
          @TarsField(0, () => tars.list(struct(Right))) rights: Right[] = [];
        }
        @TarsStruct('C.Right')
        class Right {
          @TarsField(0, tars.list(struct(Left))) lefts: Left[] = [];
        }
        return Left;
      },
      /C\.Left and C\.Right contain each other/,
    ],
    [
      'an enum without members',
      () => {
        @TarsStruct('C.Unknown')
        class Unknown {
          @TarsField(0, tars.enum('C.Nobody')) value = 0;
        }
        return Unknown;
      },
      /C\.Unknown needs C\.Nobody.*tarsEnum\('C\.Nobody'/,
    ],
    [
      'a struct without decorators',
      () => {
        class Foreign {
          @TarsField(0, tars.struct({ typeName: 'C.Else', create: () => ({}) } as unknown as TarsStructType<object>))
          value!: object;
        }
        TarsStruct('C.Foreign')(Foreign);
        return Foreign;
      },
      /C\.Foreign needs C\.Else/,
    ],
    [
      'a default that is no member of its enum',
      () => {
        const one = tarsEnum('C.One', { ONE: 1 });
        class Zero {
          @TarsField(0, one) value!: 1;
        }
        TarsStruct('C.Zero')(Zero);
        return Zero;
      },
      /default of C\.Zero\.value is 0, which is no member/,
    ],
    [
      'a default that is no number',
      () => {
        @TarsStruct('C.NaN')
        class NotANumber {
          @TarsField(0, tars.double) value = Number.NaN;
        }
        return NotANumber;
      },
      /NaN, which an IDL cannot say/,
    ],
    [
      'a field with the name of a keyword',
      () => {
        @TarsStruct('C.Word')
        class Word {
          @TarsField(0, tars.string) key = '';
        }
        return Word;
      },
      /'key' of C\.Word is a word of the IDL/,
    ],
    [
      'a parameter with the name of a keyword',
      () => {
        @TarsInterface('C.Words')
        class Words {
          @TarsMethod({ params: { out: out(tars.int) } }) f!: () => Promise<{ out: number }>;
        }
        return Words;
      },
      /'out' of C\.Words\.f is a word/,
    ],
  ];

  it.each(cases)('%s', (_, declaring, message) => {
    const target = declaring() as new () => object;
    expect(() => printIdl([target])).toThrow(message);
    expect(() => printIdl([target])).toThrow(TarsException);
  });

  it.each([
    ['no members', {}, /no members/],
    ['a member of 33 bits', { A: 2 ** 32 }, /32-bit/],
    ['a member without a proper name', { 'a b': 1 }, /a b/],
  ])('an enum with %s', (_, members, message) => {
    expect(() => tarsEnum('C.Bad', members)).toThrow(message);
  });
});
