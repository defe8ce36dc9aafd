import type { Span } from '../source/source-file.js';
import type { BuiltinName, LiteralNode, ReferenceNode } from '../syntax/tree.js';
import { typeText } from './check-type.js';
import { findEnumMember } from './enum-members.js';
import type { EnumModel, Type, Value } from './model.js';
import type { Scope } from './scope.js';

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

interface Range {
  readonly bits: number;
  readonly min: bigint;
  readonly max: bigint;
}

function signed(bits: number): Range {
  const half = 1n << BigInt(bits - 1);
  return { bits, min: -half, max: half - 1n };
}

function unsigned(bits: number): Range {
  return { bits, min: 0n, max: (1n << BigInt(bits)) - 1n };
}

const ranges: { readonly [Name in BuiltinName]?: Range } = {
  byte: signed(8),
  short: signed(16),
  int: signed(32),
  long: signed(64),
  'unsigned byte': unsigned(8),
  'unsigned short': unsigned(16),
  'unsigned int': unsigned(32),
};

/** A default or a constant of a type; undefined, and reported, when it does not fit. */
export function resolveValue(
  scope: Scope,
  node: LiteralNode | ReferenceNode,
  type: Type,
  module: string,
): Value | undefined {
  if (type.kind === 'enum') return enumeratorOf(scope, node, type.enum, module);
  if (type.kind !== 'builtin') {
    scope.report(node, `a ${typeText(type)} cannot have a value here; only builtin types and enums can`);
    return undefined;
  }
  return node.kind === 'reference'
    ? numberOfName(scope, node, type.name, module)
    : builtinValue(scope, node, type.name);
}

/** As in C++ a member of an enum stands for its number. */
function numberOfName(scope: Scope, node: ReferenceNode, name: BuiltinName, module: string): Value | undefined {
  const member = name === 'string' || name === 'bool' ? undefined : findEnumMember(scope, node, [], module);
  if (member === undefined) {
    scope.report(node, 'write the value itself; names can only stand for members of an enum');
    return undefined;
  }
  if (name === 'float' || name === 'double') return { kind: 'float', value: member.value };
  return integerValue(scope, node, BigInt(member.value), false, name);
}

function builtinValue(scope: Scope, node: LiteralNode, name: BuiltinName): Value | undefined {
  if (name === 'string') {
    if (node.kind === 'string') return { kind: 'string', value: node.value };
    scope.report(node, 'a string needs a text in quotes, as "text"');
    return undefined;
  }
  if (name === 'bool') {
    if (node.kind === 'boolean') return { kind: 'boolean', value: node.value };
    scope.report(node, 'a bool needs true or false');
    return undefined;
  }
  if (name === 'float' || name === 'double') {
    const value = node.kind === 'integer' ? Number(node.value) : node.kind === 'float' ? node.value : Number.NaN;
    if (Number.isFinite(value)) return { kind: 'float', value };
    scope.report(node, `a ${name} needs a number, as 1.5`);
    return undefined;
  }
  if (node.kind === 'integer') return integerValue(scope, node, node.value, node.isBits, name);
  scope.report(node, `${article(name)} ${name} needs a whole number, as 12 or 0x0c`);
  return undefined;
}

function integerValue(scope: Scope, span: Span, value: bigint, isBits: boolean, name: BuiltinName): Value | undefined {
  const { bits, min, max } = ranges[name] as Range;
  if (name === 'long' && scope.settings.isLongNumber && (value > MAX_SAFE || value < -MAX_SAFE)) {
    scope.report(span, 'a number does not hold this exactly; let long be bigint');
    return undefined;
  }
  if (value >= min && value <= max) return { kind: 'integer', value };
  // 0xffffffff is how C++ writes the int -1.
  if (isBits && value > 0n && value < 1n << BigInt(bits)) return { kind: 'integer', value: BigInt.asIntN(bits, value) };
  scope.report(span, `this is no ${name}, which goes from ${min} to ${max}`);
  return undefined;
}

function article(name: BuiltinName): string {
  return name === 'int' || name.startsWith('unsigned') ? 'an' : 'a';
}

function enumeratorOf(
  scope: Scope,
  node: LiteralNode | ReferenceNode,
  of: EnumModel,
  module: string,
): Value | undefined {
  const names = of.members.map(({ name }) => name);
  const hint = `write one of its members: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`;
  if (node.kind !== 'reference') {
    const meant = node.kind === 'integer' ? of.members.find(({ value }) => BigInt(value) === node.value) : undefined;
    const what = meant === undefined ? hint : `write ${meant.name}`;
    scope.report(node, `the value of an enum ${of.name} is one of its names; ${what}`);
    return undefined;
  }
  const parts = node.parts.map(({ text }) => text);
  const name = parts.pop() as string;
  const prefix = parts.join('::');
  const prefixes = [
    of.name,
    of.module,
    `${of.module}::${of.name}`,
    ...(module === of.module || names.includes(name) ? [''] : []),
  ];
  if (names.includes(name) && prefixes.includes(prefix)) return { kind: 'enumerator', of, name };
  scope.report(node, `${[...parts, name].join('::')} is no member of the enum ${of.name}; ${hint}`);
  return undefined;
}

/** The value of a field that was not sent and whose IDL gives none. */
export function initialValue(type: Type): Value | undefined {
  if (type.kind === 'enum') {
    const first = type.enum.members[0];
    return first === undefined ? undefined : { kind: 'enumerator', of: type.enum, name: first.name };
  }
  if (type.kind !== 'builtin') return undefined;
  if (type.name === 'string') return { kind: 'string', value: '' };
  if (type.name === 'bool') return { kind: 'boolean', value: false };
  if (type.name === 'float' || type.name === 'double') return { kind: 'float', value: 0 };
  return { kind: 'integer', value: 0n };
}
