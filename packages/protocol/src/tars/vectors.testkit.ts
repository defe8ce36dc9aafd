import entries from '../../../../test/vectors/tars-codec.json' with { type: 'json' };
import { ByteVector } from '../buffer/byte-vector.js';
import { RequestPacket } from '../message/request-packet.js';
import { ResponsePacket } from '../message/response-packet.js';
import { decodeArgs, encodeArgs } from './call-codec.js';
import { TarsInputStream } from './input-stream.js';
import { TarsOutputStream } from './output-stream.js';
import { decodeRequest, encodeRequest } from './request-codec.js';
import { decodeResponse, encodeResponse } from './response-codec.js';
import { decodeStruct, encodeStruct } from './struct-bytes.js';
import { tars } from './tars.js';
import { tarsFunction } from './tars-function.js';
import type { TarsType } from './tars-type.js';
import { All, type Color, Point } from './vec.testkit.js';

/** Bytes that TarsCpp has printed, and what they stand for. */
export interface Vector {
  readonly title: string;
  readonly value: unknown;
  readonly bytes: Uint8Array;
  readonly encode: (value: unknown) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
}

export function fromHex(hex: string): Uint8Array {
  const digits = hex.replaceAll(' ', '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

export function toHex(bytes: Uint8Array | ByteVector): string {
  const all = bytes instanceof ByteVector ? bytes.data() : bytes;
  return Array.from(all, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Entry {
  readonly kind: string;
  readonly what: string;
  readonly value: unknown;
  readonly hex: string;
}

const simple: { readonly [kind: string]: TarsType<unknown> } = {
  int8: tars.byte,
  int16: tars.short,
  int32: tars.int,
  int64: tars.long,
  uint8: tars.unsignedByte,
  uint16: tars.unsignedShort,
  uint32: tars.unsignedInt,
  bool: tars.bool,
  float: tars.float,
  double: tars.double,
  string: tars.string,
  bytes: tars.bytes,
  'string-repeat': tars.string,
  'vector<int>': tars.list(tars.int),
  'map<string,string>': tars.map(tars.string, tars.string),
};

/** All that the file has. */
export const vectors: readonly Vector[] = (entries as readonly Entry[]).map((entry) => {
  const { kind, what } = entry;
  const title = `${kind}, ${what}: ${String(entry.value).slice(0, 40)}`;
  if (kind === 'RequestPacket') return { ...requestVector(entry), title };
  if (kind === 'ResponsePacket') return { ...responseVector(entry), title };
  if (kind.startsWith('TUP')) return { ...tupVector(entry), title };
  if (kind.startsWith('struct')) return { ...allVector(entry), title };
  const [name, tagText] = kind.split(' tag ') as [string, string];
  const type = simple[name];
  if (type === undefined) throw new Error(`no type for ${kind}`);
  const tag = Number(tagText);
  return {
    title,
    value: valueOf(name, entry.value),
    bytes: bytesOf(entry),
    encode: (value) => {
      const os = new TarsOutputStream(1);
      type.write(os, tag, value);
      return os.toBytes();
    },
    decode: (bytes) => type.read(new TarsInputStream(bytes), tag),
  };
});

function bytesOf({ kind, value, hex }: Entry): Uint8Array {
  if (!kind.startsWith('string-repeat')) return fromHex(hex);
  // The rest is what it begins with.
  const [begin, length] = hex.split('..len') as [string, string];
  const bytes = new Uint8Array(Number(length)).fill((value as string).charCodeAt(0));
  bytes.set(fromHex(begin));
  return bytes;
}

function valueOf(name: string, value: unknown): unknown {
  switch (name) {
    case 'int64':
      return BigInt(value as string);
    case 'float':
      return Math.fround(value as number);
    case 'bytes':
      return Uint8Array.from({ length: Number(value) }, (_, i) => i & 255);
    case 'string-repeat': {
      const [letter, count] = (value as string).split('*') as [string, string];
      return letter.repeat(Number(count));
    }
    case 'map<string,string>':
      return new Map(Object.entries(value as object));
    default:
      return name.includes('int') && typeof value === 'string' ? Number(value) : value;
  }
}

function allVector({ value, hex }: Entry): Omit<Vector, 'title'> {
  const given = value as Record<string, string> &
    Pick<All, 'flag' | 'f32' | 'f64'> &
    Partial<Pick<All, 'ints' | 'texts' | 'path'>>;
  const { i8, i16, i32, i64, u8, u16, u32, color, origin, blob, counts, byId, path, ...same } = given;
  const all = All.create(same as Partial<All>);
  for (const [name, text] of Object.entries({ i8, i16, i32, u8, u16, u32 })) {
    if (text !== undefined) Object.assign(all, { [name]: Number(text) });
  }
  if (i64 !== undefined) all.i64 = BigInt(i64);
  if (color !== undefined) all.color = Number(color) as Color;
  if (origin !== undefined) all.origin = Point.create(origin as Partial<Point>);
  if (blob !== undefined) all.blob = Uint8Array.from(blob as unknown as number[]);
  if (counts !== undefined) all.counts = new Map(Object.entries(counts as unknown as Record<string, number>));
  if (path !== undefined) all.path = path.map((point) => Point.create(point));
  for (const [id, points] of Object.entries((byId ?? {}) as unknown as Record<string, Point[]>)) {
    all.byId.set(
      Number(id),
      points.map((point) => Point.create(point)),
    );
  }
  return {
    value: all,
    bytes: fromHex(hex),
    encode: (value) => encodeStruct(All, value as All),
    decode: (bytes) => decodeStruct(All, bytes),
  };
}

function fieldOf(what: string, name: string): string {
  return new RegExp(`${name} '?([^ ']*)`).exec(what)?.[1] ?? '';
}

function mapOf(what: string, name: string): Map<string, string> {
  const pairs = new RegExp(`${name} \\{([^}]*)`).exec(what)?.[1] ?? '';
  return new Map(
    pairs
      .split(',')
      .filter(Boolean)
      .map((pair) => pair.split(':') as [string, string]),
  );
}

/** Packets in the vectors have no length in front. */
function withoutLength(packet: ByteVector): Uint8Array {
  return packet.data().slice(4);
}

export function plainRequest(request: RequestPacket): object {
  const { iVersion, cPacketType, iMessageType, iRequestId, sServantName, sFuncName, iTimeout, context, status } =
    request;
  const sBuffer = request.sBuffer.toString();
  return {
    iVersion,
    cPacketType,
    iMessageType,
    iRequestId,
    sServantName,
    sFuncName,
    sBuffer,
    iTimeout,
    context,
    status,
  };
}

export function plainResponse(response: ResponsePacket): object {
  const { iVersion, cPacketType, iRequestId, iMessageType, iRet, status, sResultDesc, context } = response;
  const sBuffer = response.sBuffer.toString();
  return { iVersion, cPacketType, iRequestId, iMessageType, iRet, sBuffer, status, sResultDesc, context };
}

function requestVector({ what, hex }: Entry): Omit<Vector, 'title'> {
  const request = new RequestPacket();
  request.iVersion = Number(fieldOf(what, 'iVersion'));
  request.cPacketType = Number(fieldOf(what, 'cPacketType'));
  request.iRequestId = Number(fieldOf(what, 'iRequestId'));
  request.sServantName = fieldOf(what, 'sServantName');
  request.sFuncName = fieldOf(what, 'sFuncName');
  request.sBuffer = fieldOf(what, 'sBuffer');
  request.iTimeout = Number(fieldOf(what, 'iTimeout'));
  request.context = mapOf(what, 'context');
  request.status = mapOf(what, 'status');
  return {
    value: plainRequest(request),
    bytes: fromHex(hex),
    encode: () => withoutLength(encodeRequest(request)),
    decode: (bytes) => plainRequest(decodeRequest(new ByteVector(bytes))),
  };
}

function responseVector({ what, hex }: Entry): Omit<Vector, 'title'> {
  const response = new ResponsePacket();
  response.iVersion = Number(fieldOf(what, 'iVersion'));
  response.iRequestId = Number(fieldOf(what, 'iRequestId'));
  response.iRet = Number(fieldOf(what, 'iRet'));
  response.sBuffer = fieldOf(what, 'sBuffer');
  response.sResultDesc = fieldOf(what, 'sResultDesc');
  response.status = mapOf(what, 'status');
  return {
    value: plainResponse(response),
    bytes: fromHex(hex),
    encode: () => withoutLength(encodeResponse(response)),
    decode: (bytes) => {
      const decoded = new ResponsePacket();
      decodeResponse(new ByteVector(bytes), decoded);
      return plainResponse(decoded);
    },
  };
}

function tupVector({ hex }: Entry): Omit<Vector, 'title'> {
  const fn = tarsFunction<[number, string, Point], void>('f', undefined, [
    { name: 'id', type: tars.int },
    { name: 'name', type: tars.string },
    { name: 'point', type: tars.struct(Point) },
  ]);
  const args: [number, string, Point] = [42, 'tup1', Point.create({ x: 1, y: 2, label: 'p' })];
  return {
    value: args,
    bytes: fromHex(hex),
    encode: (value) => encodeArgs(fn, value as typeof args, 3),
    decode: (bytes) => decodeArgs(fn, new ByteVector(bytes), 3),
  };
}
