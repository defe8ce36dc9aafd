import { isAsciiWord, lowerAscii } from '../buffer/ascii.js';
import { decodeUtf8, encodeUtf8 } from '../buffer/utf8.js';
import { COLON, invalidHttp, isDigit, isHexDigit, isHostName, shownHttp } from './http-bytes.js';

const PERCENT = 0x25;
const DOT = 0x2e;
const SLASH = 0x2f;
const OPENING = 0x5b;
const CLOSING = 0x5d;
const MAX_PORT_DIGITS = 5;
const schemes = [
  { begin: encodeUtf8('http://'), port: ':80' },
  { begin: encodeUtf8('https://'), port: ':443' },
] as const;

/** The authority in the absolute form of a request target, and the port that its scheme stands for. */
export interface TargetAuthority {
  readonly start: number;
  readonly end: number;
  readonly defaultPort: string;
}

/**
 * Checks the target of a request (RFC 9112 section 3.2): `/path`, `http://host/path`, or `*` of OPTIONS.
 *
 * @returns the authority that an absolute form names; undefined when it is none.
 * @throws TarsDecodeException for any other form.
 */
export function checkTarget(
  head: Uint8Array,
  start: number,
  end: number,
  isOptions: boolean,
): TargetAuthority | undefined {
  if (head[start] === SLASH) return undefined;
  if (isOptions && end - start === 1 && head[start] === 0x2a) return undefined;
  const scheme = schemes.find(({ begin }) => isAsciiWord(head, start, Math.min(end, start + begin.length), begin));
  if (scheme === undefined) {
    throw invalidHttp(`the request target ${shownHttp(head, start, end)} is neither a path nor an http URI`);
  }
  const first = start + scheme.begin.length;
  let last = first;
  while (last < end && head[last] !== SLASH && head[last] !== 0x3f && head[last] !== 0x23) last++;
  if (last === first) throw invalidHttp('the request target names no host');
  checkHost(head, first, last);
  return { start: first, end: last, defaultPort: scheme.port };
}

/**
 * Checks the value of a Host field: nothing, or `host`, `host:port`, of RFC 3986 section 3.2.
 *
 * @throws TarsDecodeException when it is none.
 */
export function checkHost(head: Uint8Array, start: number, end: number): void {
  if (start === end) return;
  const nameEnd = head[start] === OPENING ? endOfLiteral(head, start, end) : endOfName(head, start, end);
  let at = nameEnd;
  if (at < end && head[at] === COLON) {
    at++;
    while (at < end && isDigit(head[at] as number) && at - nameEnd <= MAX_PORT_DIGITS) at++;
  }
  if (nameEnd === start || at !== end) throw invalidHttp(`the host ${shownHttp(head, start, end)} is not valid`);
}

function endOfName(head: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = head[at] as number;
    if (isHostName(byte)) at++;
    else if (
      byte === PERCENT &&
      at + 2 < end &&
      isHexDigit(head[at + 1] as number) &&
      isHexDigit(head[at + 2] as number)
    )
      at += 3;
    else break;
  }
  return at;
}

/** Behind the bracket of an IPv6 address. */
function endOfLiteral(head: Uint8Array, start: number, end: number): number {
  let at = start + 1;
  while (at < end && (isHexDigit(head[at] as number) || head[at] === COLON || head[at] === DOT)) at++;
  return at > start + 2 && at < end && head[at] === CLOSING ? at + 1 : start;
}

/**
 * Checks that a target and the Host field name the same (RFC 9112 section 3.2.2): one program on the way would go by the one, the next
 * by the other.
 *
 * @throws TarsDecodeException when they do not.
 */
export function checkSameHost(head: Uint8Array, target: TargetAuthority, start: number, end: number): void {
  const wanted = normal(head, target.start, target.end, target.defaultPort);
  if (normal(head, start, end, target.defaultPort) === wanted) return;
  const found = shownHttp(head, start, end);
  throw invalidHttp(`the target is of ${shownHttp(head, target.start, target.end)}, and the Host field says ${found}`);
}

function normal(head: Uint8Array, start: number, end: number, defaultPort: string): string {
  const text = lowerAscii(decodeUtf8(head.subarray(start, end)));
  if (text.endsWith(defaultPort)) return text.slice(0, -defaultPort.length);
  return text.endsWith(':') ? text.slice(0, -1) : text;
}
