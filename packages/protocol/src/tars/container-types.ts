import { TarsEncodeException } from '../errors/exceptions.js';
import { compareSequences } from './compare.js';
import { Weight } from './decode-budget.js';
import type { TarsInputStream } from './input-stream.js';
import { unsignedByteType } from './integer-types.js';
import { chargeJson, countJson, jsonAllowance } from './json-budget.js';
import { jsonMembers, jsonMismatch, makeJsonObject } from './json-faults.js';
import { parseTarsJson } from './parse-json.js';
import { sortedEntries } from './sorted-entries.js';
import { stringifyTarsJson } from './stringify-json.js';
import type { TarsStructType } from './struct-type.js';
import { weightOfStruct } from './struct-weight.js';
import type { TarsJson } from './tars-json.js';
import type { TarsType } from './tars-type.js';

/** Characters of an entry of a map in JSON. */
const LEAST_ENTRY = 6;
/** Characters of a struct in JSON, with those around it. */
const LEAST_STRUCT = 3;

/** `vector<element>`; of bytes there is `bytesType`. */
export function listType<T>(element: TarsType<T>): TarsType<T[]>;
export function listType(element: TarsType<unknown>): TarsType<unknown[]> {
  const list = plainList(element);
  if (element !== unsignedByteType) return list;
  return { ...list, read: (is, tag, otherwise) => is.readUnsignedBytes(tag, otherwise as number[] | undefined) };
}

function plainList<T>(element: TarsType<T>): TarsType<T[]> {
  return {
    name: `list<${element.name}>`,
    idl: `vector<${element.idl}>`,
    initial: () => [],
    isOmitted: (value) => value.length === 0,
    write: (os, tag, value) => {
      os.writeListHead(tag, value.length);
      for (const item of value) element.write(os, 0, item);
    },
    read: (is, tag, otherwise) => {
      let left = is.readListSize(tag, otherwise === undefined ? undefined : -1);
      if (left === -1) return otherwise as T[];
      const value: T[] = [];
      for (; left > 0; left--) value.push(element.read(is, 0));
      return value;
    },
    toJson: (value) => value.map((item) => element.toJson(item)),
    fromJson: (json) => {
      if (!Array.isArray(json)) throw jsonMismatch(json, 'an array');
      chargeJson(Weight.EMPTY_LIST + json.length);
      return json.map((item) => element.fromJson(item));
    },
    compare: (a, b) => compareSequences(a, b, (x, y) => element.compare(x, y)),
  };
}

/** `map<key, value>`. In JSON an object whose keys are texts: those of structs their JSON. */
export function mapType<K, V>(key: TarsType<K>, value: TarsType<V>): TarsType<Map<K, V>> {
  const compareKeys = (a: K, b: K): number => key.compare(a, b);
  const isText = key.name === 'string';
  // Keys are the same in many messages: texts are remembered.
  const readKey = isText ? (is: TarsInputStream) => is.readName(0) as K : (is: TarsInputStream) => key.read(is, 0);
  return {
    name: `map<${key.name},${value.name}>`,
    idl: `map<${key.idl}, ${value.idl}>`,
    initial: () => new Map(),
    isOmitted: (map) => map.size === 0,
    write: (os, tag, map) => {
      os.writeMapHead(tag, map.size);
      for (const [k, v] of sortedEntries(map, compareKeys)) {
        key.write(os, 0, k);
        value.write(os, 1, v);
      }
    },
    read: (is, tag, otherwise) => {
      let left = is.readMapSize(tag, otherwise === undefined ? undefined : -1);
      if (left === -1) return otherwise as Map<K, V>;
      const map = new Map<K, V>();
      for (; left > 0; left--) map.set(readKey(is), value.read(is, 1));
      return map;
    },
    toJson: (map) => {
      const json = makeJsonObject();
      for (const [k, v] of sortedEntries(map, compareKeys)) {
        const name = key.toJson(k);
        json[typeof name === 'string' ? name : stringifyTarsJson(name)] = value.toJson(v);
      }
      return json;
    },
    fromJson: (json) => {
      const members = jsonMembers(json, 'an object for a map');
      // Not entries: an array for each member costs more than all else here, and before it is charged.
      const names = Object.keys(members);
      chargeJson(names.length === 0 ? Weight.EMPTY_MAP : Weight.MAP + Weight.ENTRY * names.length);
      const map = new Map<K, V>();
      for (const name of names) {
        countJson(LEAST_ENTRY);
        const item = members[name] as TarsJson;
        map.set(key.fromJson(isText ? name : parseTarsJson(name, jsonAllowance())), value.fromJson(item));
      }
      return map;
    },
    compare: (a, b) =>
      compareSequences([...sortedEntries(a, compareKeys)], [...sortedEntries(b, compareKeys)], (x, y) => {
        const order = key.compare(x[0], y[0]);
        return order === 0 ? value.compare(x[1], y[1]) : order;
      }),
  };
}

/** A struct, by its class or by the constant of its name. */
export function structType<T>(type: TarsStructType<T>): TarsType<T> {
  return {
    name: type.typeName,
    idl: type.typeName.replaceAll('.', '::'),
    initial: () => type.create(),
    isOmitted: () => false,
    write: (os, tag, value) => os.writeStruct(tag, value, type),
    read: (is, tag, otherwise) => is.readStruct(tag, type, otherwise),
    toJson: (value) => type.toJson(value),
    fromJson: (json) => {
      chargeJson(weightOfStruct(type));
      countJson(LEAST_STRUCT);
      return type.fromJson(json);
    },
    compare: (a, b) => {
      if (type.compare === undefined) {
        throw new TarsEncodeException(
          `${type.typeName} is the key of a map and has no order; add key[${type.typeName}, …] to its IDL`,
        );
      }
      return type.compare(a, b);
    },
  };
}
