import { parseArraySuffix, parseType } from './parse-type.js';
import { join, SyntaxStop, type TokenReader } from './token-reader.js';
import type {
  ConstNode,
  DefinitionNode,
  EnumMemberNode,
  EnumNode,
  FunctionNode,
  InterfaceNode,
  KeyNode,
  LiteralNode,
  MemberNode,
  ParamNode,
  StructNode,
} from './tree.js';

/** One definition of a module, with the `;` behind it. */
export function parseDefinition(reader: TokenReader): DefinitionNode {
  const { text } = reader.current;
  if (reader.is('enum')) return parseEnum(reader);
  if (reader.is('const')) return parseConst(reader);
  if (reader.is('struct')) return parseStruct(reader);
  if (reader.is('key')) return parseKey(reader);
  if (reader.is('interface')) return parseInterface(reader);
  if (reader.is('module')) {
    throw reader.stop(reader.current, 'modules cannot stand in each other; close the outer one first');
  }
  throw reader.stop(
    reader.current,
    `a definition begins with enum, const, struct, key or interface, and not with "${text.slice(0, 30)}"`,
  );
}

function parseEnum(reader: TokenReader): EnumNode {
  const before = reader.previous;
  const first = reader.advance();
  const name = reader.name('the name of the enum');
  reader.expect('{', 'behind the name of the enum');
  const members: EnumMemberNode[] = [];
  for (;;) {
    // As in tars2cpp a member may be left out.
    while (reader.take(','));
    if (reader.is('}')) break;
    const beforeMember = reader.previous;
    const firstOfMember = reader.current;
    const memberName = reader.name('the name of an enum member');
    const value = reader.take('=') ? reader.value('the value of the enum member') : undefined;
    const separated = reader.take(',');
    members.push({ name: memberName, value, doc: reader.doc(firstOfMember, beforeMember) });
    if (!separated && !reader.is('}')) reader.expect(',', 'between the members of the enum');
  }
  reader.advance();
  reader.expect(';', 'behind the enum');
  return { kind: 'enum', name, members, doc: reader.doc(first, before) };
}

function parseConst(reader: TokenReader): ConstNode {
  const before = reader.previous;
  const first = reader.advance();
  const type = parseType(reader);
  const name = reader.name('the name of the constant');
  reader.expect('=', 'behind the name of the constant');
  const value = reader.value('the value of the constant');
  reader.expect(';', 'behind the constant');
  return { kind: 'const', name, type, value, doc: reader.doc(first, before) };
}

/** Reads parts up to the `}`, and goes on with the next one behind a fault. */
function parseBody<T>(reader: TokenReader, parsePart: () => T): T[] {
  const parts: T[] = [];
  const { depth } = reader;
  while (!reader.is('}') && reader.current.kind !== 'end') {
    try {
      parts.push(parsePart());
    } catch (error) {
      if (!(error instanceof SyntaxStop)) throw error;
      reader.recover(depth);
    }
  }
  return parts;
}

function parseStruct(reader: TokenReader): StructNode {
  const before = reader.previous;
  const first = reader.advance();
  const name = reader.name('the name of the struct');
  const doc = reader.doc(first, before);
  reader.expect('{', 'behind the name of the struct');
  const { length } = reader.problems;
  const members = parseBody(reader, () => parseMember(reader));
  const isBroken = reader.problems.length > length;
  reader.expect('}', 'at the end of the struct');
  reader.expect(';', 'behind the struct');
  return { kind: 'struct', name, members, isBroken, doc };
}

function parseMember(reader: TokenReader): MemberNode {
  const before = reader.previous;
  const first = reader.current;
  const tag = parseTag(reader);
  const required = reader.is('require');
  if (!required && !reader.is('optional')) {
    throw reader.stop(reader.current, '"require" or "optional" is missing behind the tag');
  }
  reader.advance();
  let type = parseType(reader);
  if (reader.is('*')) {
    if (type.kind !== 'builtin' || type.name !== 'byte') throw reader.stop(type, 'only byte can have a "*"');
    type = { kind: 'fixed', element: type, size: undefined, ...join(type, reader.advance()) };
  }
  const name = reader.name('the name of the member');
  type = parseArraySuffix(reader, type);
  const value = reader.take('=') ? reader.value('the default value') : undefined;
  reader.expect(';', 'behind the member');
  return { tag, required, type, name, value, doc: reader.doc(first, before) };
}

function parseTag(reader: TokenReader): LiteralNode {
  const at = reader.current;
  const tag = reader.literal();
  if (tag?.kind === 'integer') return tag;
  throw reader.stop(at, 'a member begins with its tag, a number from 0 to 255, as "0 require int id;"');
}

function parseKey(reader: TokenReader): KeyNode {
  reader.advance();
  reader.expect('[', 'behind "key"');
  const struct = reader.reference('the name of a struct');
  const members = [];
  while (reader.take(',')) members.push(reader.name('the name of a member'));
  if (members.length === 0) throw reader.stop(reader.current, 'name at least one member, as key[Point, x];');
  reader.expect(']', 'behind the members of the key');
  reader.expect(';', 'behind the key');
  return { kind: 'key', struct, members };
}

function parseInterface(reader: TokenReader): InterfaceNode {
  const before = reader.previous;
  const first = reader.advance();
  const name = reader.name('the name of the interface');
  const doc = reader.doc(first, before);
  reader.expect('{', 'behind the name of the interface');
  const functions = parseBody(reader, () => parseFunction(reader));
  reader.expect('}', 'at the end of the interface');
  reader.expect(';', 'behind the interface');
  return { kind: 'interface', name, functions, doc };
}

function parseFunction(reader: TokenReader): FunctionNode {
  const before = reader.previous;
  const first = reader.current;
  const result = reader.take('void') ? undefined : parseType(reader);
  const name = reader.name('the name of the function');
  reader.expect('(', 'behind the name of the function');
  const params: ParamNode[] = [];
  if (!reader.is(')')) {
    do params.push(parseParam(reader));
    while (reader.take(','));
  }
  reader.expect(')', 'behind the parameters');
  reader.expect(';', 'behind the function');
  return { name, result, params, doc: reader.doc(first, before) };
}

function parseParam(reader: TokenReader): ParamNode {
  const isOut = reader.take('out');
  const isRouteKey = !isOut && reader.take('routekey');
  if (reader.is('void')) throw reader.stop(reader.current, 'void is no type of a parameter');
  const type = parseType(reader);
  const name = reader.name('the name of the parameter');
  return { name, type: parseArraySuffix(reader, type), isOut, isRouteKey };
}
