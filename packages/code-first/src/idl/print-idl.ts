import { declarationFault } from '../declare/declaration-fault.js';
import type { AnyClass } from '../declare/declared.js';
import { defineClass, defineName } from './define.js';
import type { Definition } from './definition.js';

/**
 * The IDL of classes, and of the structs and enums that they need: what other languages compile to call or to serve them.
 *
 * Each name stands before its use, as compilers want it; a module is opened as often as that takes.
 *
 * @throws TarsException when an IDL cannot have it, as structs that contain each other.
 */
export function printIdl(classes: Iterable<AnyClass>): string {
  return print(inOrder([...classes].map(defineClass)));
}

function inOrder(wanted: readonly Definition[]): readonly Definition[] {
  const byName = new Map(wanted.map((definition) => [definition.fullName, definition]));
  const done = new Set<Definition>();
  const open: string[] = [];
  const visit = (definition: Definition): void => {
    const { fullName, needs } = definition;
    if (done.has(definition)) return;
    if (open.includes(fullName)) {
      throw declarationFault(`${open.join(' and ')} contain each other, and a name of an IDL stands before its use`);
    }
    open.push(fullName);
    for (const name of needs) visit(known(byName, name, fullName));
    open.pop();
    done.add(definition);
  };
  for (const definition of wanted) visit(definition);
  return [...done];
}

function known(byName: Map<string, Definition>, name: string, neededBy: string): Definition {
  let definition = byName.get(name);
  if (definition === undefined) {
    definition = defineName(name, neededBy);
    byName.set(name, definition);
  }
  return definition;
}

function print(definitions: readonly Definition[]): string {
  const lines: string[] = [];
  for (const [index, { module, lines: own }] of definitions.entries()) {
    if (definitions[index - 1]?.module === module) lines.push('');
    else lines.push(...(index === 0 ? [] : ['};', '']), `module ${module}`, '{');
    lines.push(...own.map((line) => `    ${line}`));
  }
  return definitions.length === 0 ? '' : `${[...lines, '};'].join('\n')}\n`;
}
