import {
  type Bytes,
  type DecodeLimits,
  type RequestPacket,
  type ResponsePacket,
  StatusKey,
  TarsException,
  type TarsFunction,
  TarsPacketType,
  tarsProtocol,
} from '@tarsier/protocol';
import { argsVector } from '@tarsier/protocol/internal';
import { ServantProxy, type ServantProxyInit } from '../servant-proxy.js';
import type { DispatchCallback } from '../servant-proxy-callback.js';
import { limitCallback } from './callback-limits.js';
import type { TarsCallOptions } from './tars-call-options.js';
import { TarsPrxCallback } from './tars-prx-callback.js';
import { argumentError, routeKeyOf, tarsRequest, versionOf } from './tars-request.js';
import { resultOf } from './tars-result.js';

const NOTHING = new Uint8Array();

/**
 * A remote object that speaks TARS, in browsers too: the base of the proxies made from `.tars` files.
 *
 * Request ids are the proxy's own. An answer whose `iRet` is not 0 rejects as `rpcCall` does: with that `iRet`, and a message that has
 * `sResultDesc`.
 *
 * Source: ServantProxy (servant/servant/ServantProxy.h) and the proxies that tars2cpp makes.
 */
export class TarsProxy extends ServantProxy {
  /**
   * Whose servers it was looked up for, as `app.sz.1`; empty for those of all sets, and when its endpoints stand in its string.
   * Source: tars_setName.
   */
  readonly setName: string;

  /** What decoding one of its answers may cost: properties `decodelimit` and `decodetime`. */
  readonly #decodeLimits: DecodeLimits;

  constructor(init: ServantProxyInit) {
    super(init);
    const { decodeUnits, decodeMs } = init.settings;
    this.#decodeLimits = { maxUnits: decodeUnits, timeMs: decodeMs };
    this.setName = init.target.setName ?? '';
    if (this.getProtocol() === undefined) this.setProtocol(tarsProtocol);
  }

  override setPushCallback(callback: DispatchCallback | null): this {
    if (callback instanceof TarsPrxCallback) limitCallback(callback, this.#decodeLimits);
    return super.setPushCallback(callback);
  }

  /**
   * Calls a function with a body that is encoded already, and resolves with the whole answer.
   *
   * @param sBuffer the arguments, encoded as `options.version` says, as `encodeArgs` does it. Not copied.
   * @returns Rejects as {@link ServantProxy.rpcCall} does, for answers by their `iRet`.
   * Source: ServantProxy::tars_invoke.
   */
  tarsInvoke(func: string, sBuffer: Bytes, options?: TarsCallOptions): Promise<ResponsePacket> {
    let request: RequestPacket;
    try {
      versionOf(options, this.name);
      request = this.#request(func, sBuffer, options);
    } catch (error) {
      return Promise.reject(TarsException.from(error));
    }
    const called = this.callRequest(request, options);
    const into = options?.responseContext;
    return into === undefined ? called : called.then((response) => fill(into, response));
  }

  /**
   * As {@link TarsProxy.tarsInvoke}, for a callback; with null the call is one-way: nothing comes back, not even a failure of the server.
   *
   * @throws TarsException at once for wrong arguments: `TARSIER_INVALID_ARGUMENT`.
   * Source: ServantProxy::tars_invoke_async.
   */
  tarsInvokeAsync(func: string, sBuffer: Bytes, callback: DispatchCallback | null, options?: TarsCallOptions): void {
    versionOf(options, this.name);
    this.#callAsync(this.#request(func, sBuffer, options), callback, options);
  }

  /** Calls `tars_ping`, which every TARS servant has. Rejects as a call does. Source: ServantProxy::tars_ping. */
  async tarsPing(options?: TarsCallOptions): Promise<void> {
    await this.tarsInvoke('tars_ping', NOTHING, options);
  }

  /**
   * For proxies made from `.tars` files: calls a function, and resolves with its result.
   *
   * @returns Rejects as {@link TarsProxy.tarsInvoke} does, and with `TARSIER_ENCODE` (-13) for arguments that are not of their types,
   * `TARSIER_CLIENT_DECODE` (-12) for an answer that is no result of the function.
   */
  protected invoke<Args extends unknown[], Result>(
    fn: TarsFunction<Args, Result>,
    args: Args,
    options?: TarsCallOptions,
  ): Promise<Result> {
    let request: RequestPacket;
    try {
      request = this.#encode(fn, args, options);
    } catch (error) {
      return Promise.reject(TarsException.from(error));
    }
    const read = (response: ResponsePacket): Result => {
      const into = options?.responseContext;
      if (into !== undefined) fill(into, response);
      return resultOf(fn, response, this.name, this.#decodeLimits);
    };
    return this.callRequestFor(request, read, options);
  }

  /**
   * For proxies made from `.tars` files: as {@link TarsProxy.invoke}, for a `TarsPrxCallback`; with null the call is one-way.
   *
   * @throws TarsException at once for wrong arguments: `TARSIER_ENCODE`, `TARSIER_INVALID_ARGUMENT`.
   */
  protected invokeAsync<Args extends unknown[]>(
    fn: TarsFunction<Args, unknown>,
    args: Args,
    callback: DispatchCallback | null,
    options?: TarsCallOptions,
  ): void {
    this.#callAsync(this.#encode(fn, args, options), callback, options);
  }

  #encode<Args extends unknown[]>(
    fn: TarsFunction<Args, unknown>,
    args: Args,
    options: TarsCallOptions | undefined,
  ): RequestPacket {
    const version = versionOf(options, this.name);
    let sBuffer: Bytes;
    try {
      sBuffer = argsVector(fn, args, version);
    } catch (cause) {
      throw argumentError(this.name, fn.name, cause);
    }
    const request = this.#request(fn.name, sBuffer, options);
    const key = routeKeyOf(fn, args);
    if (key !== undefined && !request.status.has(StatusKey.GRID_KEY)) request.status.set(StatusKey.GRID_KEY, key);
    return request;
  }

  #request(func: string, sBuffer: Bytes, options: TarsCallOptions | undefined): RequestPacket {
    return tarsRequest(this.name, func, this.genRequestId(), sBuffer, this.setName, options);
  }

  #callAsync(request: RequestPacket, callback: DispatchCallback | null, options: TarsCallOptions | undefined): void {
    if (callback === null) request.cPacketType = TarsPacketType.TARSONEWAY;
    if (callback instanceof TarsPrxCallback) limitCallback(callback, this.#decodeLimits);
    this.callRequestAsync(request, callback, options);
  }
}

function fill(into: Map<string, string>, response: ResponsePacket): ResponsePacket {
  for (const [name, text] of response.context) into.set(name, text);
  return response;
}
