/**
 * Whether a page of this origin may open a WebSocket: programs that are no browsers send none; a page of the host that is asked may;
 * others must be listed, as `https://www.example.com`, `https://*.example.com` or `*`.
 *
 * Source: RFC 6455, section 10.2.
 */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes('*')) return true;
  const text = origin.toLowerCase();
  const [scheme = '', name = ''] = text.split('://');
  if (host !== undefined && name === host.toLowerCase()) return true;
  return allowed.some((pattern) => {
    const wanted = pattern.toLowerCase();
    if (!wanted.includes('://*.')) return wanted === text;
    const [wantedScheme = '', wantedName = ''] = wanted.split('://*');
    return wantedScheme === scheme && name.endsWith(wantedName) && name.length > wantedName.length;
  });
}
