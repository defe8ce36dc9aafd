import { Endpoint } from './endpoint.js';
import { endpointError } from './endpoint-parser.js';

/** An object string taken apart. */
export interface ObjectString {
  /** Object name without the hash, as `App.Server.Obj`. */
  readonly name: string;
  /** What stood after `#`: it only makes a proxy, and so its connections, distinct. */
  readonly hash?: string;
  /** Direct endpoints; empty when there was no `@`, so that the locator has to be asked. */
  readonly endpoints: readonly Endpoint[];
}

/**
 * Parses `Obj[#hash][@endpoint[:endpoint…]]`.
 *
 * The name is whatever is not empty and has no white space; it need not have three parts.
 *
 * @throws EndpointParseException that quotes the text and says what was expected at which offset.
 * Source: EndpointManager::setObjName (servant/libservant/EndpointManager.cpp).
 */
export function parseObjectString(text: string): ObjectString {
  const at = text.indexOf('@');
  const head = at < 0 ? text : text.slice(0, at);
  const full = head.trim();
  const offset = head.length - head.trimStart().length;
  const hashAt = full.indexOf('#');
  const name = hashAt < 0 ? full : full.slice(0, hashAt);
  if (name === '') throw endpointError(text, full === '' ? 0 : offset, 'expected an object name, as App.Server.Obj,');
  const blank = /\s/.exec(full);
  if (blank !== null) throw endpointError(text, offset + blank.index, 'expected no white space in the object name');
  if (hashAt === full.length - 1) throw endpointError(text, offset + hashAt + 1, 'expected a hash after #');
  const endpoints = at < 0 ? [] : Endpoint.parseList(text, at + 1);
  return hashAt < 0 ? { name, endpoints } : { name, hash: full.slice(hashAt + 1), endpoints };
}
