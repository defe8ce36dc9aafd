import { lowerAscii } from '@tarsier/protocol/internal';
import { type Authority, parseAuthority } from './authority.js';

/** The scheme by which pages come to an endpoint: `http` to `ws`, `https` to `wss`. */
export type PageScheme = 'http' | 'https';

/** Where a page comes from: scheme, host and port, the default port of its scheme where none was named. Source: RFC 6454, section 4. */
interface Origin {
  readonly scheme: string;
  readonly host: string;
  readonly port: number | undefined;
}

/** An origin, or all those of the names below one. */
interface OriginPattern extends Origin {
  readonly isWild: boolean;
}

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443, ws: 80, wss: 443 };

function parseOrigin(text: string): Origin | undefined {
  const end = text.indexOf('://');
  if (end < 0) return undefined;
  const named = text.slice(0, end);
  const authority = parseAuthority(text.slice(end + 3));
  if (authority === undefined || !/^[a-z][a-z0-9+.-]*$/i.test(named)) return undefined;
  const scheme = lowerAscii(named);
  return { scheme, host: authority.host, port: authority.port ?? defaultPorts[scheme] };
}

function parsePattern(text: string): OriginPattern | undefined {
  const isWild = text.includes('://*.');
  const origin = parseOrigin(isWild ? text.replace('://*.', '://') : text);
  // Addresses have nothing below them.
  if (origin === undefined || (isWild && origin.host.startsWith('['))) return undefined;
  return { ...origin, isWild };
}

/** What is wrong with an entry of the key `origins`; undefined for a good one. */
export function originProblem(entry: string): string | undefined {
  if (entry === '*' || parsePattern(entry) !== undefined) return undefined;
  if (lowerAscii(entry) !== 'null') return 'it is no origin';
  return 'any page can make its origin null, as in a sandboxed frame; only * lets it in';
}

/**
 * The pages that may open a WebSocket: those of the key `origins` and no others; where it is empty, those of the very host that is
 * asked. Programs that are no browsers send no origin, and pass.
 *
 * Source: RFC 6454; RFC 6455, section 10.2.
 */
export class OriginList {
  readonly #isForAll: boolean;
  readonly #isOfHost: boolean;
  readonly #patterns: readonly OriginPattern[];

  /** @param entries as `https://www.example.com`, `https://*.example.com:8443` or `*`; those that {@link originProblem} names match nothing. */
  constructor(entries: readonly string[]) {
    this.#isForAll = entries.includes('*');
    this.#patterns = entries.flatMap((entry) => parsePattern(entry) ?? []);
    this.#isOfHost = entries.length === 0;
  }

  /**
   * @param header the field Origin, as it came.
   * @param asked the host that the request is for.
   * @param scheme how pages come to this port. What stands before a plain one may have taken TLS off: there `https` is as good.
   */
  allows(header: string | undefined, asked: Authority, scheme: PageScheme): boolean {
    if (header === undefined || this.#isForAll) return true;
    const origin = parseOrigin(header);
    if (origin === undefined) return false;
    return this.#isOfHost
      ? isSameHost(origin, asked, scheme)
      : this.#patterns.some((pattern) => matches(pattern, origin));
  }
}

function isSameHost(origin: Origin, asked: Authority, scheme: PageScheme): boolean {
  if (origin.scheme !== 'https' && origin.scheme !== scheme) return false;
  return origin.host === asked.host && origin.port === (asked.port ?? defaultPorts[origin.scheme]);
}

function matches(pattern: OriginPattern, { scheme, host, port }: Origin): boolean {
  if (pattern.scheme !== scheme || pattern.port !== port) return false;
  return pattern.isWild ? host.endsWith(`.${pattern.host}`) : pattern.host === host;
}
