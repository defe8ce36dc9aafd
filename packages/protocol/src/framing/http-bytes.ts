import { decodeUtf8, encodeUtf8 } from '../buffer/utf8.js';
import { TarsDecodeException } from '../errors/exceptions.js';

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COMMA = 0x2c;
export const COLON = 0x3a;

/** Classes of bytes; a byte may be of several. */
const TOKEN = 1;
const TEXT = 2;
const HOST = 4;
const HEX = 8;

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const classes = classTable();

function classTable(): Uint8Array {
  const table = new Uint8Array(256);
  const add = (bytes: Iterable<number>, bit: number): void => {
    for (const byte of bytes) table[byte] = (table[byte] as number) | bit;
  };
  add(encodeUtf8(`!#$%&'*+-.^_\`|~${LETTERS_AND_DIGITS}`), TOKEN);
  add([HTAB], TEXT);
  for (let byte = SP; byte < 256; byte++) if (byte !== 0x7f) add([byte], TEXT);
  // RFC 3986 section 3.2.2 has the comma too: it is what two hosts look like that somebody has made a list of.
  add(encodeUtf8(`-._~!$&'()*+;=${LETTERS_AND_DIGITS}`), HOST);
  add(encodeUtf8('0123456789abcdefABCDEF'), HEX);
  return table;
}

/** Whether a byte may stand in a token: a field name, a coding, an option (RFC 9110 section 5.6.2). */
export function isToken(byte: number): boolean {
  return ((classes[byte] as number) & TOKEN) !== 0;
}

/** Whether a byte may stand in a field value: visible, a blank, or not ASCII (RFC 9110 section 5.5). */
export function isText(byte: number): boolean {
  return ((classes[byte] as number) & TEXT) !== 0;
}

/** Whether a byte may stand in the name of a host as it is. */
export function isHostName(byte: number): boolean {
  return ((classes[byte] as number) & HOST) !== 0;
}

export function isHexDigit(byte: number): boolean {
  return ((classes[byte] as number) & HEX) !== 0;
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Space or tab: the only white space within a line. */
export function isBlank(byte: number): boolean {
  return byte === SP || byte === HTAB;
}

/** What a message repeats of the peer's bytes. */
export function shownHttp(bytes: Uint8Array, start: number, end: number): string {
  return JSON.stringify(decodeUtf8(bytes.subarray(start, Math.min(end, start + 40))));
}

/** The exception for bytes that are not HTTP/1.x, or could be read in two ways. */
export function invalidHttp(what: string): TarsDecodeException {
  return new TarsDecodeException(`HTTP: ${what}; look whether the peer speaks HTTP/1.1 as RFC 9112 has it`);
}

/** The exception for what is larger than a limit. */
export function tooLargeHttp(what: string): TarsDecodeException {
  return new TarsDecodeException(`HTTP: ${what}`, { code: 'TARSIER_PACKET_TOO_LARGE' });
}
