const meaning: Readonly<Record<string, string>> = { '\\': '\\', r: '\r', n: '\n', t: '\t', '=': '=' };
const written: Readonly<Record<string, string>> = { '\\': '\\\\', '\r': '\\r', '\n': '\\n', '\t': '\\t', '=': '\\=' };

/**
 * Replaces the escapes `\\ \r \n \t \=`.
 *
 * @param onBad is called with the index of a backslash that begins no escape; it has to throw.
 * Source: TC_ConfigDomain::parse.
 */
export function unescapeConfig(text: string, onBad: (index: number) => never): string {
  let backslash = text.indexOf('\\');
  if (backslash < 0) return text;
  const parts: string[] = [];
  let done = 0;
  while (backslash >= 0) {
    const replacement = meaning[text.charAt(backslash + 1)];
    if (replacement === undefined) return onBad(backslash);
    parts.push(text.slice(done, backslash), replacement);
    done = backslash + 2;
    backslash = text.indexOf('\\', done);
  }
  parts.push(text.slice(done));
  return parts.join('');
}

/** Writes a key or value so that it can be read back. Source: TC_ConfigDomain::reverse_parse. */
export function escapeConfig(text: string): string {
  return text.replace(/[\\\r\n\t=]/g, (char) => written[char] ?? char);
}
