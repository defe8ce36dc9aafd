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

const { bool, int, map, safeLong, string, struct } = tars;
const intervals = map(int, int);

function compareTexts(a: string, b: string): number {
  return string.compare(a, b);
}

/** What calls are counted by. Source: servant/protocol/servant/StatF.tars (TarsCpp). */
export class StatMicMsgHead {
  static readonly typeName = 'tars.StatMicMsgHead';
  static readonly fieldNames: Readonly<Record<number, string>> = {
    0: 'masterName',
    1: 'slaveName',
    2: 'interfaceName',
    3: 'masterIp',
    4: 'slaveIp',
    5: 'slavePort',
    6: 'returnValue',
    7: 'slaveSetName',
    8: 'slaveSetArea',
    9: 'slaveSetID',
    10: 'tarsVersion',
  };
  /** Who calls. */
  masterName = '';
  /** Who is called. */
  slaveName = '';
  /** The function. */
  interfaceName = '';
  /** Empty for the sender of the report. */
  masterIp = '';
  /** Empty for the sender of the report. */
  slaveIp = '';
  slavePort = 0;
  returnValue = 0;
  slaveSetName = '';
  slaveSetArea = '';
  slaveSetID = '';
  tarsVersion = '';

  /** One with its defaults, and what is given. */
  static create(init: Partial<StatMicMsgHead> = {}): StatMicMsgHead {
    return Object.assign(new StatMicMsgHead(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: StatMicMsgHead): void {
    os.writeString(0, value.masterName);
    os.writeString(1, value.slaveName);
    os.writeString(2, value.interfaceName);
    os.writeString(3, value.masterIp);
    os.writeString(4, value.slaveIp);
    os.writeInt32(5, value.slavePort);
    os.writeInt32(6, value.returnValue);
    if (value.slaveSetName !== '') os.writeString(7, value.slaveSetName);
    if (value.slaveSetArea !== '') os.writeString(8, value.slaveSetArea);
    if (value.slaveSetID !== '') os.writeString(9, value.slaveSetID);
    if (value.tarsVersion !== '') os.writeString(10, value.tarsVersion);
  }

  /** Reads the fields alone. @throws TarsDecodeException */
  static read(is: TarsInputStream): StatMicMsgHead {
    const value = new StatMicMsgHead();
    value.masterName = is.readString(0);
    value.slaveName = is.readString(1);
    value.interfaceName = is.readString(2);
    value.masterIp = is.readString(3);
    value.slaveIp = is.readString(4);
    value.slavePort = is.readInt32(5);
    value.returnValue = is.readInt32(6);
    value.slaveSetName = is.readString(7, '');
    value.slaveSetArea = is.readString(8, '');
    value.slaveSetID = is.readString(9, '');
    value.tarsVersion = is.readString(10, '');
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: StatMicMsgHead): TarsJson {
    return Object.fromEntries(Object.entries(value));
  }

  /** @throws TarsDecodeException */
  static fromJson(json: TarsJson): StatMicMsgHead {
    const value = new StatMicMsgHead();
    value.masterName = tarsJsonField(json, 'masterName', string, value.masterName);
    value.slaveName = tarsJsonField(json, 'slaveName', string, value.slaveName);
    value.interfaceName = tarsJsonField(json, 'interfaceName', string, value.interfaceName);
    value.masterIp = tarsJsonField(json, 'masterIp', string, value.masterIp);
    value.slaveIp = tarsJsonField(json, 'slaveIp', string, value.slaveIp);
    value.slavePort = tarsJsonField(json, 'slavePort', int, value.slavePort);
    value.returnValue = tarsJsonField(json, 'returnValue', int, value.returnValue);
    value.slaveSetName = tarsJsonField(json, 'slaveSetName', string, value.slaveSetName);
    value.slaveSetArea = tarsJsonField(json, 'slaveSetArea', string, value.slaveSetArea);
    value.slaveSetID = tarsJsonField(json, 'slaveSetID', string, value.slaveSetID);
    value.tarsVersion = tarsJsonField(json, 'tarsVersion', string, value.tarsVersion);
    return value;
  }

  /** In the order of the fields. */
  static compare(a: StatMicMsgHead, b: StatMicMsgHead): number {
    return (
      compareTexts(a.masterName, b.masterName) ||
      compareTexts(a.slaveName, b.slaveName) ||
      compareTexts(a.interfaceName, b.interfaceName) ||
      compareTexts(a.masterIp, b.masterIp) ||
      compareTexts(a.slaveIp, b.slaveIp) ||
      a.slavePort - b.slavePort ||
      a.returnValue - b.returnValue ||
      compareTexts(a.slaveSetName, b.slaveSetName) ||
      compareTexts(a.slaveSetArea, b.slaveSetArea) ||
      compareTexts(a.slaveSetID, b.slaveSetID) ||
      compareTexts(a.tarsVersion, b.tarsVersion)
    );
  }
}

/** How the calls of one head went. Source: StatF.tars. */
export class StatMicMsgBody {
  static readonly typeName = 'tars.StatMicMsgBody';
  static readonly fieldNames: Readonly<Record<number, string>> = {
    0: 'count',
    1: 'timeoutCount',
    2: 'execCount',
    3: 'intervalCount',
    4: 'totalRspTime',
    5: 'maxRspTime',
    6: 'minRspTime',
  };
  /** Calls that were answered with 0. */
  count = 0;
  timeoutCount = 0;
  /** Calls that failed otherwise, or were answered with something else. */
  execCount = 0;
  /** Calls that took less than so many ms, and no less than the bound before. */
  intervalCount: Map<number, number> = new Map();
  /** Times in ms, of those in `count`. */
  totalRspTime = 0;
  maxRspTime = 0;
  minRspTime = 0;

  /** One with its defaults, and what is given. */
  static create(init: Partial<StatMicMsgBody> = {}): StatMicMsgBody {
    return Object.assign(new StatMicMsgBody(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: StatMicMsgBody): void {
    os.writeInt32(0, value.count);
    os.writeInt32(1, value.timeoutCount);
    os.writeInt32(2, value.execCount);
    intervals.write(os, 3, value.intervalCount);
    os.writeLong(4, value.totalRspTime);
    os.writeInt32(5, value.maxRspTime);
    os.writeInt32(6, value.minRspTime);
  }

  /** Reads the fields alone. @throws TarsDecodeException */
  static read(is: TarsInputStream): StatMicMsgBody {
    const value = new StatMicMsgBody();
    value.count = is.readInt32(0);
    value.timeoutCount = is.readInt32(1);
    value.execCount = is.readInt32(2);
    value.intervalCount = intervals.read(is, 3);
    value.totalRspTime = is.readLong(4);
    value.maxRspTime = is.readInt32(5);
    value.minRspTime = is.readInt32(6);
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: StatMicMsgBody): TarsJson {
    const { intervalCount, ...numbers } = value;
    return { ...numbers, intervalCount: intervals.toJson(intervalCount) };
  }

  /** @throws TarsDecodeException */
  static fromJson(json: TarsJson): StatMicMsgBody {
    const value = new StatMicMsgBody();
    value.count = tarsJsonField(json, 'count', int, value.count);
    value.timeoutCount = tarsJsonField(json, 'timeoutCount', int, value.timeoutCount);
    value.execCount = tarsJsonField(json, 'execCount', int, value.execCount);
    value.intervalCount = tarsJsonField(json, 'intervalCount', intervals, value.intervalCount);
    value.totalRspTime = tarsJsonField(json, 'totalRspTime', safeLong, value.totalRspTime);
    value.maxRspTime = tarsJsonField(json, 'maxRspTime', int, value.maxRspTime);
    value.minRspTime = tarsJsonField(json, 'minRspTime', int, value.minRspTime);
    return value;
  }
}

/** Counts by their heads. */
export type StatMicMsg = Map<StatMicMsgHead, StatMicMsgBody>;

/** `bFromClient`: the caller has counted them; else the server. */
export const reportMicMsg: TarsFunction<[msg: StatMicMsg, bFromClient: boolean], number> = tarsFunction(
  'reportMicMsg',
  int,
  [
    { name: 'msg', type: map(struct(StatMicMsgHead), struct(StatMicMsgBody)) },
    { name: 'bFromClient', type: bool },
  ],
);

/** Who takes the counts of calls. Samples of calls are neither sent nor taken. Source: StatF.tars. */
export const StatF: TarsInterface = {
  name: 'tars.StatF',
  functions: new Map([[reportMicMsg.name, reportMicMsg as TarsFunction<never, unknown>]]),
};
