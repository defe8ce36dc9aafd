import {
  type Bytes,
  type ByteVector,
  decodeArgs,
  encodePush,
  ProtocolVersion,
  ResultCode,
  TarsDecodeException,
  TarsEncodeException,
  TarsException,
  type TarsFunction,
  type TarsInterface,
} from '@tarsier/protocol';
import { resultPacket, resultVector } from '@tarsier/protocol/internal';
import type { HandlerResult } from '../connection/handler-result.js';
import { SendResult } from '../connection/send-result.js';
import type { Current } from '../current.js';
import { Servant } from '../servant.js';
import { descriptionOfError } from './result-of-error.js';
import { TarsCurrent } from './tars-current.js';
import { aboutBytesOfPeer } from './text-for-peer.js';

/** What a servant looks like to the one who calls its functions by name. */
type Methods = Readonly<Record<string, ((...args: unknown[]) => unknown) | undefined>>;
type AnyFunction = TarsFunction<never, unknown>;

/**
 * A servant of an interface: each function is a method that gets the inputs and the Current, and gives the result, or a promise of it.
 *
 * ```ts
 * class HelloServant extends TarsServant {
 *   readonly tarsInterface = helloInterface;
 *   hello(name: string, current: Current): string {
 *     return `hello ${name}`;
 *   }
 * }
 * ```
 *
 * What comes from a `.tars` file is an abstract class that says which methods there are; derive from that.
 *
 * Source: the servant classes that tars2cpp makes.
 */
export abstract class TarsServant extends Servant {
  /** Its functions, by the names that callers use. The name of the function itself is that of the method. */
  abstract readonly tarsInterface: TarsInterface;

  override onDispatch(current: Current, response: ByteVector): HandlerResult {
    const fn: AnyFunction | undefined = this.tarsInterface.functions.get(current.getFuncName());
    if (fn === undefined) return ResultCode.TARSSERVERNOFUNCERR;
    const method = (this as unknown as Methods)[fn.name];
    if (typeof method !== 'function') return ResultCode.TARSSERVERNOFUNCERR;
    const result = call(this, method, argsOf(fn, current), current);
    if (isThenable(result)) return answerLater(fn, current, response, result);
    return answer(fn, current, response, result);
  }

  /**
   * Answers a request whose handler has called `current.setResponse(false)`: for the `asyncResponse<Name>` of generated servants.
   *
   * @param result the return value; with out parameters `{ _ret, ...outs }`.
   * @returns false when nothing was taken, or the result cannot be encoded: then the caller is answered -2, and the fault is logged
   * and counted as one of the handler. Never throws.
   * Source: async_response_... of tars2cpp.
   */
  protected static asyncResponse<Result>(current: Current, fn: TarsFunction<never, Result>, result: Result): boolean {
    let body: Bytes;
    try {
      body = bodyOf(fn, result, current);
    } catch (error) {
      if (current instanceof TarsCurrent) current.failLate(error);
      else current.peer.handlerFailed(error);
      return false;
    }
    return current.sendResponse(ResultCode.TARSSERVERSUCCESS, body);
  }

  /**
   * Pushes the result of a function that nobody has called, to the connection of any Current of it: for the `asyncResponsePush<Name>` of
   * generated servants. To push to many, encode once: `hub.group('news').push(encodePush(fn, result))`.
   *
   * @param context data of the application; none unless told.
   * @returns false when nothing was taken, or the result cannot be encoded, which is logged and counted. Never throws.
   * Source: async_response_push_... of tars2cpp.
   */
  protected static asyncResponsePush<Result>(
    current: Current,
    fn: TarsFunction<never, Result>,
    result: Result,
    context?: ReadonlyMap<string, string>,
  ): boolean {
    let packet: ByteVector;
    try {
      packet = encodePush(fn, result, context === undefined ? {} : { context });
    } catch (error) {
      current.peer.handlerFailed(encodeFault(fn, error));
      return false;
    }
    return current.peer.send(packet) !== SendResult.REFUSED;
  }
}

/** Calls a method with the inputs and the Current. Most have few inputs, and an array of one more for them would cost. */
function call(
  servant: TarsServant,
  method: (...args: unknown[]) => unknown,
  args: unknown[],
  current: Current,
): unknown {
  switch (args.length) {
    case 0:
      return method.call(servant, current);
    case 1:
      return method.call(servant, args[0], current);
    case 2:
      return method.call(servant, args[0], args[1], current);
    default:
      return method.call(servant, ...args, current);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** @throws TarsDecodeException whatever it is: the answer is -1. */
function argsOf(fn: AnyFunction, current: Current): unknown[] {
  try {
    const open = fn as TarsFunction<unknown[], unknown>;
    const { decodeLimits } = current.getBindAdapter().config;
    return decodeArgs(open, current.getRequestVector(), current.getRequestVersion(), decodeLimits);
  } catch (cause) {
    if (cause instanceof TarsDecodeException) throw aboutBytesOfPeer(cause);
    throw new TarsDecodeException(`the arguments of ${fn.name}: ${descriptionOfError(cause)}`, { cause });
  }
}

function bodyOf<Result>(fn: TarsFunction<never, Result>, result: Result, current: Current): ByteVector {
  try {
    return resultVector(fn, result, current.getRequestVersion());
  } catch (error) {
    throw encodeFault(fn, error);
  }
}

/** Encodes the body, with the packet around it where that can be known already. */
function encodeInto(response: ByteVector, fn: AnyFunction, result: unknown, current: TarsCurrent): void {
  if (current.getRequestVersion() !== ProtocolVersion.TARSVERSION) {
    response.assign(bodyOf(fn, result, current));
    return;
  }
  try {
    current.keepPacket(resultPacket(fn, result, current.getBasePacket(), response), response);
  } catch (error) {
    throw encodeFault(fn, error);
  }
}

/** The answer is -2. */
function encodeFault({ name }: { readonly name: string }, cause: unknown): TarsException {
  return new TarsEncodeException(`the result of ${name} cannot be encoded: ${descriptionOfError(cause)}`, { cause });
}

function answer(fn: AnyFunction, current: Current, response: ByteVector, result: unknown): number {
  if (current instanceof TarsCurrent) {
    if (current.isResponse() && !current.isOneWay) encodeInto(response, fn, result, current);
  } else if (current.isResponse()) response.assign(bodyOf(fn, result, current));
  return ResultCode.TARSSERVERSUCCESS;
}

async function answerLater(
  fn: AnyFunction,
  current: Current,
  response: ByteVector,
  result: PromiseLike<unknown>,
): Promise<number> {
  return answer(fn, current, response, await result);
}
