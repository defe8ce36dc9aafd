import { TarsDecodeException } from '../errors/exceptions.js';
import type { TarsJson } from './tars-json.js';

/** The exception for a JSON value of another type than was expected. */
export function jsonMismatch(json: TarsJson | undefined, wanted: string): TarsDecodeException {
  return new TarsDecodeException(`JSON: ${wanted} was expected, found ${describe(json)}`);
}

function describe(json: TarsJson | undefined): string {
  if (json === undefined) return 'nothing';
  if (json === null) return 'null';
  if (Array.isArray(json)) return 'an array';
  if (typeof json === 'object') return 'an object';
  if (typeof json === 'string') return 'a string';
  return typeof json === 'boolean' ? String(json) : `the number ${json}`;
}

/** The members of a JSON object. @throws TarsDecodeException when it is none. */
export function jsonMembers(json: TarsJson | undefined, wanted: string): { readonly [key: string]: TarsJson } {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw jsonMismatch(json, wanted);
  return json;
}

/** What inherits nothing, made by a constructor: of `Object.create(null)` each is a table of 200 bytes from the first (Node 20 to 26). */
class JsonObject {
  [key: string]: TarsJson;
}
Reflect.deleteProperty(JsonObject.prototype, 'constructor');
Object.setPrototypeOf(JsonObject.prototype, null);

/** An object for members of any name: one called `__proto__` is a member like others. */
export function makeJsonObject(): { [key: string]: TarsJson } {
  return new JsonObject();
}
