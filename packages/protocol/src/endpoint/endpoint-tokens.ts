import { endpointTypes } from './endpoint-fields.js';

/** A word of an endpoint string and where it begins in the whole text. */
export interface Token {
  readonly text: string;
  readonly offset: number;
}

/** A part of a text, `end` not included. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const protocols: ReadonlySet<string> = new Set(endpointTypes);

/** The words of a range, separated by spaces, tabs and line ends. Offsets count from the begin of the whole text. */
export function tokenize(text: string, { start, end }: TextRange): Token[] {
  const words = text.slice(start, end).matchAll(/[^ \t\n\r]+/g);
  return Array.from(words, ({ 0: word, index }) => ({ text: word, offset: start + index }));
}

/**
 * Splits `endpoint:endpoint` into its elements, which may be blank or malformed.
 *
 * A new element begins where `:`, spaces or not, is followed by a protocol word and white space. So neither the colons
 * of IPv6 nor a protocol word inside a host name or standing for one separates anything. That each element is complete
 * is left to its parser, which can say what it lacks.
 *
 * Source: TC_Endpoint::sepEndpoint, which looks for the protocol words anywhere.
 */
export function splitEndpoints(text: string, range: TextRange): TextRange[] {
  const elements: TextRange[] = [];
  let start = range.start;
  let colonBefore = -1;
  for (const token of tokenize(text, range)) {
    const tokenEnd = token.offset + token.text.length;
    const colon = token.text.lastIndexOf(':');
    if (tokenEnd < range.end && protocols.has(token.text.slice(colon + 1))) {
      const separator = colon >= 0 ? token.offset + colon : colonBefore;
      if (separator >= 0) {
        elements.push({ start, end: separator });
        start = separator + 1;
      }
    }
    colonBefore = token.text.endsWith(':') ? tokenEnd - 1 : -1;
  }
  elements.push({ start, end: range.end });
  return elements;
}
