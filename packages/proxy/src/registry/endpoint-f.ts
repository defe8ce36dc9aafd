import { type TarsInputStream, type TarsJson, type TarsOutputStream, tars, tarsJsonField } from '@tarsier/protocol';

const { int, string } = tars;

/** A node as the registry tells of it. Source: servant/protocol/framework/EndpointF.tars (TarsCpp). */
export class EndpointF {
  static readonly typeName = 'tars.EndpointF';
  static readonly fieldNames: Readonly<Record<number, string>> = {
    0: 'host',
    1: 'port',
    2: 'timeout',
    3: 'istcp',
    4: 'grid',
    5: 'groupworkid',
    6: 'grouprealid',
    7: 'setId',
    8: 'qos',
    9: 'bakFlag',
    11: 'weight',
    12: 'weightType',
    13: 'authType',
    14: 'nodeName',
  };
  host = '';
  port = 0;
  timeout = 0;
  /** 0 udp, 1 tcp, 2 ssl. */
  istcp = 0;
  grid = 0;
  groupworkid = 0;
  grouprealid = 0;
  setId = '';
  qos = 0;
  bakFlag = 0;
  weight = 0;
  /** 0 none, 1 static. */
  weightType = 0;
  authType = 0;
  nodeName = '';

  /** One with its defaults, and what is given. */
  static create(init: Partial<EndpointF> = {}): EndpointF {
    return Object.assign(new EndpointF(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: EndpointF): void {
    os.writeString(0, value.host);
    os.writeInt32(1, value.port);
    os.writeInt32(2, value.timeout);
    os.writeInt32(3, value.istcp);
    os.writeInt32(4, value.grid);
    if (value.groupworkid !== 0) os.writeInt32(5, value.groupworkid);
    if (value.grouprealid !== 0) os.writeInt32(6, value.grouprealid);
    if (value.setId !== '') os.writeString(7, value.setId);
    if (value.qos !== 0) os.writeInt32(8, value.qos);
    if (value.bakFlag !== 0) os.writeInt32(9, value.bakFlag);
    if (value.weight !== 0) os.writeInt32(11, value.weight);
    if (value.weightType !== 0) os.writeInt32(12, value.weightType);
    if (value.authType !== 0) os.writeInt32(13, value.authType);
    if (value.nodeName !== '') os.writeString(14, value.nodeName);
  }

  /** Reads the fields alone. @throws TarsDecodeException */
  static read(is: TarsInputStream): EndpointF {
    const value = new EndpointF();
    value.host = is.readString(0);
    value.port = is.readInt32(1);
    value.timeout = is.readInt32(2);
    value.istcp = is.readInt32(3);
    value.grid = is.readInt32(4);
    value.groupworkid = is.readInt32(5, 0);
    value.grouprealid = is.readInt32(6, 0);
    value.setId = is.readString(7, '');
    value.qos = is.readInt32(8, 0);
    value.bakFlag = is.readInt32(9, 0);
    value.weight = is.readInt32(11, 0);
    value.weightType = is.readInt32(12, 0);
    value.authType = is.readInt32(13, 0);
    value.nodeName = is.readString(14, '');
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: EndpointF): TarsJson {
    return {
      host: value.host,
      port: value.port,
      timeout: value.timeout,
      istcp: value.istcp,
      grid: value.grid,
      groupworkid: value.groupworkid,
      grouprealid: value.grouprealid,
      setId: value.setId,
      qos: value.qos,
      bakFlag: value.bakFlag,
      weight: value.weight,
      weightType: value.weightType,
      authType: value.authType,
      nodeName: value.nodeName,
    };
  }

  /** Takes what `parseTarsJson` gives. @throws TarsDecodeException */
  static fromJson(json: TarsJson): EndpointF {
    const value = new EndpointF();
    value.host = tarsJsonField(json, 'host', string, value.host);
    value.port = tarsJsonField(json, 'port', int, value.port);
    value.timeout = tarsJsonField(json, 'timeout', int, value.timeout);
    value.istcp = tarsJsonField(json, 'istcp', int, value.istcp);
    value.grid = tarsJsonField(json, 'grid', int, value.grid);
    value.groupworkid = tarsJsonField(json, 'groupworkid', int, value.groupworkid);
    value.grouprealid = tarsJsonField(json, 'grouprealid', int, value.grouprealid);
    value.setId = tarsJsonField(json, 'setId', string, value.setId);
    value.qos = tarsJsonField(json, 'qos', int, value.qos);
    value.bakFlag = tarsJsonField(json, 'bakFlag', int, value.bakFlag);
    value.weight = tarsJsonField(json, 'weight', int, value.weight);
    value.weightType = tarsJsonField(json, 'weightType', int, value.weightType);
    value.authType = tarsJsonField(json, 'authType', int, value.authType);
    value.nodeName = tarsJsonField(json, 'nodeName', string, value.nodeName);
    return value;
  }
}
