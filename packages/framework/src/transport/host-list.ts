import { isIPv6 } from 'node:net';
import { type Authority, parseAuthority } from './authority.js';

/** A name that is served, or all those below it. */
interface HostPattern extends Authority {
  readonly isWild: boolean;
}

function parsePattern(entry: string): HostPattern | undefined {
  const isWild = entry.startsWith('*.');
  const text = isWild ? entry.slice(2) : entry;
  const authority = parseAuthority(isIPv6(text) ? `[${text}]` : text);
  if (authority === undefined || (isWild && authority.host.startsWith('['))) return undefined;
  return { ...authority, isWild };
}

/** What is wrong with an entry of the key `hosts`; undefined for a good one. */
export function hostProblem(entry: string): string | undefined {
  return parsePattern(entry) === undefined ? 'it is no name of a host' : undefined;
}

/**
 * The names by which a port may be asked. A page whose own name was bound anew to this server asks for that name, which is not among
 * them: DNS rebinding ends here, whatever the origin. Without entries every name is served.
 */
export class HostList {
  readonly #patterns: readonly HostPattern[];
  readonly #isOpen: boolean;

  /** @param entries as `www.example.com`, `*.example.com`, `10.0.0.1:8080` or `[::1]`; without a port any port is meant. */
  constructor(entries: readonly string[]) {
    this.#patterns = entries.flatMap((entry) => parsePattern(entry) ?? []);
    this.#isOpen = entries.length === 0;
  }

  serves({ host, port }: Authority): boolean {
    return (
      this.#isOpen ||
      this.#patterns.some(
        (pattern) =>
          (pattern.port === undefined || pattern.port === port) &&
          (pattern.isWild ? host.endsWith(`.${pattern.host}`) : pattern.host === host),
      )
    );
  }
}
