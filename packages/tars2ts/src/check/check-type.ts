import type { NamedTypeNode, TypeNode } from '../syntax/tree.js';
import type { Type } from './model.js';
import type { Scope } from './scope.js';

/** A type with its names looked up; undefined, and reported, when one is not there. */
export function resolveType(scope: Scope, node: TypeNode, module: string): Type | undefined {
  switch (node.kind) {
    case 'builtin':
      return { kind: 'builtin', name: node.name };
    case 'named':
      return resolveNamed(scope, node, module);
    case 'vector':
    case 'fixed': {
      const element = resolveType(scope, node.element, module);
      if (element === undefined) return undefined;
      const isBytes = element.kind === 'builtin' && element.name === 'byte';
      return isBytes ? { kind: 'bytes' } : { kind: 'list', element };
    }
    case 'map': {
      const key = resolveType(scope, node.key, module);
      const value = resolveType(scope, node.value, module);
      return key === undefined || value === undefined ? undefined : { kind: 'map', key, value };
    }
  }
}

function resolveNamed(scope: Scope, node: NamedTypeNode, module: string): Type | undefined {
  const found = scope.findType(node.reference, module);
  if (found === undefined) return undefined;
  return found.kind === 'enum' ? { kind: 'enum', enum: found } : { kind: 'struct', struct: found };
}

/** As it is written in an IDL. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case 'builtin':
      return type.name;
    case 'bytes':
      return 'vector<byte>';
    case 'list':
      return `vector<${typeText(type.element)}>`;
    case 'map':
      return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
    case 'struct':
      return type.struct.name;
    case 'enum':
      return type.enum.name;
  }
}

/** Structs that are keys of maps anywhere in a type, with the maps in each other. */
export function mapKeysOf(type: Type): Type[] {
  if (type.kind === 'list') return mapKeysOf(type.element);
  if (type.kind !== 'map') return [];
  return [type.key, ...mapKeysOf(type.key), ...mapKeysOf(type.value)];
}
