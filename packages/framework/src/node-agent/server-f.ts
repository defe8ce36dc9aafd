import {
  type TarsFunction,
  type TarsInputStream,
  type TarsJson,
  type TarsOutputStream,
  tars,
  tarsFunction,
  tarsJsonField,
} from '@tarsier/protocol';
import { TarsProxy } from '@tarsier/proxy';

/** A sign of life of one adapter. Source: servant/protocol/framework/NodeF.tars (TarsCpp). */
export class ServerInfo {
  static readonly typeName = 'tars.ServerInfo';
  static readonly fieldNames: Readonly<Record<number, string>> = {
    0: 'application',
    1: 'serverName',
    2: 'pid',
    3: 'adapter',
  };
  application = '';
  serverName = '';
  pid = 0;
  adapter = '';

  /** One with its defaults, and what is given. */
  static create(init: Partial<ServerInfo> = {}): ServerInfo {
    return Object.assign(new ServerInfo(), init);
  }

  /** Writes the fields alone. */
  static write(os: TarsOutputStream, value: ServerInfo): void {
    os.writeString(0, value.application);
    os.writeString(1, value.serverName);
    os.writeInt32(2, value.pid);
    if (value.adapter !== '') os.writeString(3, value.adapter);
  }

  /** Reads the fields alone. @throws TarsDecodeException */
  static read(is: TarsInputStream): ServerInfo {
    const value = new ServerInfo();
    value.application = is.readString(0);
    value.serverName = is.readString(1);
    value.pid = is.readInt32(2);
    value.adapter = is.readString(3, '');
    return value;
  }

  /** For callers that speak JSON. */
  static toJson({ application, serverName, pid, adapter }: ServerInfo): TarsJson {
    return { application, serverName, pid, adapter };
  }

  /** Takes what `parseTarsJson` gives. @throws TarsDecodeException */
  static fromJson(json: TarsJson): ServerInfo {
    return ServerInfo.create({
      application: tarsJsonField(json, 'application', tars.string),
      serverName: tarsJsonField(json, 'serverName', tars.string),
      pid: tarsJsonField(json, 'pid', tars.int),
      adapter: tarsJsonField(json, 'adapter', tars.string, ''),
    });
  }
}

/** An adapter of the server lives. */
export const keepAlive: TarsFunction<[info: ServerInfo], number> = tarsFunction('keepAlive', tars.int, [
  { name: 'serverInfo', type: tars.struct(ServerInfo) },
]);

/** Which version of the framework runs. */
export const reportVersion: TarsFunction<[app: string, serverName: string, version: string], number> = tarsFunction(
  'reportVersion',
  tars.int,
  [
    { name: 'app', type: tars.string },
    { name: 'serverName', type: tars.string },
    { name: 'version', type: tars.string },
  ],
);

/** The node agent as servers call it: one-way. */
export class ServerFProxy extends TarsProxy {
  /** An adapter of the server lives. */
  keepAlive(info: ServerInfo): void {
    this.invokeAsync(keepAlive, [info], null);
  }

  /** Which version of the framework runs. */
  reportVersion(app: string, serverName: string, version: string): void {
    this.invokeAsync(reportVersion, [app, serverName, version], null);
  }
}
