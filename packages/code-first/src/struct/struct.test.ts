import { decodeStruct, encodeStruct, TarsException, type TarsJson, tars } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { type StructClass, struct, structType, TarsField, TarsStruct } from '../index.js';

/** What a compiler notes with `emitDecoratorMetadata`. */
const noted = (type: unknown) => Reflect.metadata('design:type', type);

function hexOf<T extends object>(target: StructClass<T>, value: T): string {
  return Buffer.from(encodeStruct(structType(target), value)).toString('hex');
}

class Other {
  field = 0;
}

describe('types that are not given', () => {
  it('are those of the property, where that leaves one', () => {
    @TarsStruct('T.Inner')
    class Inner {
      @TarsField(0) @noted(String) text = 'a';
    }
    @TarsStruct('T.Inferred')
    class Inferred {
      @TarsField(0) @noted(String) text = '';
      @TarsField(1) @noted(Boolean) flag = false;
      @TarsField(2, { require: true }) @noted(BigInt) big = 5n;
      @TarsField(3) @noted(Uint8Array) bytes = new Uint8Array();
      @TarsField(4) @noted(Inner) inner = new Inner();
    }
    const value = structType(Inferred).create({ text: 'x' });
    expect(hexOf(Inferred, value)).toBe('0601781c20054a0b');
    expect(decodeStruct(structType(Inferred), Buffer.from('0601781c20054a0b', 'hex'))).toEqual(value);
  });

  it.each([
    ['of a number', Number, /Bad\.value is a Number.*@TarsField\(0, …\) with tars\.int, tars\.double/],
    ['of a list', Array, /tars\.list/],
    ['of a map', Map, /tars\.map/],
    ['of a class that is no struct', Other, /is a Other/],
    ['of an unknown type', Object, /is a Object/],
    ['without metadata', undefined, /emitDecoratorMetadata/],
  ])('are refused %s', (_, type, message) => {
    expect(() => {
      class Bad {
        @TarsField(0) @noted(type) value: object = {};
      }
      return Bad;
    }).toThrow(message);
  });
});

describe('structs', () => {
  it('may contain lists of themselves', () => {
    @TarsStruct('T.Node')
    class Node {
      @TarsField(0, tars.string) name = '';
      @TarsField(1, () => tars.list(struct(Node))) children: Node[] = [];
    }
    const create = (init?: Partial<Node>): Node => structType(Node).create(init);
    const tree = create({ name: 'a', children: [create({ name: 'b' }), create({ name: 'c', children: [create()] })] });
    expect(decodeStruct(structType(Node), encodeStruct(structType(Node), tree))).toEqual(tree);
  });

  it('begin with what their types begin with, where an instance has nothing', () => {
    @TarsStruct('T.Unset')
    class Unset {
      @TarsField(0, tars.int) count!: number;
      @TarsField(1, tars.list(tars.int)) list!: number[];
    }
    expect(structType(Unset).create()).toMatchObject({ count: 0, list: [] });
    expect(structType(Unset).create().list).not.toBe(structType(Unset).create().list);
    expect(hexOf(Unset, structType(Unset).create())).toBe('');
  });

  it('have the fields of the class that they extend', () => {
    class Base {
      @TarsField(1, tars.string) name = 'x';
    }
    @TarsStruct('T.Derived')
    class Derived extends Base {
      @TarsField(0, tars.int) id = 0;
    }
    expect(structType(Derived).fieldNames).toEqual({ 0: 'id', 1: 'name' });
    expect(hexOf(Derived, structType(Derived).create({ id: 1, name: 'y' }))).toBe('0001160179');
    expect(() => structType(Base)).toThrow(/Base is no struct/);
  });

  it('are keys of maps with a key, in its order', () => {
    @TarsStruct({ name: 'T.Id', key: ['b', 'a'] })
    class Id {
      @TarsField(0, tars.int) a = 0;
      @TarsField(1, tars.string) b = '';
    }
    const type = structType(Id);
    const order = (a: Partial<Id>, b: Partial<Id>): number =>
      type.compare?.(type.create(a), type.create(b)) ?? Number.NaN;
    expect(order({ a: 9, b: 'x' }, { a: 1, b: 'y' })).toBeLessThan(0);
    expect(order({ a: 9, b: 'x' }, { a: 1, b: 'x' })).toBeGreaterThan(0);
    expect(order({}, {})).toBe(0);
  });

  it('need their required fields, on the wire and in JSON', () => {
    @TarsStruct('T.Needs')
    class Needs {
      @TarsField(0, tars.int, { require: true }) id = 3;
      @TarsField(1, tars.string) name = 'n';
    }
    const type = structType(Needs);
    expect(hexOf(Needs, type.create())).toBe('0003');
    expect(() => decodeStruct(type, new Uint8Array())).toThrow(/required/);
    expect(() => type.fromJson({ name: 'x' })).toThrow(/"id" is required/);
    expect(type.fromJson({ id: 1 })).toEqual(type.create({ id: 1 }));
    expect(() => type.fromJson([] as TarsJson)).toThrow(/an object for a struct/);
  });
});

describe('a struct that cannot be', () => {
  const declare: [string, () => unknown, RegExp][] = [
    [
      'has a tag twice',
      () => {
        @TarsStruct('T.Twice')
        class Twice {
          @TarsField(1, tars.int) a = 0;
          @TarsField(1, tars.int) b = 0;
        }
        return Twice;
      },
      /T\.Twice\.a and T\.Twice\.b both have the tag 1/,
    ],
    ['has no fields', () => TarsStruct('T.Empty')(Other), /T\.Empty has no fields/],
    ['has no name', () => TarsStruct(''), /'' is no name/],
    ['has no module', () => TarsStruct('User'), /'User' is no name/],
    ['has two modules', () => TarsStruct('A.B.User'), /'A\.B\.User' is no name/],
    [
      'has a key that is no field',
      () => {
        @TarsStruct({ name: 'T.Key', key: ['b'] })
        class Key {
          @TarsField(0, tars.int) a = 0;
        }
        return Key;
      },
      /key of T\.Key names 'b'/,
    ],
    ...[-1, 256, 1.5, Number.NaN].map((tag): [string, () => unknown, RegExp] => [
      `has the tag ${tag}`,
      () => {
        class Tag {
          @TarsField(tag, tars.int) a = 0;
        }
        return Tag;
      },
      /Tag\.a has the tag .*0 to 255/,
    ]),
  ];

  it.each(declare)('%s', (_, declaring, message) => {
    expect(declaring).toThrow(message);
    expect(declaring).toThrow(TarsException);
  });

  const defaults: [string, object, RegExp][] = [
    ['a text for an int', make(tars.int, 'x'), /T\.Default\.value is a string, and its type is int/],
    ['a number for a long', make(tars.long, 1), /is a number, and its type is long/],
    ['a number that is too large', make(tars.byte, 128), /T\.Default\.value is not of the type byte/],
    ['null', make(tars.string, null), /its type is string/],
    ['a list for a map', make(tars.map(tars.int, tars.int), []), /is a Array, and its type is map<int, int>/],
    ['a list that is not empty', make(tars.list(tars.int), [1]), /no defaults for vector<int>/],
  ];

  it.each(defaults)('has the wrong default: %s', (_, target, message) => {
    expect(() => structType(target as new () => object).create()).toThrow(message);
  });

  it('is asked for before it is one', () => {
    expect(() => structType(Other)).toThrow(/Other is no struct, or not yet/);
    expect(() => {
      class Own {
        @TarsField(0, tars.list(struct(Own))) list: Own[] = [];
      }
      return Own;
    }).toThrow(/write \(\) => struct/);
  });

  it('contains itself', () => {
    @TarsStruct('T.Self')
    class Self {
      @TarsField(0, () => struct(Self)) self!: Self;
    }
    expect(() => structType(Self).create()).toThrow(/T\.Self\.self would contain itself/);
  });
});

function make(type: unknown, value: unknown): object {
  class Default {
    value = value;
  }
  TarsField(0, type as typeof tars.int)(Default.prototype as { value: number }, 'value');
  TarsStruct('T.Default')(Default);
  return Default;
}
