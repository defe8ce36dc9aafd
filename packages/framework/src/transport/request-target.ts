import type { IncomingMessage } from 'node:http';
import { lowerAscii } from '@tarsier/protocol/internal';
import { type Authority, parseAuthority } from './authority.js';

/** What an HTTP request asks for. */
export interface RequestTarget {
  /** Without the query, as it stands there: nothing is decoded. */
  readonly path: string;
  /** The host that is asked, and the port if it is named. */
  readonly authority: Authority;
}

/** The parts of a request that say what it asks for. */
export type AskingRequest = Pick<IncomingMessage, 'url' | 'rawHeaders' | 'httpVersionMajor' | 'httpVersionMinor'>;

/** Scheme, authority and path of a target in absolute form. */
const ABSOLUTE = /^(?:https?|wss?):\/\/([^/?]*)([^?]*)/i;

/**
 * Reads the target of a request, in origin form (`/path?query`) or absolute form, whose host goes before that of the field Host.
 *
 * Source: RFC 9112, sections 3.2, 3.2.1 and 3.2.2: exactly one field Host, also beside the absolute form.
 *
 * @returns a text that says what is wrong, for a request that is to be answered 400.
 */
export function requestTarget(request: AskingRequest): RequestTarget | string {
  if (request.httpVersionMajor !== 1 || request.httpVersionMinor < 1) return 'a WebSocket needs HTTP/1.1';
  const hosts = request.rawHeaders.filter((_, i, all) => i % 2 === 1 && lowerAscii(all[i - 1] ?? '') === 'host');
  const [field] = hosts;
  if (field === undefined || hosts.length > 1) return `the request has ${hosts.length} fields Host, and must have one`;
  const named = parseAuthority(field);
  if (named === undefined) return 'the field Host names no host';
  const url = request.url ?? '';
  if (url.includes('#')) return 'the target has a fragment';
  if (url.startsWith('/')) return { path: url.split('?', 1)[0] ?? '', authority: named };
  const absolute = ABSOLUTE.exec(url);
  const authority = absolute === null ? undefined : parseAuthority(absolute[1] ?? '');
  if (authority === undefined) return 'the target is neither a path nor a URL';
  return { path: absolute?.[2] || '/', authority };
}
