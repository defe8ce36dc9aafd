import type { TarsJson } from './tars-json.js';

/** Writes JSON. */
export function stringifyTarsJson(json: TarsJson): string {
  if (typeof json === 'bigint') return json.toString();
  if (Array.isArray(json)) return `[${json.map(stringifyTarsJson).join(',')}]`;
  if (typeof json === 'object' && json !== null) {
    return `{${Object.entries(json)
      .map(([key, value]) => `${JSON.stringify(key)}:${stringifyTarsJson(value)}`)
      .join(',')}}`;
  }
  return JSON.stringify(json);
}
