import {
  type Bytes,
  bytesOf,
  ProtocolVersion,
  RequestPacket,
  StatusKey,
  TarsEncodeException,
  type TarsFunction,
} from '@tarsier/protocol';
import { shownValue } from '@tarsier/protocol/internal';
import { invalidArgument } from '../call/invalid-argument.js';
import { causeText } from '../connection/connection-end.js';
import type { TarsCallOptions, TextMap } from './tars-call-options.js';

/** Bits of `iMessageType` that say which keys the status has. Source: TARSMESSAGETYPEDYED, …SETNAME, …TRACE (BaseF.tars). */
const messageTypes: readonly (readonly [key: string, bit: number])[] = [
  [StatusKey.DYED_KEY, 0x04],
  [StatusKey.SETNAME_VALUE, 0x80],
  [StatusKey.TRACE_KEY, 0x100],
];
const versions: readonly number[] = [
  ProtocolVersion.TARSVERSION,
  2,
  ProtocolVersion.TUPVERSION,
  ProtocolVersion.JSONVERSION,
];

/**
 * A request of TARS, filled in but for `iTimeout`.
 *
 * @param setName empty unless the object was looked up as one of a set.
 */
export function tarsRequest(
  object: string,
  func: string,
  requestId: number,
  sBuffer: Bytes,
  setName: string,
  options: TarsCallOptions | undefined,
): RequestPacket {
  const request = new RequestPacket();
  request.iVersion = options?.version ?? ProtocolVersion.TARSVERSION;
  request.iRequestId = requestId;
  request.sServantName = object;
  request.sFuncName = func;
  request.sBuffer = bytesOf(sBuffer, 'the body of a call');
  if (options?.context !== undefined) request.context = copyOf(options.context);
  if (options?.status !== undefined) request.status = copyOf(options.status);
  if (setName !== '') request.status.set(StatusKey.SETNAME_VALUE, setName);
  if (options?.status !== undefined || setName !== '') request.iMessageType = messageTypeOf(request.status);
  return request;
}

function messageTypeOf(status: ReadonlyMap<string, string>): number {
  let bits = 0;
  for (const [key, bit] of messageTypes) if (status.has(key)) bits |= bit;
  return bits;
}

/** A copy: the program may change its own before the request is sent. */
function copyOf(texts: TextMap): Map<string, string> {
  return new Map(texts instanceof Map ? texts : Object.entries(texts));
}

/**
 * The version that a call is told.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` for one that is not known.
 */
export function versionOf(options: TarsCallOptions | undefined, object: string): number {
  const version: number = options?.version ?? ProtocolVersion.TARSVERSION;
  if (versions.includes(version)) return version;
  throw invalidArgument(object, `version must be 1 (TARS), 2 or 3 (TUP), or 5 (JSON), found ${shownValue(version)}`);
}

/** The text of the first `routekey` argument; undefined when the function has none. Source: tars2cpp. */
export function routeKeyOf(fn: TarsFunction<never, unknown>, args: readonly unknown[]): string | undefined {
  let index = 0;
  for (const { isOut, isRouteKey } of fn.params) {
    if (isRouteKey) return String(args[index]);
    if (!isOut) index++;
  }
  return undefined;
}

/** The exception for arguments that are not of their types. */
export function argumentError(object: string, func: string, cause: unknown): TarsEncodeException {
  return new TarsEncodeException(`${object}::${func} was not sent: its arguments: ${causeText(cause)}`, {
    cause,
    where: { object, func },
  });
}
