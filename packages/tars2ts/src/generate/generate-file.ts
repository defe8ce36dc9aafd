import type { Definition, InterfaceModel } from '../check/model.js';
import { writeClient, writeInterface } from './client-code.js';
import { writeConst, writeEnum } from './enum-code.js';
import { Imports } from './imports.js';
import { CodeWriter } from './layout.js';
import type { Unit } from './options.js';
import { writeServant } from './servant-code.js';
import { writeClass, writePlain } from './struct-code.js';
import { TypeNames } from './type-names.js';

/** Types, interfaces, proxies and callbacks of a file. */
export function generateMain(unit: Unit): string {
  const { only, plain } = unit.options;
  const imports = new Imports();
  const types = new TypeNames(unit, imports, true);
  const body = new CodeWriter();
  const { definitions } = unit.file;
  for (const definition of definitions) {
    if (definition.kind !== 'interface') body.blank();
    if (definition.kind === 'enum') writeEnum(body, types, definition);
    else if (definition.kind === 'const') writeConst(body, types, definition);
    else if (definition.kind === 'struct') (plain ? writePlain : writeClass)(body, types, definition);
  }
  const interfaces = only === 'structs' ? [] : definitions.filter(isInterface);
  // First the text, then the constants that it turned out to need, which stand in front of it.
  const tail = new CodeWriter();
  for (const definition of interfaces) {
    tail.blank();
    writeInterface(tail, types, definition);
    if (only === 'server') continue;
    tail.blank();
    writeClient(tail, types, definition);
  }
  const constants = new CodeWriter();
  types.writeConstants(constants);
  return assemble(unit, imports, [body, constants, tail]);
}

/** The servants of a file; undefined when it has no interfaces, or they are not asked for. */
export function generateServants(unit: Unit): string | undefined {
  const { only } = unit.options;
  const interfaces = unit.file.definitions.filter(isInterface);
  if (interfaces.length === 0 || only === 'structs' || only === 'client') return undefined;
  const imports = new Imports();
  const types = new TypeNames(unit, imports, false);
  const body = new CodeWriter();
  for (const definition of interfaces) {
    body.blank();
    writeServant(body, types, definition);
  }
  return assemble(unit, imports, [body]);
}

function isInterface(definition: Definition): definition is InterfaceModel {
  return definition.kind === 'interface';
}

function assemble(unit: Unit, imports: Imports, parts: readonly CodeWriter[]): string {
  const head = new CodeWriter();
  head.line(`// Made by tars2ts from ${unit.title}. Change that file and not this one.`);
  imports.write(head);
  const texts = [head, ...parts].map(String).filter((text) => text.trim() !== '');
  // A module without imports and exports would be a script.
  if (texts.length === 1) texts.push('export {};\n');
  return texts.join('\n');
}
