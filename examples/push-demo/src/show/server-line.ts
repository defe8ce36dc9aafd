/** Of no interest to who watches. */
const hidden = new Set(['level', 'time', 'pid', 'hostname', 'msg']);

/**
 * A line of the server's log, which is JSON when it goes to no terminal, as `message  key=value key=value`. Undefined for
 * what the server says in words of its own too.
 */
export function serverLine(line: string): string | undefined {
  if (!line.startsWith('{')) return line;
  const entries = Object.entries(JSON.parse(line) as Record<string, unknown>);
  const message = entries.find(([key]) => key === 'msg')?.[1];
  if (message === 'connection closed') return undefined;
  const fields = entries.filter(([key]) => !hidden.has(key)).map(([key, value]) => `${key}=${String(value)}`);
  return [String(message), fields.join(' ')].join('  ').trimEnd();
}
