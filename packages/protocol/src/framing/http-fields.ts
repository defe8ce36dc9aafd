import { isAsciiWord } from '../buffer/ascii.js';
import { encodeUtf8 } from '../buffer/utf8.js';
import { COLON, COMMA, CR, invalidHttp, isBlank, isDigit, isText, isToken, LF, shownHttp } from './http-bytes.js';

/** What the fields of a head say about where the message ends and whom it is for. */
export interface HttpFields {
  contentLength: number | undefined;
  isChunked: boolean;
  isClose: boolean;
  isKeepAlive: boolean;
  /** How many Host fields there are; the value of the last lies from `hostStart` to `hostEnd`. */
  hosts: number;
  hostStart: number;
  hostEnd: number;
}

const HOST = encodeUtf8('host');
const CONNECTION = encodeUtf8('connection');
const CONTENT_LENGTH = encodeUtf8('content-length');
const TRANSFER_ENCODING = encodeUtf8('transfer-encoding');
const CHUNKED = encodeUtf8('chunked');
const CLOSE = encodeUtf8('close');
const KEEP_ALIVE = encodeUtf8('keep-alive');
/** More would leave the integers that are exact. */
const MAX_DIGITS = 15;

/**
 * Reads the fields of a head. It is known to end with CR LF CR LF, and to have that nowhere before.
 *
 * @param from where the first field, or the last empty line, begins.
 * @throws TarsDecodeException for lines that are no fields, and for lengths that can be read in two ways (RFC 9112 section 6.3).
 */
export function readFields(head: Uint8Array, from: number, isHttp10: boolean): HttpFields {
  const fields: HttpFields = {
    contentLength: undefined,
    isChunked: false,
    isClose: false,
    isKeepAlive: false,
    hosts: 0,
    hostStart: 0,
    hostEnd: 0,
  };
  const last = head.length - 2;
  let at = from;
  while (at < last) {
    let colon = at;
    while (isToken(head[colon] as number)) colon++;
    // Folded lines and a space before the colon end here too.
    if (colon === at || head[colon] !== COLON) throw invalidHttp(`the header line at offset ${at} is malformed`);
    let start = colon + 1;
    while (isBlank(head[start] as number)) start++;
    let lineEnd = start;
    while (isText(head[lineEnd] as number)) lineEnd++;
    if (head[lineEnd] !== CR || head[lineEnd + 1] !== LF) {
      throw invalidHttp(`control character ${head[lineEnd]} at offset ${lineEnd} of the head`);
    }
    let end = lineEnd;
    while (end > start && isBlank(head[end - 1] as number)) end--;
    takeField(fields, head, at, colon, start, end, isHttp10);
    at = lineEnd + 2;
  }
  if (fields.isChunked && fields.contentLength !== undefined) {
    throw invalidHttp('both Content-Length and Transfer-Encoding are given');
  }
  return fields;
}

/** Names are compared byte by byte, as ASCII: by the rules of a language others would be taken for them. */
function takeField(
  fields: HttpFields,
  head: Uint8Array,
  name: number,
  nameEnd: number,
  start: number,
  end: number,
  isHttp10: boolean,
): void {
  switch (nameEnd - name) {
    case HOST.length:
      if (!isAsciiWord(head, name, nameEnd, HOST)) return;
      fields.hosts++;
      fields.hostStart = start;
      fields.hostEnd = end;
      return;
    case CONNECTION.length:
      if (isAsciiWord(head, name, nameEnd, CONNECTION)) readOptions(fields, head, start, end);
      return;
    case CONTENT_LENGTH.length:
      if (!isAsciiWord(head, name, nameEnd, CONTENT_LENGTH)) return;
      if (fields.contentLength !== undefined) throw invalidHttp('Content-Length is given twice');
      fields.contentLength = readLength(head, start, end);
      return;
    case TRANSFER_ENCODING.length:
      if (!isAsciiWord(head, name, nameEnd, TRANSFER_ENCODING)) return;
      if (fields.isChunked) throw invalidHttp('Transfer-Encoding is given twice');
      if (isHttp10 || !isAsciiWord(head, start, end, CHUNKED)) {
        throw invalidHttp(`Transfer-Encoding is ${shownHttp(head, start, end)}; only chunked of HTTP/1.1 is supported`);
      }
      fields.isChunked = true;
      return;
    default:
  }
}

function readLength(head: Uint8Array, start: number, end: number): number {
  let length = 0;
  let at = start;
  while (at < end && at - start < MAX_DIGITS && isDigit(head[at] as number)) {
    length = length * 10 + (head[at] as number) - 0x30;
    at++;
  }
  if (at === start || at < end) throw invalidHttp(`Content-Length is ${shownHttp(head, start, end)}, not a number`);
  return length;
}

/** The options of a Connection field: tokens with commas between. */
function readOptions(fields: HttpFields, head: Uint8Array, start: number, end: number): void {
  let at = start;
  while (at < end) {
    const first = at;
    while (at < end && isToken(head[at] as number)) at++;
    if (isAsciiWord(head, first, at, CLOSE)) fields.isClose = true;
    else if (isAsciiWord(head, first, at, KEEP_ALIVE)) fields.isKeepAlive = true;
    while (at < end && isBlank(head[at] as number)) at++;
    if (at < end && head[at] !== COMMA) throw invalidHttp(`Connection is ${shownHttp(head, start, end)}, not a list`);
    at++;
    while (at < end && isBlank(head[at] as number)) at++;
  }
}
