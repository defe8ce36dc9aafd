/**
 * TARS without an IDL: structs and interfaces are decorated classes, and proxies come of them; servants from `@tarsier/code-first/servant`.
 * Bytes are those of generated code, and the IDL is printed for others.
 *
 * @module @tarsier/code-first
 */
export type { AnyClass } from './declare/declared.js';
export { type EnumValue, tarsEnum } from './declare/tars-enum.js';
export { printDeclaredIdl } from './idl/print-declared.js';
export { printIdl } from './idl/print-idl.js';
export { callbackOf, type ResultHandlers } from './interface/callback-of.js';
export { type ContractClass, interfaceOf } from './interface/interface-of.js';
export type {
  AnyMethod,
  DescribedResult,
  FunctionNames,
  FunctionOf,
  MatchOf,
  MethodDescription,
  MethodInputs,
  MethodResult,
  Mismatch,
} from './interface/method-types.js';
export { type OutParam, out, type ParamDescription, type RouteKeyParam, routeKey } from './interface/param.js';
export { type ProxyClassOf, type ProxyMethods, type ProxyOf, proxyOf } from './interface/proxy-of.js';
export { type Pushes, pushOf } from './interface/push-of.js';
export { TarsInterface } from './interface/tars-interface.js';
export { TarsMethod, type TarsMethodDecorator } from './interface/tars-method.js';
export type { TypeOrLazy } from './struct/struct-declaration.js';
export { type StructClass, struct, structType } from './struct/struct-type.js';
export { type InferredField, TarsField, type TarsFieldDecorator, type TarsFieldOptions } from './struct/tars-field.js';
export { TarsStruct, type TarsStructOptions } from './struct/tars-struct.js';
