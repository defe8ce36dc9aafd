import { lowerAscii } from '@tarsier/protocol/internal';

/** Host and port as requests and origins name them, in one form: lower case, without the dot of the root. */
export interface Authority {
  /** A name, an IPv4 address, or an IPv6 address in brackets. */
  readonly host: string;
  /** Undefined where none is named. */
  readonly port: number | undefined;
}

/** Compared before letters become small: U+212A would become a k. */
const VISIBLE = /^[!-~]+$/;
/** Labels with dots between them, then perhaps the dot of the root. No run stands before another that takes the same characters. */
const NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/;
const MAX_PORT = 65_535;

/**
 * Reads `host`, `host:port` or `[address]:port`.
 *
 * Source: RFC 3986, section 3.2, without user information, and with names of ASCII only: who asks sends others as `xn--…`.
 *
 * @returns undefined for what is none.
 */
export function parseAuthority(text: string): Authority | undefined {
  if (!VISIBLE.test(text)) return undefined;
  const lower = lowerAscii(text);
  const colon = lower.indexOf(':', lower.startsWith('[') ? lower.indexOf(']') : 0);
  const port = parsePort(colon < 0 ? '' : lower.slice(colon + 1));
  const host = parseHost(colon < 0 ? lower : lower.slice(0, colon));
  return host === undefined || port === null ? undefined : { host, port };
}

/** @returns null for what is no port. */
function parsePort(digits: string): number | undefined | null {
  if (digits === '') return undefined;
  if (digits.length > 5 || !/^[0-9]+$/.test(digits)) return null;
  const port = Number(digits);
  return port <= MAX_PORT ? port : null;
}

function parseHost(text: string): string | undefined {
  if (!text.startsWith('[')) return NAME.test(text) ? text.replace(/\.$/, '') : undefined;
  // A zone says which interface leads there, and belongs to no name of a server.
  if (!text.endsWith(']') || text.includes('%')) return undefined;
  const url = `http://${text}/`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
