import {
  type TarsInputStream,
  type TarsJson,
  type TarsOutputStream,
  type TarsType,
  tars,
  tarsJsonField,
} from '@tarsier/protocol';
import { EndpointF } from '@tarsier/proxy';

/** A servant that a server serves, and where. */
export class RegisteredServant {
  static readonly typeName = 'tarsier.RegisteredServant';
  static readonly fieldNames: Readonly<Record<number, string>> = { 0: 'obj', 1: 'endpoint' };
  /** Full name, as `App.Server.Obj`. */
  obj = '';
  endpoint: EndpointF = new EndpointF();

  /** One with its defaults, and what is given. */
  static create(init: Partial<RegisteredServant> = {}): RegisteredServant {
    return Object.assign(new RegisteredServant(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: RegisteredServant): void {
    os.writeString(0, value.obj);
    os.writeStruct(1, value.endpoint, EndpointF);
  }

  /** Reads the fields alone. @throws TarsDecodeException */
  static read(is: TarsInputStream): RegisteredServant {
    const value = new RegisteredServant();
    value.obj = is.readString(0);
    value.endpoint = is.readStruct(1, EndpointF);
    return value;
  }

  /** For callers that speak JSON. */
  static toJson({ obj, endpoint }: RegisteredServant): TarsJson {
    return { obj, endpoint: EndpointF.toJson(endpoint) };
  }

  /** Takes what `parseTarsJson` gives. @throws TarsDecodeException */
  static fromJson(json: TarsJson): RegisteredServant {
    return RegisteredServant.create({
      obj: tarsJsonField(json, 'obj', tars.string),
      endpoint: tarsJsonField(json, 'endpoint', tars.struct(EndpointF)),
    });
  }
}

const servantsType: TarsType<RegisteredServant[]> = tars.list(tars.struct(RegisteredServant));

/** A server as it tells a registry of itself. */
export class RegisteredServer {
  static readonly typeName = 'tarsier.RegisteredServer';
  static readonly fieldNames: Readonly<Record<number, string>> = {
    0: 'application',
    1: 'serverName',
    2: 'instance',
    3: 'servants',
    4: 'nodeName',
    5: 'setId',
    6: 'station',
  };
  application = '';
  serverName = '';
  /** Unlike that of any other process: what is renewed, and taken back. */
  instance = '';
  servants: RegisteredServant[] = [];
  /** Name of its machine. */
  nodeName = '';
  /** Its set, as `app.sz.1`; empty when it is in none. */
  setId = '';
  /** Where its machine stands. */
  station = '';

  /** One with its defaults, and what is given. */
  static create(init: Partial<RegisteredServer> = {}): RegisteredServer {
    return Object.assign(new RegisteredServer(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: RegisteredServer): void {
    os.writeString(0, value.application);
    os.writeString(1, value.serverName);
    os.writeString(2, value.instance);
    servantsType.write(os, 3, value.servants);
    if (value.nodeName !== '') os.writeString(4, value.nodeName);
    if (value.setId !== '') os.writeString(5, value.setId);
    if (value.station !== '') os.writeString(6, value.station);
  }

  /** Reads the fields alone. @throws TarsDecodeException */
  static read(is: TarsInputStream): RegisteredServer {
    const value = new RegisteredServer();
    value.application = is.readString(0);
    value.serverName = is.readString(1);
    value.instance = is.readString(2);
    value.servants = servantsType.read(is, 3);
    value.nodeName = is.readString(4, '');
    value.setId = is.readString(5, '');
    value.station = is.readString(6, '');
    return value;
  }

  /** For callers that speak JSON. */
  static toJson(value: RegisteredServer): TarsJson {
    const { application, serverName, instance, servants, nodeName, setId, station } = value;
    return { application, serverName, instance, servants: servantsType.toJson(servants), nodeName, setId, station };
  }

  /** Takes what `parseTarsJson` gives. @throws TarsDecodeException */
  static fromJson(json: TarsJson): RegisteredServer {
    return RegisteredServer.create({
      application: tarsJsonField(json, 'application', tars.string),
      serverName: tarsJsonField(json, 'serverName', tars.string),
      instance: tarsJsonField(json, 'instance', tars.string),
      servants: tarsJsonField(json, 'servants', servantsType),
      nodeName: tarsJsonField(json, 'nodeName', tars.string, ''),
      setId: tarsJsonField(json, 'setId', tars.string, ''),
      station: tarsJsonField(json, 'station', tars.string, ''),
    });
  }
}
