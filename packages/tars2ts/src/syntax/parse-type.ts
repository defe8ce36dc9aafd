import type { Span } from '../source/source-file.js';
import { join, type TokenReader } from './token-reader.js';
import type { BuiltinName, LiteralNode, TypeNode } from './tree.js';

/** Vectors and maps in each other. What comes in is not trusted with the stack. */
const MAX_TYPE_DEPTH = 64;
const builtins: ReadonlySet<string> = new Set(['bool', 'byte', 'short', 'int', 'long', 'float', 'double', 'string']);
const unsigned: ReadonlySet<string> = new Set(['byte', 'short', 'int']);

/** A type, without what may follow the name of a member. */
export function parseType(reader: TokenReader, depth = 0): TypeNode {
  const first = reader.current;
  if (depth > MAX_TYPE_DEPTH) {
    throw reader.stop(first, `types lie more than ${MAX_TYPE_DEPTH} deep in each other; put a struct between`);
  }
  if (first.kind === 'name') {
    const reference = reader.reference('a type');
    return { kind: 'named', reference, ...join(reference, reference) };
  }
  if (reader.take('unsigned')) return parseUnsigned(reader, first);
  if (reader.take('vector')) {
    reader.expect('<', 'behind "vector"');
    const element = parseType(reader, depth + 1);
    const last = reader.expect('>', 'behind the type of the elements');
    return sized(reader, { kind: 'vector', element, ...join(first, last) });
  }
  if (reader.take('map')) {
    reader.expect('<', 'behind "map"');
    const key = parseType(reader, depth + 1);
    reader.expect(',', 'between the types of key and value');
    const value = parseType(reader, depth + 1);
    const last = reader.expect('>', 'behind the type of the values');
    return { kind: 'map', key, value, ...join(first, last) };
  }
  if (first.kind === 'keyword' && builtins.has(first.text)) {
    reader.advance();
    return sized(reader, { kind: 'builtin', name: first.text as BuiltinName, ...join(first, first) });
  }
  const found = first.kind === 'end' ? 'the file ends here' : `found "${first.text}"`;
  throw reader.stop(first, `a type is missing, ${found}; write int, string, vector<…>, map<…, …>, a struct or an enum`);
}

function parseUnsigned(reader: TokenReader, first: Span): TypeNode {
  const { text } = reader.current;
  if (unsigned.has(text)) {
    const last = reader.advance();
    return { kind: 'builtin', name: `unsigned ${text}` as BuiltinName, ...join(first, last) };
  }
  throw reader.stop(join(first, reader.current), 'only byte, short and int can be unsigned');
}

/** `vector<T>:n` and `string:n`. */
function sized(reader: TokenReader, type: TypeNode): TypeNode {
  const canBe = type.kind === 'vector' || (type.kind === 'builtin' && type.name === 'string');
  if (!canBe || !reader.take(':')) return type;
  const size = parseSize(reader);
  const element = type.kind === 'vector' ? type.element : { ...type, name: 'byte' as const };
  return { kind: 'fixed', element, size, ...join(type, size) };
}

/** `[n]` behind the name of a member. */
export function parseArraySuffix(reader: TokenReader, type: TypeNode): TypeNode {
  if (!reader.take('[')) return type;
  const size = parseSize(reader);
  const last = reader.expect(']', 'behind the size of the array');
  return { kind: 'fixed', element: type, size, ...join(type, last) };
}

function parseSize(reader: TokenReader): LiteralNode {
  const at = reader.current;
  const size = reader.literal();
  if (size?.kind !== 'integer' || size.value < 1n || size.value > 0x7fff_ffffn) {
    throw reader.stop(at, 'the size of an array is a whole number from 1');
  }
  return size;
}
