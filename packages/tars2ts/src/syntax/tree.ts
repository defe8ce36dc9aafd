import type { SourceFile, Span } from '../source/source-file.js';

/** What a file says, before anything is looked up. */
export interface FileTree {
  readonly source: SourceFile;
  readonly includes: readonly IncludeNode[];
  readonly modules: readonly ModuleNode[];
}

export interface IncludeNode extends Span {
  readonly path: string;
}

export interface NameNode extends Span {
  readonly text: string;
}

export interface ModuleNode {
  readonly name: NameNode;
  readonly definitions: readonly DefinitionNode[];
}

export type DefinitionNode = EnumNode | ConstNode | StructNode | KeyNode | InterfaceNode;

export interface EnumNode {
  readonly kind: 'enum';
  readonly name: NameNode;
  readonly members: readonly EnumMemberNode[];
  readonly doc: readonly string[];
}

export interface EnumMemberNode {
  readonly name: NameNode;
  readonly value: LiteralNode | ReferenceNode | undefined;
  readonly doc: readonly string[];
}

export interface ConstNode {
  readonly kind: 'const';
  readonly name: NameNode;
  readonly type: TypeNode;
  readonly value: LiteralNode | ReferenceNode;
  readonly doc: readonly string[];
}

export interface StructNode {
  readonly kind: 'struct';
  readonly name: NameNode;
  readonly members: readonly MemberNode[];
  /** Some of its members could not be read, which has been reported. */
  readonly isBroken: boolean;
  readonly doc: readonly string[];
}

export interface MemberNode {
  readonly tag: LiteralNode;
  readonly required: boolean;
  readonly type: TypeNode;
  readonly name: NameNode;
  readonly value: LiteralNode | ReferenceNode | undefined;
  readonly doc: readonly string[];
}

/** `key[Struct, member, …];` */
export interface KeyNode {
  readonly kind: 'key';
  readonly struct: ReferenceNode;
  readonly members: readonly NameNode[];
}

export interface InterfaceNode {
  readonly kind: 'interface';
  readonly name: NameNode;
  readonly functions: readonly FunctionNode[];
  readonly doc: readonly string[];
}

export interface FunctionNode {
  readonly name: NameNode;
  /** Undefined for `void`. */
  readonly result: TypeNode | undefined;
  readonly params: readonly ParamNode[];
  readonly doc: readonly string[];
}

export interface ParamNode {
  readonly name: NameNode;
  readonly type: TypeNode;
  readonly isOut: boolean;
  readonly isRouteKey: boolean;
}

export type BuiltinName =
  | 'bool'
  | 'byte'
  | 'short'
  | 'int'
  | 'long'
  | 'float'
  | 'double'
  | 'string'
  | 'unsigned byte'
  | 'unsigned short'
  | 'unsigned int';

export type TypeNode = BuiltinTypeNode | VectorTypeNode | MapTypeNode | NamedTypeNode | FixedTypeNode;

export interface BuiltinTypeNode extends Span {
  readonly kind: 'builtin';
  readonly name: BuiltinName;
}

export interface VectorTypeNode extends Span {
  readonly kind: 'vector';
  readonly element: TypeNode;
}

export interface MapTypeNode extends Span {
  readonly kind: 'map';
  readonly key: TypeNode;
  readonly value: TypeNode;
}

export interface NamedTypeNode extends Span {
  readonly kind: 'named';
  readonly reference: ReferenceNode;
}

/** The extras of C++: `T name[n]`, `vector<T>:n`, `string:n`, and `byte *name`, whose size is unknown. */
export interface FixedTypeNode extends Span {
  readonly kind: 'fixed';
  readonly element: TypeNode;
  readonly size: LiteralNode | undefined;
}

/** `Name` or `Module::Name`, or deeper. */
export interface ReferenceNode extends Span {
  readonly kind: 'reference';
  readonly parts: readonly NameNode[];
}

export type LiteralNode = IntegerNode | FloatNode | StringNode | BooleanNode;

export interface IntegerNode extends Span {
  readonly kind: 'integer';
  readonly value: bigint;
  /** Written in hex or octal, so that it means bits. */
  readonly isBits: boolean;
}

export interface FloatNode extends Span {
  readonly kind: 'float';
  readonly value: number;
}

export interface StringNode extends Span {
  readonly kind: 'string';
  readonly value: string;
}

export interface BooleanNode extends Span {
  readonly kind: 'boolean';
  readonly value: boolean;
}
