import { TarsDecodeException } from '../errors/exceptions.js';
import { jsonMembers } from './json-faults.js';
import type { TarsJson } from './tars-json.js';
import type { TarsType } from './tars-type.js';

/**
 * One field of a struct in JSON: what the `fromJson` of generated structs is made of.
 *
 * @param otherwise for an absent field; it is required when this is not given.
 * @throws TarsDecodeException that names the field.
 */
export function tarsJsonField<T>(json: TarsJson, name: string, type: TarsType<T>, otherwise?: T): T {
  const members = jsonMembers(json, 'an object for a struct');
  if (!Object.hasOwn(members, name)) {
    if (otherwise !== undefined) return otherwise;
    throw new TarsDecodeException(`JSON: the field "${name}" is required and not there`);
  }
  try {
    return type.fromJson(members[name] as TarsJson);
  } catch (error) {
    const problem = error instanceof Error ? error.message.replace(/^JSON: /, '') : String(error);
    throw new TarsDecodeException(`JSON: field "${name}": ${problem}`, { cause: error });
  }
}
