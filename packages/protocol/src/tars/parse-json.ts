import { TarsDecodeException } from '../errors/exceptions.js';
import type { TarsJson } from './tars-json.js';

/** Reads JSON. @throws TarsDecodeException when the text is none. */
export function parseTarsJson(text: string): TarsJson {
  try {
    return JSON.parse(text) as TarsJson;
  } catch (cause) {
    throw new TarsDecodeException('the text is no JSON', { cause });
  }
}
