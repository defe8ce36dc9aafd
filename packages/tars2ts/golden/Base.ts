// Made by tars2ts from Base.tars. Change that file and not this one.
import { type TarsInputStream, type TarsJson, type TarsOutputStream, tars, tarsJsonField } from '@tarsier/protocol';

/** How a request ended. */
export const Base_Status = {
  /** everything went well */
  OK: 0,
  /** try again */
  BUSY: 3,
  GONE: 4,
  ALIAS: 3,
  LOWEST: -2147483648,
} as const;

/** A value of `Base.Status`. A newer peer may send others. */
export type Base_Status = (typeof Base_Status)[keyof typeof Base_Status];

/** Constant `Base.MAX_ITEMS`. */
export const Base_MAX_ITEMS = 16;

/** Constant `Base.FAR`. */
export const Base_FAR = 9007199254740991n;

/** Constant `Base.GREETING`. */
export const Base_GREETING = 'say "hi"\n';

/** Constant `Base.FALLBACK`. */
export const Base_FALLBACK: Base_Status = Base_Status.BUSY;

/** Constant `Base.RATIO`. */
export const Base_RATIO = 0.0015;

/** Constant `Base.ENABLED`. */
export const Base_ENABLED = true;

/** Struct `Base.Key`. */
export class Base_Key {
  static readonly typeName = 'Base.Key';
  static readonly fieldNames = { 0: 'id', 1: 'name' };
  id = 0;
  name = '';

  /** One with its defaults, and what is given. */
  static create(init: Partial<Base_Key> = {}): Base_Key {
    return Object.assign(new Base_Key(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: Base_Key): void {
    os.writeInt32(0, value.id);
    os.writeString(1, value.name);
  }

  /** Reads the fields alone. */
  static read(is: TarsInputStream): Base_Key {
    const value = new Base_Key();
    value.id = is.readInt32(0);
    value.name = is.readString(1);
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: Base_Key): TarsJson {
    return { id: tars.int.toJson(value.id), name: tars.string.toJson(value.name) };
  }

  /** Takes what `parseTarsJson` gives. */
  static fromJson(json: TarsJson): Base_Key {
    const value = new Base_Key();
    value.id = tarsJsonField(json, 'id', tars.int);
    value.name = tarsJsonField(json, 'name', tars.string);
    return value;
  }

  /** The order of keys of a map: by id, name. */
  static compare(a: Base_Key, b: Base_Key): number {
    let order = tars.int.compare(a.id, b.id);
    if (order === 0) order = tars.string.compare(a.name, b.name);
    return order;
  }
}

/** Struct `Geo.Spot`. */
export class Geo_Spot {
  static readonly typeName = 'Geo.Spot';
  static readonly fieldNames = { 0: 'lat', 1: 'lon', 2: 'status' };
  lat = -0.5;
  lon = 0;
  status: Base_Status = Base_Status.GONE;

  /** One with its defaults, and what is given. */
  static create(init: Partial<Geo_Spot> = {}): Geo_Spot {
    return Object.assign(new Geo_Spot(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: Geo_Spot): void {
    if (value.lat !== -0.5) os.writeDouble(0, value.lat);
    if (value.lon !== 0) os.writeDouble(1, value.lon);
    os.writeInt32(2, value.status);
  }

  /** Reads the fields alone. */
  static read(is: TarsInputStream): Geo_Spot {
    const value = new Geo_Spot();
    value.lat = is.readDouble(0, -0.5);
    value.lon = is.readDouble(1, 0);
    value.status = is.readInt32(2, Base_Status.GONE) as Base_Status;
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: Geo_Spot): TarsJson {
    return {
      lat: tars.double.toJson(value.lat),
      lon: tars.double.toJson(value.lon),
      status: base_StatusType.toJson(value.status),
    };
  }

  /** Takes what `parseTarsJson` gives. */
  static fromJson(json: TarsJson): Geo_Spot {
    const value = new Geo_Spot();
    value.lat = tarsJsonField(json, 'lat', tars.double, value.lat);
    value.lon = tarsJsonField(json, 'lon', tars.double, value.lon);
    value.status = tarsJsonField(json, 'status', base_StatusType, value.status);
    return value;
  }
}

const base_StatusType = tars.enum<Base_Status>('Base.Status');
