import type { FunctionNode, InterfaceNode } from '../syntax/tree.js';
import { checkFunctionName, checkName } from './check-name.js';
import { resolveType } from './check-type.js';
import type { FunctionModel, InterfaceModel, ParamModel } from './model.js';
import type { Scope } from './scope.js';

const MAX_PARAMS = 255;

/** An interface with its functions. */
export function checkInterface(scope: Scope, node: InterfaceNode, module: string): InterfaceModel {
  const { text: name, source: file } = node.name;
  checkName(scope, node.name);
  if (name === module) {
    scope.report(node.name, `an interface cannot have the name of its module; rename the interface ${name}`);
  }
  const functions: FunctionModel[] = [];
  const names = new Set<string>();
  for (const fn of node.functions) {
    checkFunctionName(scope, fn.name);
    if (names.has(fn.name.text)) {
      scope.report(
        fn.name,
        `the interface ${name} has a function ${fn.name.text} already; functions cannot be overloaded`,
      );
      continue;
    }
    names.add(fn.name.text);
    functions.push(checkFunction(scope, fn, module));
  }
  return { kind: 'interface', module, name, file, span: node.name, doc: node.doc, functions };
}

function checkFunction(scope: Scope, node: FunctionNode, module: string): FunctionModel {
  const { text: name } = node.name;
  const excess = node.params[MAX_PARAMS];
  if (excess !== undefined) {
    scope.report(excess.name, `a function has at most ${MAX_PARAMS} parameters; put some of them into a struct`);
  }
  const result = node.result === undefined ? undefined : resolveType(scope, node.result, module);
  const params: ParamModel[] = [];
  const names = new Set<string>();
  for (const [index, param] of node.params.entries()) {
    checkName(scope, param.name);
    const { text } = param.name;
    if (text === name) scope.report(param.name, `a parameter cannot have the name of its function; rename it`);
    if (names.has(text)) scope.report(param.name, `the function ${name} has a parameter ${text} already; rename one`);
    names.add(text);
    const type = resolveType(scope, param.type, module);
    if (type === undefined) continue;
    const isString = type.kind === 'builtin' && type.name === 'string';
    if (param.isRouteKey && !isString) scope.report(param.type, 'a routekey is a string; change its type');
    params.push({ name: text, type, tag: index + 1, isOut: param.isOut, isRouteKey: param.isRouteKey });
  }
  return { name, result, params, doc: node.doc };
}
