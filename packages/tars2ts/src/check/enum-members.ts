import type { ReferenceNode } from '../syntax/tree.js';
import type { EnumMemberModel } from './model.js';
import type { Scope } from './scope.js';

/**
 * The member of an enum that a name stands for where a number is wanted; undefined when there is none.
 *
 * @param own members of the enum that the name stands in, as far as they are known.
 * @param module the one that the name stands in.
 */
export function findEnumMember(
  scope: Scope,
  node: ReferenceNode,
  own: readonly EnumMemberModel[],
  module: string,
): EnumMemberModel | undefined {
  const prefix = node.parts.map(({ text }) => text);
  const name = prefix.pop();
  return candidates(scope, prefix, own, module).find((member) => member.name === name);
}

function candidates(
  scope: Scope,
  prefix: readonly string[],
  own: readonly EnumMemberModel[],
  module: string,
): readonly EnumMemberModel[] {
  const [first, second] = prefix;
  if (first === undefined) return [...own, ...scope.enumsOf(module).flatMap(({ members }) => members)];
  if (second !== undefined) return scope.enumsOf(first).find(({ name }) => name === second)?.members ?? [];
  const byEnum = scope.enumsOf(module).find(({ name }) => name === first)?.members ?? [];
  return [...byEnum, ...scope.enumsOf(first).flatMap(({ members }) => members)];
}
