import { type Definition, type EnumModel, fullNameOf, type StructModel, type Type } from '../check/model.js';
import type { BuiltinName } from '../syntax/tree.js';
import type { Imports } from './imports.js';
import type { CodeWriter } from './layout.js';
import type { NameTable } from './name-table.js';
import type { Unit } from './options.js';
import { capitalize, uncapitalize } from './reserved-names.js';

export const PROTOCOL = '@tarsier/protocol';

/** What types are called in one generated file: as types of TypeScript, and as `TarsType` values. */
export class TypeNames {
  readonly unit: Unit;
  readonly imports: Imports;
  readonly #isHome: boolean;
  readonly #locals: NameTable;
  /** Imported names that are taken here get another one. */
  readonly #aliases = new Map<Definition, string>();
  /** Constants for types that are no builtin ones, in the order in which they have to be written. */
  readonly #constants = new Map<string, { readonly name: string; readonly code: string }>();

  /** @param isHome whether the code is that of the definitions themselves, so that they need no import. */
  constructor(unit: Unit, imports: Imports, isHome: boolean) {
    this.unit = unit;
    this.imports = imports;
    this.#isHome = isHome;
    this.#locals = unit.names.fork();
  }

  /** A struct or enum, as a value too. */
  value(definition: Definition): string {
    return this.#reference(definition, true);
  }

  /** As type of TypeScript. */
  type(type: Type): string {
    switch (type.kind) {
      case 'builtin':
        return this.#builtin(type.name);
      case 'bytes':
        return 'Uint8Array';
      case 'list':
        return `${this.type(type.element)}[]`;
      case 'map':
        return `Map<${this.type(type.key)}, ${this.type(type.value)}>`;
      case 'struct':
        return this.#reference(type.struct, false);
      case 'enum':
        return this.#reference(type.enum, false);
    }
  }

  /** As `TarsType`: `tars.int`, or a constant of the file. */
  tarsType(type: Type): string {
    if (type.kind === 'bytes') return `${this.#tars()}.bytes`;
    if (type.kind === 'builtin') return `${this.#tars()}.${this.#combinator(type.name)}`;
    const key = keyOf(type);
    const known = this.#constants.get(key);
    if (known !== undefined) return known.name;
    const code = this.#code(type);
    const name = this.#locals.take(this.#constantName(type));
    this.#constants.set(key, { name, code });
    return name;
  }

  writeConstants(writer: CodeWriter): void {
    for (const { name, code } of this.#constants.values()) writer.assign(`const ${name}`, code);
  }

  get isLongNumber(): boolean {
    return this.unit.options.long === 'number';
  }

  #tars(): string {
    return this.imports.value(PROTOCOL, 'tars');
  }

  #code(type: Exclude<Type, { kind: 'builtin' | 'bytes' }>): string {
    switch (type.kind) {
      case 'list':
        return `tars.list(${this.tarsType(type.element)})`;
      case 'map':
        return `tars.map(${this.tarsType(type.key)}, ${this.tarsType(type.value)})`;
      case 'struct':
        this.#tars();
        return `tars.struct(${this.value(type.struct)})`;
      case 'enum':
        this.#tars();
        return `tars.enum<${this.type(type)}>('${fullNameOf(type.enum)}')`;
    }
  }

  #constantName(type: Type): string {
    return type.kind === 'struct' || type.kind === 'enum'
      ? `${uncapitalize(this.#word(type))}Type`
      : uncapitalize(this.#word(type));
  }

  #word(type: Type): string {
    switch (type.kind) {
      case 'builtin':
        return capitalize(this.#combinator(type.name));
      case 'bytes':
        return 'Bytes';
      case 'list':
        return `ListOf${this.#word(type.element)}`;
      case 'map':
        return `MapOf${this.#word(type.key)}To${this.#word(type.value)}`;
      case 'struct':
        return capitalize(this.#localName(type.struct));
      case 'enum':
        return capitalize(this.#localName(type.enum));
    }
  }

  #builtin(name: BuiltinName): string {
    if (name === 'bool') return 'boolean';
    if (name === 'string') return 'string';
    return name === 'long' && !this.isLongNumber ? 'bigint' : 'number';
  }

  #combinator(name: BuiltinName): string {
    if (name === 'long' && this.isLongNumber) return 'safeLong';
    return name.replace(/ (.)/, (_, letter: string) => letter.toUpperCase());
  }

  #localName(definition: Definition): string {
    const { names } = this.unit;
    if (definition.file === this.unit.file.source) return names.of(definition);
    let alias = this.#aliases.get(definition);
    if (alias === undefined) {
      alias = this.#locals.take(this.unit.namesOf(definition).of(definition));
      this.#aliases.set(definition, alias);
    }
    return alias;
  }

  #reference(definition: Definition, isValue: boolean): string {
    const local = this.#localName(definition);
    if (this.#isHome && definition.file === this.unit.file.source) return local;
    const name = this.unit.namesOf(definition).of(definition);
    const from = this.unit.specifierOf(definition);
    return isValue ? this.imports.value(from, name, local) : this.imports.type(from, name, local);
  }
}

function keyOf(type: Type): string {
  switch (type.kind) {
    case 'builtin':
      return type.name;
    case 'bytes':
      return 'bytes';
    case 'list':
      return `[${keyOf(type.element)}]`;
    case 'map':
      return `{${keyOf(type.key)}:${keyOf(type.value)}}`;
    case 'struct':
      return keyOfDefinition(type.struct);
    case 'enum':
      return keyOfDefinition(type.enum);
  }
}

function keyOfDefinition(definition: StructModel | EnumModel): string {
  return `${definition.file.path}#${fullNameOf(definition)}`;
}
