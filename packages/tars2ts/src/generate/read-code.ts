import type { FieldModel, Type } from '../check/model.js';
import { type CodeWriter, call, type ListItem, withEnd } from './layout.js';
import { fieldName } from './reserved-names.js';
import type { TypeNames } from './type-names.js';
import { valueText } from './value-text.js';
import { numbered, streamSuffix } from './write-code.js';

/** The statement that reads one field into `value`, which has its defaults already. */
export function readField(writer: CodeWriter, types: TypeNames, field: FieldModel): void {
  const { type, tag } = field;
  const target = `value.${fieldName(field.name)}`;
  if (isFilled(type)) {
    fill(writer, types, type, tag, target, !field.required, 1);
    return;
  }
  let otherwise: string | undefined;
  if (!field.required) otherwise = field.value === undefined ? target : valueText(types, type, field.value);
  writer.assign(target, readExpression(types, type, tag, otherwise));
}

/** A loop that reads a list or a map into one that is empty. */
function fill(
  writer: CodeWriter,
  types: TypeNames,
  type: Extract<Type, { kind: 'list' | 'map' }>,
  tag: number,
  target: string,
  isOptional: boolean,
  depth: number,
): void {
  const left = numbered('left', depth);
  const size = type.kind === 'list' ? 'readListSize' : 'readMapSize';
  const head = `for (let ${left} = is.${size}(${tag}${isOptional ? ', 0' : ''}); ${left} > 0; ${left}--)`;
  if (type.kind === 'list') {
    if (isSimple(type.element)) {
      writer.guarded(head, withEnd(call(`${target}.push`, readExpression(types, type.element, 0)), ';'));
      return;
    }
    writer.block(head, () => {
      const item = readItem(writer, types, type.element, 0, numbered('item', depth), depth);
      writer.line(`${target}.push(${item});`);
    });
    return;
  }
  if (isSimple(type.key) && isSimple(type.value)) {
    const set = call(`${target}.set`, readKey(types, type.key, 0), readExpression(types, type.value, 1));
    writer.guarded(head, withEnd(set, ';'));
    return;
  }
  writer.block(head, () => {
    const key = readItem(writer, types, type.key, 0, numbered('key', depth), depth, readKey);
    const item = readItem(writer, types, type.value, 1, numbered('item', depth), depth);
    writer.line(`${target}.set(${key}, ${item});`);
  });
}

function isSimple(type: Type): boolean {
  return !isFilled(type);
}

/** Whether a loop reads it. What is a list of unsigned bytes comes as plain bytes as well: the stream reads both. */
function isFilled(type: Type): type is Extract<Type, { kind: 'list' | 'map' }> {
  return type.kind === 'map' || (type.kind === 'list' && !isUnsignedBytes(type));
}

function isUnsignedBytes({ element }: Extract<Type, { kind: 'list' }>): boolean {
  return element.kind === 'builtin' && element.name === 'unsigned byte';
}

/** @returns the variable that holds what was read. */
function readItem(
  writer: CodeWriter,
  types: TypeNames,
  type: Type,
  tag: number,
  name: string,
  depth: number,
  read: (types: TypeNames, type: Type, tag: number) => ListItem = readExpression,
): string {
  if (isFilled(type)) {
    writer.assign(`const ${name}: ${types.type(type)}`, type.kind === 'list' ? '[]' : 'new Map()');
    fill(writer, types, type, tag, name, false, depth + 1);
  } else writer.assign(`const ${name}`, read(types, type, tag));
  return name;
}

/** Keys are the same in many messages: texts are remembered. */
function readKey(types: TypeNames, type: Type, tag: number): ListItem {
  return type.kind === 'builtin' && type.name === 'string'
    ? call('is.readName', String(tag))
    : readExpression(types, type, tag);
}

function readExpression(types: TypeNames, type: Type, tag: number, otherwise?: string): ListItem {
  const rest = otherwise === undefined ? [] : [otherwise];
  switch (type.kind) {
    case 'builtin':
      return call(`is.read${streamSuffix(types, type.name)}`, String(tag), ...rest);
    case 'bytes':
      return call('is.readBytes', String(tag), ...rest);
    case 'struct':
      return call('is.readStruct', String(tag), types.value(type.struct), ...rest);
    case 'enum':
      return withEnd(call('is.readInt32', String(tag), ...rest), ` as ${types.type(type)}`);
    case 'list':
      if (isUnsignedBytes(type)) return call('is.readUnsignedBytes', String(tag), ...rest);
      throw new TypeError('containers take several statements');
    case 'map':
      throw new TypeError('containers take several statements');
  }
}
