import {
  type TarsFunction,
  type TarsInputStream,
  type TarsInterface,
  type TarsJson,
  type TarsOutputStream,
  tars,
  tarsFunction,
  tarsJsonField,
} from '@tarsier/protocol';

const { int, list, map, string, struct } = tars;
/** What a reader takes that is not told. */
const OLD_VERSION = 1;

function compareTexts(a: string, b: string): number {
  return string.compare(a, b);
}

/** Whose property it is. Source: servant/protocol/servant/PropertyF.tars (TarsCpp). */
export class StatPropMsgHead {
  static readonly typeName = 'tars.StatPropMsgHead';
  static readonly fieldNames: Readonly<Record<number, string>> = {
    0: 'moduleName',
    1: 'ip',
    2: 'propertyName',
    3: 'setName',
    4: 'setArea',
    5: 'setID',
    6: 'sContainer',
    7: 'iPropertyVer',
  };
  moduleName = '';
  /** Empty for the sender of the report. */
  ip = '';
  propertyName = '';
  setName = '';
  setArea = '';
  setID = '';
  sContainer = '';
  iPropertyVer: number = OLD_VERSION;

  /** One with its defaults, and what is given. */
  static create(init: Partial<StatPropMsgHead> = {}): StatPropMsgHead {
    return Object.assign(new StatPropMsgHead(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: StatPropMsgHead): void {
    os.writeString(0, value.moduleName);
    os.writeString(1, value.ip);
    os.writeString(2, value.propertyName);
    if (value.setName !== '') os.writeString(3, value.setName);
    if (value.setArea !== '') os.writeString(4, value.setArea);
    if (value.setID !== '') os.writeString(5, value.setID);
    if (value.sContainer !== '') os.writeString(6, value.sContainer);
    if (value.iPropertyVer !== OLD_VERSION) os.writeInt32(7, value.iPropertyVer);
  }

  /** Reads the fields alone. @throws TarsDecodeException */
  static read(is: TarsInputStream): StatPropMsgHead {
    const value = new StatPropMsgHead();
    value.moduleName = is.readString(0);
    value.ip = is.readString(1);
    value.propertyName = is.readString(2);
    value.setName = is.readString(3, '');
    value.setArea = is.readString(4, '');
    value.setID = is.readString(5, '');
    value.sContainer = is.readString(6, '');
    value.iPropertyVer = is.readInt32(7, OLD_VERSION);
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: StatPropMsgHead): TarsJson {
    return Object.fromEntries(Object.entries(value));
  }

  /** @throws TarsDecodeException */
  static fromJson(json: TarsJson): StatPropMsgHead {
    const value = new StatPropMsgHead();
    value.moduleName = tarsJsonField(json, 'moduleName', string, value.moduleName);
    value.ip = tarsJsonField(json, 'ip', string, value.ip);
    value.propertyName = tarsJsonField(json, 'propertyName', string, value.propertyName);
    value.setName = tarsJsonField(json, 'setName', string, value.setName);
    value.setArea = tarsJsonField(json, 'setArea', string, value.setArea);
    value.setID = tarsJsonField(json, 'setID', string, value.setID);
    value.sContainer = tarsJsonField(json, 'sContainer', string, value.sContainer);
    value.iPropertyVer = tarsJsonField(json, 'iPropertyVer', int, value.iPropertyVer);
    return value;
  }

  /** In the order of the fields. */
  static compare(a: StatPropMsgHead, b: StatPropMsgHead): number {
    return (
      compareTexts(a.moduleName, b.moduleName) ||
      compareTexts(a.ip, b.ip) ||
      compareTexts(a.propertyName, b.propertyName) ||
      compareTexts(a.setName, b.setName) ||
      compareTexts(a.setArea, b.setArea) ||
      compareTexts(a.setID, b.setID) ||
      compareTexts(a.sContainer, b.sContainer) ||
      a.iPropertyVer - b.iPropertyVer
    );
  }
}

/** What one policy has made of the values. Source: PropertyF.tars. */
export class StatPropInfo {
  static readonly typeName = 'tars.StatPropInfo';
  static readonly fieldNames: Readonly<Record<number, string>> = { 0: 'policy', 1: 'value' };
  policy = '';
  value = '';

  /** One with its defaults, and what is given. */
  static create(init: Partial<StatPropInfo> = {}): StatPropInfo {
    return Object.assign(new StatPropInfo(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: StatPropInfo): void {
    os.writeString(0, value.policy);
    os.writeString(1, value.value);
  }

  /** Reads the fields alone. @throws TarsDecodeException */
  static read(is: TarsInputStream): StatPropInfo {
    const value = new StatPropInfo();
    value.policy = is.readString(0);
    value.value = is.readString(1);
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: StatPropInfo): TarsJson {
    return Object.fromEntries(Object.entries(value));
  }

  /** @throws TarsDecodeException */
  static fromJson(json: TarsJson): StatPropInfo {
    const value = new StatPropInfo();
    value.policy = tarsJsonField(json, 'policy', string, value.policy);
    value.value = tarsJsonField(json, 'value', string, value.value);
    return value;
  }
}

const infos = list(struct(StatPropInfo));

/** What all policies of a property say. Source: PropertyF.tars. */
export class StatPropMsgBody {
  static readonly typeName = 'tars.StatPropMsgBody';
  static readonly fieldNames: Readonly<Record<number, string>> = { 0: 'vInfo' };
  vInfo: StatPropInfo[] = [];

  /** One with its defaults, and what is given. */
  static create(init: Partial<StatPropMsgBody> = {}): StatPropMsgBody {
    return Object.assign(new StatPropMsgBody(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: StatPropMsgBody): void {
    infos.write(os, 0, value.vInfo);
  }

  /** Reads the fields alone. @throws TarsDecodeException */
  static read(is: TarsInputStream): StatPropMsgBody {
    return StatPropMsgBody.create({ vInfo: infos.read(is, 0) });
  }

  /** For callers that speak JSON. */
  static toJson(value: StatPropMsgBody): TarsJson {
    return { vInfo: infos.toJson(value.vInfo) };
  }

  /** @throws TarsDecodeException */
  static fromJson(json: TarsJson): StatPropMsgBody {
    const value = new StatPropMsgBody();
    value.vInfo = tarsJsonField(json, 'vInfo', infos, value.vInfo);
    return value;
  }
}

/** Properties by their heads. */
export type StatPropMsg = Map<StatPropMsgHead, StatPropMsgBody>;

/** Source: PropertyF.tars. */
export const reportPropMsg: TarsFunction<[statmsg: StatPropMsg], number> = tarsFunction('reportPropMsg', int, [
  { name: 'statmsg', type: map(struct(StatPropMsgHead), struct(StatPropMsgBody)) },
]);

/** Who takes the properties of servers. Source: PropertyF.tars. */
export const PropertyF: TarsInterface = {
  name: 'tars.PropertyF',
  functions: new Map([[reportPropMsg.name, reportPropMsg as TarsFunction<never, unknown>]]),
};
