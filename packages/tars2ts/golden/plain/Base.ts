// Made by tars2ts from Base.tars. Change that file and not this one.
import {
  type TarsInputStream,
  type TarsJson,
  type TarsOutputStream,
  type TarsStructType,
  tars,
  tarsJsonField,
} from '@tarsier/protocol';

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
export const Base_FAR = 9007199254740991;

/** Constant `Base.GREETING`. */
export const Base_GREETING = 'say "hi"\n';

/** Constant `Base.FALLBACK`. */
export const Base_FALLBACK: Base_Status = Base_Status.BUSY;

/** Constant `Base.RATIO`. */
export const Base_RATIO = 0.0015;

/** Constant `Base.ENABLED`. */
export const Base_ENABLED = true;

/** Struct `Base.Key`. */
export interface Base_Key {
  id: number;
  name: string;
}

/** How `Base.Key` travels. */
export const Base_Key: TarsStructType<Base_Key> = {
  typeName: 'Base.Key',
  fieldNames: { 0: 'id', 1: 'name' },

  /** One with its defaults, and what is given. */
  create(init: Partial<Base_Key> = {}): Base_Key {
    return { id: 0, name: '', ...init };
  },

  /** Writes the fields alone. */
  write(os: TarsOutputStream, value: Base_Key): void {
    os.writeInt32(0, value.id);
    os.writeString(1, value.name);
  },

  /** Reads the fields alone. */
  read(is: TarsInputStream): Base_Key {
    const value = Base_Key.create();
    value.id = is.readInt32(0);
    value.name = is.readString(1);
    return value;
  },

  /** For callers that speak JSON. */
  toJson(value: Base_Key): TarsJson {
    return { id: tars.int.toJson(value.id), name: tars.string.toJson(value.name) };
  },

  /** Takes what `parseTarsJson` gives. */
  fromJson(json: TarsJson): Base_Key {
    const value = Base_Key.create();
    value.id = tarsJsonField(json, 'id', tars.int);
    value.name = tarsJsonField(json, 'name', tars.string);
    return value;
  },

  /** The order of keys of a map: by id, name. */
  compare(a: Base_Key, b: Base_Key): number {
    let order = tars.int.compare(a.id, b.id);
    if (order === 0) order = tars.string.compare(a.name, b.name);
    return order;
  },
};

/** Struct `Geo.Spot`. */
export interface Geo_Spot {
  lat: number;
  lon: number;
  status: Base_Status;
}

/** How `Geo.Spot` travels. */
export const Geo_Spot: TarsStructType<Geo_Spot> = {
  typeName: 'Geo.Spot',
  fieldNames: { 0: 'lat', 1: 'lon', 2: 'status' },

  /** One with its defaults, and what is given. */
  create(init: Partial<Geo_Spot> = {}): Geo_Spot {
    return { lat: -0.5, lon: 0, status: Base_Status.GONE, ...init };
  },

  /** Writes the fields alone. */
  write(os: TarsOutputStream, value: Geo_Spot): void {
    if (value.lat !== -0.5) os.writeDouble(0, value.lat);
    if (value.lon !== 0) os.writeDouble(1, value.lon);
    os.writeInt32(2, value.status);
  },

  /** Reads the fields alone. */
  read(is: TarsInputStream): Geo_Spot {
    const value = Geo_Spot.create();
    value.lat = is.readDouble(0, -0.5);
    value.lon = is.readDouble(1, 0);
    value.status = is.readInt32(2, Base_Status.GONE) as Base_Status;
    return value;
  },

  /** For callers that speak JSON. */
  toJson(value: Geo_Spot): TarsJson {
    return {
      lat: tars.double.toJson(value.lat),
      lon: tars.double.toJson(value.lon),
      status: base_StatusType.toJson(value.status),
    };
  },

  /** Takes what `parseTarsJson` gives. */
  fromJson(json: TarsJson): Geo_Spot {
    const value = Geo_Spot.create();
    value.lat = tarsJsonField(json, 'lat', tars.double, value.lat);
    value.lon = tarsJsonField(json, 'lon', tars.double, value.lon);
    value.status = tarsJsonField(json, 'status', base_StatusType, value.status);
    return value;
  },
};

const base_StatusType = tars.enum<Base_Status>('Base.Status');
