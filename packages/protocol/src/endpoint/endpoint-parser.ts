import { EndpointParseException } from '../errors/exceptions.js';
import {
  discoveryProblem,
  type EndpointFields,
  type EndpointInit,
  type EndpointType,
  endpointTypes,
  fieldProblem,
  flags,
  hasField,
  isText,
  withDefaults,
} from './endpoint-fields.js';
import { type TextRange, type Token, tokenize } from './endpoint-tokens.js';

/** An endpoint string taken apart. */
export interface ParsedEndpoint {
  readonly fields: EndpointFields;
  /** Flags that no field belongs to, each with its argument, as `-s abc`. */
  readonly unknownFlags: readonly string[];
}

const QUOTED = 160;

/** The text in quotes; of a long one the part around the offset. */
function quote(text: string, offset = 0): string {
  if (text.length <= QUOTED) return JSON.stringify(text);
  const start = Math.max(0, Math.min(offset - QUOTED / 2, text.length - QUOTED));
  const cut = JSON.stringify(text.slice(start, start + QUOTED));
  return `${start > 0 ? '…' : ''}${cut}${start + QUOTED < text.length ? '…' : ''}`;
}

/** The exception for an endpoint or object string that is wrong at an offset. */
export function endpointError(text: string, offset: number, problem: string, found?: string): EndpointParseException {
  const seen = found === undefined ? '' : `, found ${quote(found)}`;
  return new EndpointParseException(`endpoint ${quote(text, offset)}: ${problem}${seen} at offset ${offset}`, {
    where: { endpoint: text.length <= QUOTED ? text : text.slice(0, QUOTED), offset },
  });
}

function parseType(text: string, range: TextRange, token: Token | undefined): EndpointType {
  const expected = `expected one of ${endpointTypes.join(', ')}`;
  if (token === undefined) throw endpointError(text, range.start, `${expected}, found nothing`);
  const type = endpointTypes.find((word) => word === token.text);
  if (type === undefined) throw endpointError(text, token.offset, expected, token.text);
  return type;
}

/**
 * Parses the one endpoint that stands in a range of a text.
 *
 * @throws EndpointParseException with `where.offset` counted from the begin of the whole text.
 */
export function parseEndpoint(text: string, range: TextRange): ParsedEndpoint {
  const tokens = tokenize(text, range);
  const type = parseType(text, range, tokens[0]);
  const unknownFlags: string[] = [];
  const init: { -readonly [Key in keyof EndpointInit]: EndpointInit[Key] } = { type, host: '', port: 0 };
  const seen = new Map<keyof EndpointInit, Token>();
  for (let i = 1; i < tokens.length; i++) {
    const flag = tokens[i];
    if (flag === undefined) break;
    if (!/^-[^-]$/.test(flag.text)) {
      throw endpointError(text, flag.offset, 'expected a flag such as -h or -p', flag.text);
    }
    const next = tokens[i + 1];
    const argument = next === undefined || next.text.startsWith('-') ? undefined : next;
    if (argument !== undefined) i++;
    const rule = flags.get(flag.text);
    if (rule === undefined || !hasField(type, rule)) {
      unknownFlags.push(argument === undefined ? flag.text : `${flag.text} ${argument.text}`);
      continue;
    }
    if (argument === undefined) {
      throw endpointError(text, flag.offset + 2, `expected an argument of ${flag.text}`, next?.text);
    }
    seen.set(rule[0], argument);
    const value = !isText(rule) && /^\d{1,10}$/.test(argument.text) ? Number(argument.text) : argument.text;
    const problem = fieldProblem(rule, value);
    if (problem !== undefined) {
      throw endpointError(text, argument.offset, `${problem} after ${flag.text}`, argument.text);
    }
    // The value is one that the field may have: there was no problem.
    Object.assign(init, { [rule[0]]: value });
  }
  if (init.host === '') {
    throw endpointError(text, tokens[0]?.offset ?? range.start, 'expected a host, as -h 127.0.0.1, in the endpoint');
  }
  const lookup = discoveryProblem(init);
  if (lookup !== undefined) {
    const at = seen.get(lookup[0]) ?? seen.get('discovery');
    throw endpointError(text, at?.offset ?? range.start, lookup[1], at?.text);
  }
  return { fields: withDefaults(init), unknownFlags };
}
