import { createHash } from 'node:crypto';

/** Names up to this length are spelled; longer ones would meet limits of engines. */
const MAX_TOKEN = 200;
const ENCODER = new TextEncoder();

/**
 * Any text as letters, digits, `-`, `_`, `=` and `/`, so that it can be a part of a NATS subject, a key or a channel, and people can read it:
 * other characters become `=` and two hexadecimal digits for each byte of their UTF-8. Long texts become `/` and their SHA-256.
 */
export function tokenOf(text: string): string {
  let token = '';
  for (const byte of ENCODER.encode(text)) {
    const isPlain =
      (byte >= 48 && byte <= 57) ||
      (byte >= 65 && byte <= 90) ||
      (byte >= 97 && byte <= 122) ||
      byte === 45 ||
      byte === 95;
    token += isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).padStart(2, '0')}`;
    if (token.length > MAX_TOKEN) return `/${createHash('sha256').update(text).digest('base64url')}`;
  }
  return token === '' ? '=' : token;
}

/** The text of a token; undefined for those of long texts. */
export function textOf(token: string): string | undefined {
  if (token.startsWith('/')) return undefined;
  if (token === '=') return '';
  return Buffer.from(
    token.replaceAll(/=([0-9a-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
}
