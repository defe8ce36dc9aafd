import type { EnumNode, LiteralNode, ReferenceNode } from '../syntax/tree.js';
import { checkName } from './check-name.js';
import type { EnumMemberModel, EnumModel } from './model.js';
import type { Scope } from './scope.js';

const MIN = -0x8000_0000n;
const MAX = 0x7fff_ffffn;

/** An enum with the values of its members. */
export function checkEnum(scope: Scope, node: EnumNode, module: string, withTars: boolean): EnumModel {
  const members: EnumMemberModel[] = [];
  const names = new Set<string>();
  let next = 0n;
  checkName(scope, node.name, withTars);
  if (node.members.length === 0) scope.report(node.name, `the enum ${node.name.text} needs at least one member`);
  for (const member of node.members) {
    checkName(scope, member.name, withTars);
    if (names.has(member.name.text)) {
      scope.report(
        member.name,
        `the enum ${node.name.text} has a member ${member.name.text} already; choose another name`,
      );
    }
    names.add(member.name.text);
    const value = member.value === undefined ? next : (memberValue(scope, member.value, members, module) ?? next);
    if (value < MIN || value > MAX) {
      scope.report(member.value ?? member.name, `the value ${value} does not fit into the 32 bits of an enum`);
    }
    members.push({ name: member.name.text, value: Number(value), doc: member.doc });
    next = value + 1n;
  }
  const { text: name, source: file } = node.name;
  return { kind: 'enum', module, name, file, span: node.name, doc: node.doc, members };
}

function memberValue(
  scope: Scope,
  node: LiteralNode | ReferenceNode,
  own: readonly EnumMemberModel[],
  module: string,
): bigint | undefined {
  if (node.kind === 'integer') return node.isBits && node.value > MAX ? BigInt.asIntN(32, node.value) : node.value;
  if (node.kind !== 'reference') {
    scope.report(node, 'the value of an enum member is a whole number or a member that was defined before');
    return undefined;
  }
  const parts = node.parts.map(({ text }) => text);
  const name = parts.pop() as string;
  const found = candidates(scope, parts, own, module).find((member) => member.name === name);
  if (found !== undefined) return BigInt(found.value);
  scope.report(node, `there is no enum member ${[...parts, name].join('::')} yet; define it above, or write a number`);
  return undefined;
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
