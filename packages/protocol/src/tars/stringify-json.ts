import { TarsEncodeException } from '../errors/exceptions.js';
import type { TarsJson } from './tars-json.js';

/** Arrays and objects within each other. */
const MAX_DEPTH = 100;

/**
 * Writes JSON as `JSON.stringify` does; a `bigint` as its digits. What is no finite number becomes `null`.
 *
 * @throws TarsEncodeException for values more than 100 deep, as those that contain themselves are.
 */
export function stringifyTarsJson(json: TarsJson): string {
  return write(json, 0);
}

function write(json: TarsJson, depth: number): string {
  if (typeof json === 'string') return JSON.stringify(json);
  if (typeof json === 'number') return Number.isFinite(json) ? String(json) : 'null';
  if (typeof json !== 'object' || json === null) return String(json);
  if (depth === MAX_DEPTH) throw new TarsEncodeException(`JSON: values lie more than ${MAX_DEPTH} deep in each other`);
  let text = '';
  if (Array.isArray(json)) {
    for (const item of json) text += `${text === '' ? '' : ','}${write(item, depth + 1)}`;
    return `[${text}]`;
  }
  for (const name of Object.keys(json)) {
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${write(json[name] as TarsJson, depth + 1)}`;
  }
  return `{${text}}`;
}
