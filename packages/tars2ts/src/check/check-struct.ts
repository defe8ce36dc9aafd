import type { KeyNode, MemberNode, StructNode } from '../syntax/tree.js';
import { checkName } from './check-name.js';
import { resolveType } from './check-type.js';
import { initialValue, resolveValue } from './check-value.js';
import type { FieldModel, StructModel, Type } from './model.js';
import type { Scope } from './scope.js';

const MAX_TAG = 255n;

/** A struct with its members by tag. It is defined while its members are looked up, so that it can hold a vector of itself. */
export function checkStruct(scope: Scope, node: StructNode, module: string, withTars: boolean): StructModel {
  const { text: name, source: file } = node.name;
  const struct: StructModel = {
    kind: 'struct',
    module,
    name,
    file,
    span: node.name,
    doc: node.doc,
    fields: [],
    keys: undefined,
    isBroken: node.isBroken,
  };
  checkName(scope, node.name, withTars);
  scope.define(struct);
  if (node.members.length === 0 && !node.isBroken)
    scope.report(node.name, `the struct ${name} needs at least one member`);
  const tags = new Map<bigint, MemberNode>();
  const names = new Set<string>();
  for (const member of node.members) {
    checkName(scope, member.name, withTars);
    checkTag(scope, member, tags);
    if (names.has(member.name.text)) {
      scope.report(member.name, `the struct ${name} has a member ${member.name.text} already; choose another name`);
      continue;
    }
    names.add(member.name.text);
    const field = checkMember(scope, member, module, struct);
    if (field === undefined) struct.isBroken = true;
    else struct.fields.push(field);
  }
  struct.fields.sort((a, b) => a.tag - b.tag);
  return struct;
}

function checkTag(scope: Scope, member: MemberNode, tags: Map<bigint, MemberNode>): void {
  const { tag } = member;
  if (tag.kind !== 'integer') return;
  const { value } = tag;
  if (value < 0n || value > MAX_TAG) {
    scope.report(tag, `a tag goes from 0 to ${MAX_TAG}`);
    return;
  }
  const other = tags.get(value);
  if (other === undefined) {
    tags.set(value, member);
    return;
  }
  const highest = [...tags.keys()].reduce((a, b) => (a > b ? a : b));
  const hint = highest < MAX_TAG ? `; ${highest + 1n} is free` : '';
  scope.report(tag, `tag ${value} belongs to ${other.name.text} already${hint}`);
}

function checkMember(scope: Scope, node: MemberNode, module: string, struct: StructModel): FieldModel | undefined {
  const type = resolveType(scope, node.type, module);
  if (type === undefined) return undefined;
  const isFixed = node.type.kind === 'fixed';
  if (!isFixed && type.kind === 'struct' && type.struct === struct) {
    scope.report(node.type, `the struct ${struct.name} cannot contain itself; use vector<${struct.name}>`);
    return undefined;
  }
  const given = node.value === undefined ? undefined : resolveValue(scope, node.value, type, module);
  return {
    tag: node.tag.kind === 'integer' ? Number(node.tag.value) : 0,
    required: node.required,
    name: node.name.text,
    type,
    value: given ?? initialValue(type),
    isFixed,
    doc: [...node.doc, ...sizeNote(node, type)],
  };
}

function sizeNote(node: MemberNode, type: Type): string[] {
  if (node.type.kind !== 'fixed' || node.type.size?.kind !== 'integer') return [];
  const what = type.kind === 'bytes' ? 'bytes' : 'elements';
  return [`In C++ it has room for ${node.type.size.value} ${what}.`];
}

/** `key[…]` gives a struct an order. */
export function checkKey(scope: Scope, node: KeyNode, module: string): void {
  const struct = scope.find(node.struct, module);
  const name = node.struct.parts.map(({ text }) => text).join('::');
  if (struct?.kind !== 'struct') {
    scope.report(node.struct, `there is no struct ${name}; define it above its key`);
    return;
  }
  const keys: FieldModel[] = [];
  for (const member of node.members) {
    const field = struct.fields.find((known) => known.name === member.text);
    if (field === undefined) {
      if (!struct.isBroken) scope.report(member, `the struct ${name} has no member ${member.text}`);
    } else if (keys.includes(field)) scope.report(member, `${member.text} stands in this key already; remove it`);
    else keys.push(field);
  }
  if (struct.keys !== undefined) scope.report(node.struct, `the struct ${name} has a key already; keep one of them`);
  else struct.keys = keys;
}
