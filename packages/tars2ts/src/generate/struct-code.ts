import { type FieldModel, fullNameOf, type StructModel } from '../check/model.js';
import { type CodeWriter, LINE_WIDTH, quote } from './layout.js';
import { readField } from './read-code.js';
import { fieldName } from './reserved-names.js';
import { PROTOCOL, type TypeNames } from './type-names.js';
import { initialText } from './value-text.js';
import { writeField } from './write-code.js';

/** A struct as a class that is its own `TarsStructType`. */
export function writeClass(writer: CodeWriter, types: TypeNames, struct: StructModel): void {
  const name = types.unit.names.of(struct);
  writer.doc(docOf(struct));
  writer.block(`export class ${name}`, () => {
    writer.assign('static readonly typeName', quote(fullNameOf(struct)));
    writeFieldNames(writer, struct, 'static readonly fieldNames = {', '};');
    for (const field of struct.fields) writeClassField(writer, types, field);
    writeFunctions(writer, types, struct, { prefix: 'static ', end: '}', made: `new ${name}()` });
  });
}

/** A struct as an interface, and a constant of the same name. */
export function writePlain(writer: CodeWriter, types: TypeNames, struct: StructModel): void {
  const name = types.unit.names.of(struct);
  types.imports.type(PROTOCOL, 'TarsStructType');
  writer.doc(docOf(struct));
  writer.block(`export interface ${name}`, () => {
    for (const field of struct.fields) {
      writer.doc(field.doc);
      writer.line(`${fieldName(field.name)}: ${types.type(field.type)};`);
    }
  });
  writer.blank();
  writer.doc([`How \`${fullNameOf(struct)}\` travels.`]);
  writer.block(
    `export const ${name}: TarsStructType<${name}> =`,
    () => {
      writer.line(`typeName: ${quote(fullNameOf(struct))},`);
      writeFieldNames(writer, struct, 'fieldNames: {', '},');
      writeFunctions(writer, types, struct, { prefix: '', end: '},', made: `${name}.create()` });
    },
    '};',
  );
}

function docOf(struct: StructModel): string[] {
  return struct.doc.length > 0 ? [...struct.doc] : [`Struct \`${fullNameOf(struct)}\`.`];
}

function writeFieldNames(writer: CodeWriter, struct: StructModel, head: string, tail: string): void {
  const items = struct.fields.map(({ tag, name }) => `${tag}: ${quote(name)}`);
  writer.list(head, items, tail, { spaced: true });
}

function writeClassField(writer: CodeWriter, types: TypeNames, field: FieldModel): void {
  const initial = initialText(types, field.type, field.value);
  // What the compiler can see from the value needs no type.
  const isPlain = field.type.kind === 'builtin';
  const name = fieldName(field.name);
  writer.doc(field.doc);
  writer.assign(isPlain ? name : `${name}: ${types.type(field.type)}`, initial);
}

interface FunctionForm {
  readonly prefix: string;
  readonly end: string;
  /** An expression that makes one. */
  readonly made: string;
}

function writeFunctions(writer: CodeWriter, types: TypeNames, struct: StructModel, form: FunctionForm): void {
  const name = types.unit.names.of(struct);
  const { prefix, end, made } = form;
  const { imports } = types;
  imports.type(PROTOCOL, 'TarsOutputStream');
  imports.type(PROTOCOL, 'TarsInputStream');
  imports.type(PROTOCOL, 'TarsJson');

  writer.blank();
  writer.doc(['One with its defaults, and what is given.']);
  writer.block(`${prefix}create(init: Partial<${name}> = {}): ${name}`, () => writeCreate(writer, types, struct), end);
  writer.blank();
  writer.doc(['Writes the fields alone.']);
  const writeBody = (): void => {
    for (const field of struct.fields) writeField(writer, types, field);
  };
  writer.block(`${prefix}write(os: TarsOutputStream, value: ${name}): void`, writeBody, end);
  writer.blank();
  writer.doc(['Reads the fields alone.']);
  const readBody = (): void => {
    writer.line(`const value = ${made};`);
    for (const field of struct.fields) readField(writer, types, field);
    writer.line('return value;');
  };
  writer.block(`${prefix}read(is: TarsInputStream): ${name}`, readBody, end);
  writer.blank();
  writer.doc(['For callers that speak JSON.']);
  writer.block(`${prefix}toJson(value: ${name}): TarsJson`, () => writeToJson(writer, types, struct), end);
  writer.blank();
  writer.doc(['Takes what `parseTarsJson` gives.']);
  writer.block(`${prefix}fromJson(json: TarsJson): ${name}`, () => writeFromJson(writer, types, struct, made), end);
  const { keys } = struct;
  if (keys === undefined) return;
  writer.blank();
  writer.doc([`The order of keys of a map: by ${keys.map((field) => field.name).join(', ')}.`]);
  writer.block(`${prefix}compare(a: ${name}, b: ${name}): number`, () => writeCompare(writer, types, keys), end);
}

function writeCreate(writer: CodeWriter, types: TypeNames, struct: StructModel): void {
  if (!types.unit.options.plain) {
    writer.line(`return Object.assign(new ${types.unit.names.of(struct)}(), init);`);
    return;
  }
  const items = struct.fields.map((field) => {
    return `${fieldName(field.name)}: ${initialText(types, field.type, field.value)}`;
  });
  writer.list('return {', [...items, '...init'], '};', { spaced: true });
}

function writeToJson(writer: CodeWriter, types: TypeNames, struct: StructModel): void {
  const items = struct.fields.map((field) => {
    return `${field.name}: ${types.tarsType(field.type)}.toJson(value.${fieldName(field.name)})`;
  });
  writer.list('return {', items, '};', { spaced: true });
}

function writeFromJson(writer: CodeWriter, types: TypeNames, struct: StructModel, made: string): void {
  const get = types.imports.value(PROTOCOL, 'tarsJsonField');
  writer.line(`const value = ${made};`);
  for (const field of struct.fields) {
    const target = `value.${fieldName(field.name)}`;
    const args = ['json', quote(field.name), types.tarsType(field.type), ...(field.required ? [] : [target])];
    const call = `${get}(${args.join(', ')})`;
    if (writer.indentWidth + `${target} = ${call};`.length <= LINE_WIDTH) writer.line(`${target} = ${call};`);
    else writer.list(`${target} = ${get}(`, args, ');');
  }
  writer.line('return value;');
}

function writeCompare(writer: CodeWriter, types: TypeNames, keys: readonly FieldModel[]): void {
  const terms = keys.map((field) => {
    const name = fieldName(field.name);
    return `${types.tarsType(field.type)}.compare(a.${name}, b.${name})`;
  });
  if (terms.length === 1) {
    writer.line(`return ${terms[0]};`);
    return;
  }
  writer.line(`let order = ${terms[0]};`);
  for (const term of terms.slice(1)) writer.guarded('if (order === 0)', `order = ${term};`);
  writer.line('return order;');
}
