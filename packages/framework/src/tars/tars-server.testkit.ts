import {
  ByteVector,
  decodeResponse,
  encodeArgs,
  encodeRequest,
  ProtocolVersion,
  RequestPacket,
  ResponsePacket,
  type TarsFunction,
  type TarsInterface,
  tars,
  tarsFunction,
} from '@tarsier/protocol';
import { Application } from '../application.js';
import type { AdapterSection, ApplicationConfig } from '../config/application-config.js';
import type { HandlerResult } from '../connection/handler-result.js';
import type { Current } from '../current.js';
import type { RawClient } from '../raw-client.testkit.js';
import type { Servant } from '../servant.js';
import type { TestServer } from '../test-server.testkit.js';
import { TarsServant } from './tars-servant.js';

/** `string hello(string name)` */
export const hello = tarsFunction<[name: string], string>('hello', tars.string, [{ name: 'name', type: tars.string }]);

/** `int add(int a, int b, out string text)` */
export const add = tarsFunction<[a: number, b: number], { _ret: number; text: string }>('add', tars.int, [
  { name: 'a', type: tars.int },
  { name: 'b', type: tars.int },
  { name: 'text', type: tars.string, isOut: true },
]);

/** `int pushMsg(out string sRsp)`, of the push demo of TarsCpp. */
export const pushMsg = tarsFunction<[], { _ret: number; sRsp: string }>('pushMsg', tars.int, [
  { name: 'sRsp', type: tars.string, isOut: true },
]);

/** `void nothing()`, and one that no servant implements. */
export const nothing = tarsFunction<[], void>('nothing', undefined, []);
const missing = tarsFunction<[], void>('missing', undefined, []);

const functions: readonly TarsFunction<never, unknown>[] = [hello, add, pushMsg, nothing, missing];

export const helloInterface: TarsInterface = {
  name: 'T.Hello',
  functions: new Map(functions.map((fn) => [fn.name, fn])),
};

/** What a test servant does; else `hello` greets, and `add` adds. */
export interface HelloBehaviour {
  hello?: (name: string, current: Current) => unknown;
  nothing?: (current: Current) => unknown;
  doNoServant?: (current: Current, response: ByteVector) => HandlerResult;
  doNoFunc?: (current: Current, response: ByteVector) => HandlerResult;
  doClose?: (current: Current) => void;
}

export class HelloServant extends TarsServant {
  readonly tarsInterface: TarsInterface = helloInterface;
  readonly behaviour: HelloBehaviour;

  constructor(behaviour: HelloBehaviour) {
    super();
    this.behaviour = behaviour;
  }

  hello(name: string, current: Current): unknown {
    return this.behaviour.hello === undefined ? `hello ${name}` : this.behaviour.hello(name, current);
  }

  async add(a: number, b: number): Promise<{ _ret: number; text: string }> {
    return { _ret: a + b, text: `${a}+${b}` };
  }

  nothing(current: Current): unknown {
    return this.behaviour.nothing?.(current);
  }

  override doNoServant(current: Current, response: ByteVector): HandlerResult {
    return this.behaviour.doNoServant?.(current, response) ?? super.doNoServant(current, response);
  }

  override doNoFunc(current: Current, response: ByteVector): HandlerResult {
    return this.behaviour.doNoFunc?.(current, response) ?? super.doNoFunc(current, response);
  }

  override doClose(current: Current): HandlerResult {
    this.behaviour.doClose?.(current);
  }

  /** As generated servants have them. */
  static asyncResponseHello(current: Current, result: string): boolean {
    return TarsServant.asyncResponse(current, hello, result);
  }

  static asyncResponsePushPushMsg(
    current: Current,
    result: { _ret: number; sRsp: string },
    context?: ReadonlyMap<string, string>,
  ): boolean {
    return TarsServant.asyncResponsePush(current, pushMsg, result, context);
  }
}

const running = new Set<Application>();

/** A server with one TARS servant `T.S.Obj`. */
export async function startTars(
  servant: HelloBehaviour | (new () => Servant) = {},
  section: Partial<AdapterSection> = {},
  config: ApplicationConfig = {},
): Promise<TestServer> {
  const app = new Application();
  running.add(app);
  if (typeof servant === 'function') app.addServant(servant, 'Obj');
  else app.addServant(HelloServant, 'Obj', servant);
  await app.main({
    app: 'T',
    server: 'S',
    loglevel: 'NONE',
    ...config,
    adapters: { ObjAdapter: { servant: 'Obj', endpoint: 'tcp -h 127.0.0.1 -p 0 -t 60000', ...section } },
  });
  return { app, port: app.getBindAdapter('Obj')?.getEndpoint().port ?? 0 };
}

export async function stopTars(): Promise<void> {
  const apps = [...running];
  running.clear();
  await Promise.all(apps.map((app) => app.terminate()));
}

/** A request of `T.S.Obj`, with its length. */
export function request(fields: Partial<RequestPacket> = {}): Uint8Array {
  const packet = new RequestPacket();
  packet.iVersion = ProtocolVersion.TARSVERSION;
  packet.iRequestId = 1;
  packet.sServantName = 'T.S.Obj';
  Object.assign(packet, fields);
  return encodeRequest(packet).data();
}

/** A call of a function in TARS. */
export function call<Args extends unknown[]>(
  fn: TarsFunction<Args, unknown>,
  args: Args,
  fields: Partial<RequestPacket> = {},
): Uint8Array {
  const version = fields.iVersion ?? ProtocolVersion.TARSVERSION;
  return request({ sFuncName: fn.name, sBuffer: new ByteVector(encodeArgs(fn, args, version)), ...fields });
}

export const greet = (name: string, fields: Partial<RequestPacket> = {}): Uint8Array => call(hello, [name], fields);

/** The next packet of a connection. */
export async function takePacket(client: RawClient): Promise<Buffer> {
  const head = await client.take(4);
  return client.take(head.readUInt32BE() - 4);
}

export function decoded(packet: Uint8Array): ResponsePacket {
  const response = new ResponsePacket();
  decodeResponse(new ByteVector(packet), response);
  return response;
}

/** The next answer of a connection. */
export async function takeAnswer(client: RawClient): Promise<ResponsePacket> {
  return decoded(await takePacket(client));
}

export async function ask(client: RawClient, bytes: Uint8Array): Promise<ResponsePacket> {
  client.send(bytes);
  return takeAnswer(client);
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(/\s+/), (byte) => Number.parseInt(byte, 16));
}
