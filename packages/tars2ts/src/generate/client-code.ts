import { type FunctionModel, fullNameOf, type InterfaceModel, type Type } from '../check/model.js';
import { type FunctionCode, functionCodeOf, functionDoc, methodNames, parameterList } from './function-names.js';
import { proxyMembers } from './inherited-names.js';
import { type CodeWriter, type ListItem, quote } from './layout.js';
import { NameTable } from './name-table.js';
import { capitalize } from './reserved-names.js';
import { PROTOCOL, type TypeNames } from './type-names.js';

const PROXY = '@tarsier/proxy';

/** What client and server share of an interface: results, functions, the interface as a value. */
export function writeInterface(writer: CodeWriter, types: TypeNames, model: InterfaceModel): void {
  const names = types.unit.names.ofInterface(model);
  const full = fullNameOf(model);
  types.imports.type(PROTOCOL, 'TarsFunction');
  types.imports.type(PROTOCOL, 'TarsInterface');
  const codes = codesOf(types, model);
  for (const { model: fn } of codes) writeResult(writer, types, fn, names.results.get(fn.name));
  writer.doc([`The functions of \`${full}\`, with their types.`]);
  writer.block(`export interface ${names.functionsType}`, () => {
    for (const code of codes) {
      const args = { head: '[', items: parameterList(code), tail: ']' };
      const head = `readonly ${code.model.name}: TarsFunction<`;
      writer.list(head, [args, code.result], '>;', { comma: false });
    }
  });
  writer.blank();
  writer.doc([`The functions of \`${full}\`, as \`encodePush\` takes them.`]);
  const head = `export const ${names.functions}: ${names.functionsType} =`;
  writer.block(head, () => codes.forEach(({ model: fn }) => writeFunction(writer, types, fn)), '};');
  writer.blank();
  writer.doc([`Interface \`${full}\`.`]);
  writer.block(
    `export const ${names.constant}: TarsInterface =`,
    () => writer.line(`name: ${quote(full)},`).line(`functions: new Map(Object.entries(${names.functions})),`),
    '};',
  );
}

/** Proxy and callback of an interface. */
export function writeClient(writer: CodeWriter, types: TypeNames, model: InterfaceModel): void {
  const names = types.unit.names.ofInterface(model);
  const full = fullNameOf(model);
  const codes = codesOf(types, model);
  const methods = methodNames(model, proxyMembers);
  const asyncNames = new NameTable((name) => proxyMembers.has(name) || [...methods.values()].includes(name));
  types.imports.value(PROXY, 'TarsProxy');
  types.imports.value(PROXY, 'TarsPrxCallback');
  writer.doc([`Calls \`${full}\`: \`communicator.stringToProxy(${names.proxy}, …)\` makes one.`]);
  writer.block(`export class ${names.proxy} extends TarsProxy`, () => {
    for (const code of codes) {
      const name = methods.get(code.model) as string;
      types.imports.type(PROXY, 'TarsCallOptions');
      writer.blank().doc(functionDoc(code.model));
      writeCall(writer, names.functions, code, name);
      writer.blank().doc([`As \`${name}\`, for a callback; with null the call is one-way.`]);
      writeAsyncCall(writer, names.functions, names.callback, code, asyncNames.take(`${code.model.name}Async`));
    }
  });
  writer.blank();
  writer.doc(['As in C++.']);
  writer.assign(`export const ${names.proxyAlias}: typeof ${names.proxy}`, names.proxy);
  writer.blank();
  writer.doc(['As in C++.']);
  writer.assign(`export type ${names.proxyAlias}`, names.proxy);
  writer.blank();
  writer.doc([`Takes results and pushes of \`${full}\`: derive from it, and implement the methods for what comes.`]);
  writer.block(`export class ${names.callback} extends TarsPrxCallback`, () => {
    writer.block('override get tarsInterface(): TarsInterface', () => writer.line(`return ${names.constant};`));
    const declared = new NameTable();
    for (const { model: fn } of codes) writeCallback(writer, types, fn, declared);
  });
}

/** The functions of an interface with the names that code uses for them. */
export function codesOf(types: TypeNames, model: InterfaceModel): FunctionCode[] {
  const names = types.unit.names.ofInterface(model);
  return model.functions.map((fn) => functionCodeOf(types, names, fn, ({ name }) => names.results.get(name)));
}

function writeResult(writer: CodeWriter, types: TypeNames, fn: FunctionModel, name: string | undefined): void {
  if (name === undefined) return;
  writer.doc([
    `What \`${fn.name}\` gives: ${fn.result === undefined ? '' : 'its return value, and '}the out parameters.`,
  ]);
  writer.block(`export interface ${name}`, () => {
    if (fn.result !== undefined) writer.line(`_ret: ${types.type(fn.result)};`);
    for (const param of fn.params) if (param.isOut) writer.line(`${param.name}: ${types.type(param.type)};`);
  });
  writer.blank();
}

function writeFunction(writer: CodeWriter, types: TypeNames, fn: FunctionModel): void {
  const make = types.imports.value(PROTOCOL, 'tarsFunction');
  const result = fn.result === undefined ? 'undefined' : types.tarsType(fn.result);
  const params = fn.params.map(({ name, type, isOut, isRouteKey }) => {
    const flags = `${isOut ? ', isOut: true' : ''}${isRouteKey ? ', isRouteKey: true' : ''}`;
    return `{ name: ${quote(name)}, type: ${types.tarsType(type)}${flags} }`;
  });
  const head = `${fn.name}: ${make}(${quote(fn.name)}, ${result}, [`;
  const flat = `${head}${params.join(', ')}]),`;
  // The formatter breaks an array of several objects in any case.
  if (params.length < 2 && writer.fits(flat)) writer.line(flat);
  else {
    writer.line(head);
    writer.indented(() => params.forEach((param) => writer.line(`${param},`)));
    writer.line(']),');
  }
}

function writeCall(writer: CodeWriter, functions: string, code: FunctionCode, name: string): void {
  const { options, result, model } = code;
  const params = [...parameterList(code), `${options}?: TarsCallOptions`];
  writer.list(`${name}(`, params, `): Promise<${result}> {`);
  writer.indented(() => {
    writer.list('return this.invoke(', [`${functions}.${model.name}`, argumentList(code), options], ');');
  });
  writer.line('}');
}

function writeAsyncCall(
  writer: CodeWriter,
  functions: string,
  callbackType: string,
  code: FunctionCode,
  name: string,
): void {
  const { options, callback, model } = code;
  const params = [`${callback}: ${callbackType} | null`, ...parameterList(code), `${options}?: TarsCallOptions`];
  writer.list(`${name}(`, params, '): void {');
  writer.indented(() => {
    writer.list('this.invokeAsync(', [`${functions}.${model.name}`, argumentList(code), callback, options], ');');
  });
  writer.line('}');
}

function argumentList(code: FunctionCode): ListItem {
  return { head: '[', items: code.inputs.map(({ name }) => name), tail: ']' };
}

function writeCallback(writer: CodeWriter, types: TypeNames, fn: FunctionModel, declared: NameTable): void {
  const method = `callback${capitalize(fn.name)}`;
  const outs: { readonly name: string; readonly type: Type }[] = fn.params.filter(({ isOut }) => isOut);
  const values = fn.result === undefined ? outs : [{ name: '_ret', type: fn.result }, ...outs];
  const table = new NameTable((name) => name === 'this');
  const params = values.map(({ name, type }) => `${table.take(name)}: ${types.type(type)}`);
  // The base finds methods by name: two functions whose names differ in the case of the first letter share one.
  if (declared.take(method) === method) {
    writer.blank().doc([`Takes the result of \`${fn.name}\`.`]);
    writer.list(`${method}?(`, params, '): void | Promise<void>;');
  }
  const failed = `${method}Exception`;
  if (declared.take(failed) === failed) {
    writer.blank().doc([`\`${fn.name}\` has failed.`]);
    writer.line(`${failed}?(iRet: number, error: TarsException): void | Promise<void>;`);
    types.imports.type(PROTOCOL, 'TarsException');
  }
}
