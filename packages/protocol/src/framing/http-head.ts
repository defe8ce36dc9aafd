import { encodeUtf8 } from '../buffer/utf8.js';
import { CR, invalidHttp, isDigit, isText, isToken, LF, SP, shownHttp } from './http-bytes.js';
import { type HttpFields, readFields } from './http-fields.js';
import { checkHost, checkSameHost, checkTarget } from './http-host.js';

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

const methods: readonly Uint8Array[] = ['GET', 'POST', 'PUT', 'PATCH', 'OPTIONS', 'PRI', 'DELETE', 'HEAD'].map((name) =>
  encodeUtf8(`${name} `),
);
const OPTIONS = methods[4];
const VERSION = encodeUtf8('HTTP/1.');
const ZERO = 0x30;

/**
 * Checks the first bytes of a request before its head is complete.
 *
 * @throws TarsDecodeException when no method stands there.
 */
export function checkMethod(start: Uint8Array): void {
  methodOf(start);
}

/**
 * Reads the head of a request, its last empty line included. Looks at each byte a bounded number of times.
 *
 * @throws TarsDecodeException for everything that RFC 9112 forbids, or that two parsers might read differently.
 */
export function readRequestHead(head: Uint8Array): HttpHead {
  const method = methodOf(head);
  let end = method.length;
  // A URI is ASCII (RFC 3986): what is not, others refuse or read differently.
  while ((head[end] as number) > SP && (head[end] as number) < 0x7f) end++;
  if (end === method.length || head[end] !== SP) throw invalidHttp('the request line is malformed');
  const target = checkTarget(head, method.length, end, method === OPTIONS);
  const isHttp10 = isOldMinor(head, end + 1);
  const fields = readFields(head, afterLine(head, end + 9), isHttp10);
  if (fields.hosts > 1) throw invalidHttp('Host is given twice');
  if (fields.hosts === 1) checkHost(head, fields.hostStart, fields.hostEnd);
  else if (!isHttp10) throw invalidHttp('a request of HTTP/1.1 has no Host field');
  if (target !== undefined && fields.hosts === 1) checkSameHost(head, target, fields.hostStart, fields.hostEnd);
  return headOf(fields, isHttp10, 0);
}

/** As {@link readRequestHead}, for a response. */
export function readResponseHead(head: Uint8Array): HttpHead {
  const isHttp10 = isOldMinor(head, 0);
  const [hundreds, tens, ones] = [head[9], head[10], head[11]] as [number, number, number];
  const isStatus = head[8] === SP && hundreds > ZERO && hundreds < 0x36 && isDigit(tens) && isDigit(ones);
  if (!isStatus || (head[12] !== SP && head[12] !== CR)) throw invalidHttp('the status line is malformed');
  let end = 12;
  while (isText(head[end] as number)) end++;
  const status = (hundreds - ZERO) * 100 + (tens - ZERO) * 10 + (ones - ZERO);
  return headOf(readFields(head, afterLine(head, end), isHttp10), isHttp10, status);
}

function headOf(fields: HttpFields, isHttp10: boolean, status: number): HttpHead {
  const { contentLength, isChunked, isClose, isKeepAlive } = fields;
  return { contentLength, isChunked, closes: isClose || (isHttp10 && !isKeepAlive), status };
}

/** The method that stands at the begin, with the space behind it. */
function methodOf(head: Uint8Array): Uint8Array {
  for (const method of methods) {
    let i = 0;
    while (i < method.length && head[i] === method[i]) i++;
    if (i === method.length) return method;
  }
  let end = 0;
  while (end < head.length && isToken(head[end] as number)) end++;
  throw invalidHttp(`the request does not begin with a known method, but with ${shownHttp(head, 0, end)}`);
}

/** True for HTTP/1.0, false for HTTP/1.1. */
function isOldMinor(head: Uint8Array, at: number): boolean {
  for (let i = 0; i < VERSION.length; i++) {
    if (head[at + i] !== VERSION[i]) throw invalidHttp('the version is not HTTP/1.0 or HTTP/1.1');
  }
  const minor = head[at + VERSION.length];
  if (minor === ZERO) return true;
  if (minor === ZERO + 1) return false;
  throw invalidHttp('the version is not HTTP/1.0 or HTTP/1.1');
}

/** Where the next line begins. Lines end with CR LF only: a bare CR or LF is where parsers differ. */
function afterLine(head: Uint8Array, at: number): number {
  if (head[at] === CR && head[at + 1] === LF) return at + 2;
  throw invalidHttp(`byte ${head[at]} at offset ${at} of the head, where its first line must end with CR LF`);
}
