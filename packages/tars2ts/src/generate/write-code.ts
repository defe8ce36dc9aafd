import type { FieldModel, Type } from '../check/model.js';
import type { BuiltinName } from '../syntax/tree.js';
import type { CodeWriter } from './layout.js';
import { fieldName } from './reserved-names.js';
import { PROTOCOL, type TypeNames } from './type-names.js';
import { valueText } from './value-text.js';

const suffixes: { readonly [Name in BuiltinName]: string } = {
  bool: 'Boolean',
  byte: 'Int8',
  short: 'Int16',
  int: 'Int32',
  long: 'Int64',
  float: 'Float',
  double: 'Double',
  string: 'String',
  'unsigned byte': 'UInt8',
  'unsigned short': 'UInt16',
  'unsigned int': 'UInt32',
};

/** `Int32` of `writeInt32` and `readInt32`. */
export function streamSuffix(types: TypeNames, name: BuiltinName): string {
  return name === 'long' && types.isLongNumber ? 'Long' : suffixes[name];
}

/** The statement that writes one field of `value`, with what TarsCpp leaves out left out. */
export function writeField(writer: CodeWriter, types: TypeNames, field: FieldModel): void {
  const { type, tag, required, isFixed } = field;
  const expression = `value.${fieldName(field.name)}`;
  if (isContainer(type)) {
    if (required || isFixed) writeValue(writer, types, type, tag, expression, 1);
    else writeUnlessEmpty(writer, types, type, tag, expression);
    return;
  }
  const statement = writeStatement(types, type, tag, expression);
  // A bool, an enum and a struct are written whatever they hold.
  const mayBeLeftOut =
    !required && !isFixed && (type.kind === 'bytes' || (type.kind === 'builtin' && type.name !== 'bool'));
  if (!mayBeLeftOut) writer.line(statement);
  else if (type.kind === 'bytes') writer.guarded(`if (${expression}.length > 0)`, statement);
  else if (field.value !== undefined) {
    writer.guarded(`if (${expression} !== ${valueText(types, type, field.value)})`, statement);
  }
}

function isContainer(type: Type): type is Extract<Type, { kind: 'list' | 'map' }> {
  return type.kind === 'list' || type.kind === 'map';
}

function writeUnlessEmpty(
  writer: CodeWriter,
  types: TypeNames,
  type: Extract<Type, { kind: 'list' | 'map' }>,
  tag: number,
  expression: string,
): void {
  const size = type.kind === 'list' ? 'length' : 'size';
  writer.block(`if (${expression}.${size} > 0)`, () => writeValue(writer, types, type, tag, expression, 1));
}

function writeValue(
  writer: CodeWriter,
  types: TypeNames,
  type: Type,
  tag: number,
  expression: string,
  depth: number,
): void {
  const item = numbered('item', depth);
  if (type.kind === 'list') {
    writer.line(`os.writeListHead(${tag}, ${expression}.length);`);
    const head = `for (const ${item} of ${expression})`;
    if (isContainer(type.element)) {
      writer.block(head, () => writeValue(writer, types, type.element, 0, item, depth + 1));
    } else writer.guarded(head, writeStatement(types, type.element, 0, item));
    return;
  }
  if (type.kind === 'map') {
    const key = numbered('key', depth);
    writer.line(`os.writeMapHead(${tag}, ${expression}.size);`);
    writer.block(`for (const [${key}, ${item}] of ${sorted(types, type.key, expression)})`, () => {
      writeValue(writer, types, type.key, 0, key, depth + 1);
      writeValue(writer, types, type.value, 1, item, depth + 1);
    });
    return;
  }
  writer.line(writeStatement(types, type, tag, expression));
}

/** Keys of builtin types have an order of their own; others bring theirs. */
function sorted(types: TypeNames, key: Type, expression: string): string {
  const name = types.imports.value(PROTOCOL, 'sortedEntries');
  if (key.kind === 'builtin' || key.kind === 'enum') return `${name}(${expression})`;
  if (key.kind === 'struct') return `${name}(${expression}, ${types.value(key.struct)}.compare)`;
  return `${name}(${expression}, ${types.tarsType(key)}.compare)`;
}

function writeStatement(types: TypeNames, type: Type, tag: number, expression: string): string {
  switch (type.kind) {
    case 'builtin':
      return `os.write${streamSuffix(types, type.name)}(${tag}, ${expression});`;
    case 'bytes':
      return `os.writeBytes(${tag}, ${expression});`;
    case 'struct':
      return `os.writeStruct(${tag}, ${expression}, ${types.value(type.struct)});`;
    case 'enum':
      return `os.writeInt32(${tag}, ${expression});`;
    case 'list':
    case 'map':
      throw new TypeError('containers take several statements');
  }
}

/** `item`, `item2`, `item3`: variables of loops in each other. */
export function numbered(name: string, depth: number): string {
  return depth === 1 ? name : `${name}${depth}`;
}
