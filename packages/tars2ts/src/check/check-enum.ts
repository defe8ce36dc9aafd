import type { EnumNode, LiteralNode, ReferenceNode } from '../syntax/tree.js';
import { checkName } from './check-name.js';
import { findEnumMember } from './enum-members.js';
import type { EnumMemberModel, EnumModel } from './model.js';
import type { Scope } from './scope.js';

const MIN = -0x8000_0000n;
const MAX = 0x7fff_ffffn;

/** An enum with the values of its members. */
export function checkEnum(scope: Scope, node: EnumNode, module: string): EnumModel {
  const members: EnumMemberModel[] = [];
  const names = new Set<string>();
  let next = 0n;
  checkName(scope, node.name);
  if (node.members.length === 0) scope.report(node.name, `the enum ${node.name.text} needs at least one member`);
  for (const member of node.members) {
    checkName(scope, member.name);
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
  const found = findEnumMember(scope, node, own, module);
  if (found !== undefined) return BigInt(found.value);
  const name = node.parts.map(({ text }) => text).join('::');
  scope.report(node, `there is no enum member ${name} yet; define it above, or write a number`);
  return undefined;
}
