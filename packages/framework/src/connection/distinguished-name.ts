/** One attribute of a name in a certificate, as `CN` with `alice`. */
export interface NameAttribute {
  /** Short name, as `CN`, `O`, `emailAddress`; a number as `1.2.3.4` where there is none. */
  readonly type: string;
  /** As the certificate has it, without any escaping. */
  readonly value: string;
}

/** A part of a name: one attribute, or several that stand together. */
export type NamePart = readonly NameAttribute[];

/** One of the alternative names of a certificate. */
export interface AlternativeName {
  /** As Node.js calls it: `DNS`, `IP Address`, `URI`, `email`, `DirName`, `othername`, `Registered ID`. */
  readonly type: string;
  readonly value: string;
}

/** What has a meaning of its own in the text of a name. Source: RFC 4514, section 2.4. */
const SPECIAL = /["+,;<>\\]/g;
/** What would move or break a line that shows it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

function hexPairs(text: string): string {
  return Array.from(Buffer.from(text), (byte) => `\\${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
}

function escapeValue(value: string): string {
  const escaped = value.replace(SPECIAL, '\\$&').replace(INVISIBLE, hexPairs);
  const begun = /^[ #]/.test(escaped) ? `\\${escaped}` : escaped;
  // One blank that is first and last has its backslash already.
  return value.length > 1 && begun.endsWith(' ') ? `${begun.slice(0, -1)}\\ ` : begun;
}

/**
 * A name as one text, which no other name has: `CN=alice,O=Example`, the part that stands last in the certificate first. A type that has
 * no short name stands with its value as text. Source: RFC 4514.
 */
export function nameText(parts: readonly NamePart[]): string {
  return parts
    .map((part) => part.map(({ type, value }) => `${type}=${escapeValue(value)}`).join('+'))
    .toReversed()
    .join(',');
}

/** A value as OpenSSL escapes it: `\` and a character, or `\` and two digits of a byte. */
function unescapeValue(text: string): string {
  return text.replace(/\\([0-9A-F]{2}|.)/gs, (_all, what: string) =>
    what.length === 2 ? String.fromCharCode(Number.parseInt(what, 16)) : what,
  );
}

/**
 * The parts of a name that Node.js tells as lines, one for each part, whose attributes have ` + ` between them. What would be taken for
 * any of it is escaped there.
 */
export function partsOfLines(text: string): NamePart[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) =>
      line.split(' + ').map((attribute) => {
        const at = attribute.indexOf('=');
        return { type: attribute.slice(0, at), value: unescapeValue(attribute.slice(at + 1)) };
      }),
    );
}

/** The parts of a name that a runtime tells as an object only: each value a part of its own. */
export function partsOfObject(name: object): NamePart[] {
  return Object.entries(name).flatMap(([type, value]) =>
    [value].flat().map((one): NamePart => [{ type, value: String(one) }]),
  );
}

/** Alternative names as Node.js writes them since 16.14: `DNS:a, IP Address:10.0.0.1`, a value with signs of its own as text of JSON. */
export function alternativeNamesOf(text: string): AlternativeName[] {
  const names: AlternativeName[] = [];
  let at = 0;
  while (at < text.length) {
    const colon = text.indexOf(':', at);
    if (colon < 0) break;
    const end = text[colon + 1] === '"' ? endOfQuoted(text, colon + 1) : endOfPlain(text, colon + 1);
    names.push({ type: text.slice(at, colon), value: plainValue(text.slice(colon + 1, end)) });
    at = end + 2;
  }
  return names;
}

function endOfPlain(text: string, from: number): number {
  const end = text.indexOf(', ', from);
  return end < 0 ? text.length : end;
}

function endOfQuoted(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function plainValue(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    // Not of JSON after all: as it stands, so that it equals nothing that it is not.
    return text;
  }
}
