import { decodeUtf8 } from '../buffer/utf8.js';
import { TarsDecodeException } from '../errors/exceptions.js';

/** What the head of a message says about where it ends. */
export interface HttpHead {
  /** Value of Content-Length; absent when there is none. */
  readonly contentLength: number | undefined;
  readonly isChunked: boolean;
  /** Whether the connection ends after this message. */
  readonly closes: boolean;
  /** Status of a response; 0 for a request. */
  readonly status: number;
}

const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'OPTIONS', 'PRI', 'DELETE', 'HEAD']);
const REQUEST_LINE = /^([A-Z]+) [^ \t]+ HTTP\/(\d)\.(\d)$/;
const STATUS_LINE = /^HTTP\/(\d)\.(\d) ([1-5]\d\d)(?: .*)?$/;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*)$/;
const DECIMAL = /^\d{1,15}$/;

/** The exception for bytes that are not HTTP/1.x, or could be read in two ways. */
export function invalidHttp(what: string): TarsDecodeException {
  return new TarsDecodeException(`HTTP: ${what}; look whether the peer speaks HTTP/1.1 as RFC 9112 has it`);
}

/**
 * Checks the first bytes of a request before its head is complete.
 *
 * @throws TarsDecodeException when no method stands there.
 */
export function checkMethod(start: Uint8Array): void {
  const text = decodeUtf8(start);
  const space = text.indexOf(' ');
  if (space < 0 || !METHODS.has(text.slice(0, space)))
    throw invalidHttp('the request does not begin with a known method');
}

/**
 * Reads the head of a request, its last empty line included.
 *
 * @throws TarsDecodeException for everything that RFC 9112 forbids, or that two parsers might read differently.
 */
export function readRequestHead(head: Uint8Array): HttpHead {
  const lines = linesOf(head);
  const match = REQUEST_LINE.exec(lines[0] as string);
  if (match === null) throw invalidHttp('the request line is malformed');
  if (!METHODS.has(match[1] as string)) throw invalidHttp(`the method ${match[1]?.slice(0, 20)} is not known`);
  return readFields(lines, isOldMinor(match[2], match[3]), 0);
}

/** As {@link readRequestHead}, for a response. */
export function readResponseHead(head: Uint8Array): HttpHead {
  const lines = linesOf(head);
  const match = STATUS_LINE.exec(lines[0] as string);
  if (match === null) throw invalidHttp('the status line is malformed');
  return readFields(lines, isOldMinor(match[1], match[2]), Number(match[3]));
}

/** True for HTTP/1.0, false for HTTP/1.1. */
function isOldMinor(major: string | undefined, minor: string | undefined): boolean {
  if (major === '1' && minor === '0') return true;
  if (major === '1' && minor === '1') return false;
  throw invalidHttp(`version ${major}.${minor} is not 1.0 or 1.1`);
}

/** The lines of a head. Lines end with CR LF only: a bare CR or LF is where parsers differ. */
function linesOf(head: Uint8Array): string[] {
  for (let i = 0; i < head.length; i++) {
    const byte = head[i] as number;
    if (byte >= 0x20 ? byte !== 0x7f : byte === 0x09) continue;
    if (byte !== 0x0d || head[i + 1] !== 0x0a)
      throw invalidHttp(`control character ${byte} at offset ${i} of the head`);
    i++;
  }
  return decodeUtf8(head.subarray(0, head.length - 4)).split('\r\n');
}

function readFields(lines: readonly string[], isHttp10: boolean, status: number): HttpHead {
  let contentLength: number | undefined;
  let isChunked = false;
  let hasClose = false;
  let hasKeepAlive = false;
  for (let i = 1; i < lines.length; i++) {
    const match = FIELD.exec(lines[i] as string);
    // Folded lines and a space before the colon end here too.
    if (match === null) throw invalidHttp(`header line ${i} is malformed`);
    const value = (match[2] as string).replace(/[ \t]+$/, '');
    switch ((match[1] as string).toLowerCase()) {
      case 'content-length':
        if (contentLength !== undefined) throw invalidHttp('Content-Length is given twice');
        if (!DECIMAL.test(value)) throw invalidHttp(`Content-Length is "${value.slice(0, 40)}", not a number`);
        contentLength = Number(value);
        break;
      case 'transfer-encoding':
        if (isChunked) throw invalidHttp('Transfer-Encoding is given twice');
        if (value.toLowerCase() !== 'chunked' || isHttp10) {
          throw invalidHttp(`Transfer-Encoding is "${value.slice(0, 40)}"; only chunked of HTTP/1.1 is supported`);
        }
        isChunked = true;
        break;
      case 'connection': {
        const options = value.toLowerCase().split(',');
        hasClose ||= options.some((option) => option.trim() === 'close');
        hasKeepAlive ||= options.some((option) => option.trim() === 'keep-alive');
        break;
      }
      default:
    }
  }
  if (isChunked && contentLength !== undefined)
    throw invalidHttp('both Content-Length and Transfer-Encoding are given');
  return { contentLength, isChunked, closes: hasClose || (isHttp10 && !hasKeepAlive), status };
}
