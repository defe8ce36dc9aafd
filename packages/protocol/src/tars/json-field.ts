import { TarsDecodeException } from '../errors/exceptions.js';
import { DecodeBudget, decodeDefaults } from './decode-budget.js';
import { hasJsonBudget, withJsonBudget } from './json-budget.js';
import { jsonMembers } from './json-faults.js';
import type { TarsJson } from './tars-json.js';
import type { TarsType } from './tars-type.js';

/**
 * One field of a struct in JSON: what the `fromJson` of generated structs is made of.
 *
 * @param otherwise for an absent field, and for one that is `null`; it is required when this is not given.
 * @throws TarsDecodeException that names the field.
 * Source: readJson of what is not required (TarsJson.h, TarsCpp).
 */
export function tarsJsonField<T>(json: TarsJson, name: string, type: TarsType<T>, otherwise?: T): T {
  const members = jsonMembers(json, 'an object for a struct');
  if (!Object.hasOwn(members, name)) {
    if (otherwise !== undefined) return otherwise;
    throw new TarsDecodeException(`JSON: the field "${name}" is required and not there`);
  }
  const value = members[name] as TarsJson;
  if (value === null && otherwise !== undefined) return otherwise;
  try {
    if (hasJsonBudget()) return type.fromJson(value);
    return withJsonBudget(new DecodeBudget(decodeDefaults), () => type.fromJson(value));
  } catch (error) {
    const problem = error instanceof Error ? error.message.replace(/^JSON: /, '') : String(error);
    const code = error instanceof TarsDecodeException ? { code: error.code } : {};
    throw new TarsDecodeException(`JSON: field "${name}": ${problem}`, { ...code, cause: error });
  }
}
