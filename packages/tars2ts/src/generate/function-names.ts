import { typeText } from '../check/check-type.js';
import type { FunctionModel, InterfaceModel, ParamModel } from '../check/model.js';
import type { InterfaceNames } from './file-names.js';
import { isLanguageName } from './language-names.js';
import { NameTable } from './name-table.js';
import { isReservedWord } from './reserved-names.js';
import type { TypeNames } from './type-names.js';

/** An input of a function as parameter of a method. */
export interface InputParam {
  readonly name: string;
  readonly type: string;
}

/** A function with the names that the code for it uses. */
export interface FunctionCode {
  readonly model: FunctionModel;
  readonly inputs: readonly InputParam[];
  /** What it gives in TypeScript: the return value, an object with the out parameters too, or `void`. */
  readonly result: string;
  /** Names for the parameters that the code adds. */
  readonly current: string;
  readonly options: string;
  readonly callback: string;
}

/** @param resultName the interface of the result of a function with out parameters. */
export function functionCodeOf(
  types: TypeNames,
  names: InterfaceNames,
  model: FunctionModel,
  resultName: (fn: FunctionModel) => string | undefined,
): FunctionCode {
  const table = new NameTable((name) => isReservedWord(name) || name === names.functions);
  const inputs = model.params
    .filter(({ isOut }) => !isOut)
    .map(({ name, type }) => ({ name: table.take(name), type: types.type(type) }));
  const result = resultName(model) ?? (model.result === undefined ? 'void' : types.type(model.result));
  return {
    model,
    inputs,
    result,
    current: table.take('current'),
    options: table.take('options'),
    callback: table.take('callback'),
  };
}

/** The names of methods of one class: those of its base are given, and get an underscore more; so do those that JavaScript uses itself. */
export function methodNames(model: InterfaceModel, inherited: ReadonlySet<string>): Map<FunctionModel, string> {
  const table = new NameTable((name) => inherited.has(name) || isLanguageName(name));
  return new Map(model.functions.map((fn) => [fn, table.take(fn.name)]));
}

/** The comment of a function, or its signature in the IDL; and why its method has another name, where the language is the reason. */
export function functionDoc(fn: FunctionModel): string[] {
  const doc = fn.doc.length > 0 ? [...fn.doc] : [`\`${signatureOf(fn)}\``];
  return isLanguageName(fn.name)
    ? [...doc, '', `Its name in the IDL is \`${fn.name}\`, which JavaScript uses itself.`]
    : doc;
}

function signatureOf(fn: FunctionModel): string {
  return `${fn.result === undefined ? 'void' : typeText(fn.result)} ${fn.name}(${fn.params.map(paramText).join(', ')})`;
}

function paramText({ name, type, isOut, isRouteKey }: ParamModel): string {
  return `${isOut ? 'out ' : ''}${isRouteKey ? 'routekey ' : ''}${typeText(type)} ${name}`;
}

/** `a: A` for each input. */
export function parameterList(code: FunctionCode): string[] {
  return code.inputs.map(({ name, type }) => `${name}: ${type}`);
}
