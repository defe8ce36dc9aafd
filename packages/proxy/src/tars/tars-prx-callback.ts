import {
  exceptionFromResult,
  type ReqMessage,
  type ResponsePacket,
  StatusKey,
  TarsException,
  type TarsFunction,
  type TarsInterface,
} from '@tarsier/protocol';
import { type DispatchResult, ServantProxyCallback } from '../servant-proxy-callback.js';
import { callbackLimits } from './callback-limits.js';
import { resultOf, valuesOf } from './tars-result.js';

const noTexts: ReadonlyMap<string, string> = new Map();

/**
 * Takes the results of asynchronous TARS calls, or pushes: the base of the callbacks made from `.tars` files.
 *
 * The function is that of the call; of a push that in its status `TARS_FUNC`. For a function `add` the method
 * `callbackAdd(_ret, …outs)` gets the result (without `_ret` when it returns nothing), and `callbackAddException(iRet, error)` each
 * failure, as -12 also for a result that does not decode. A method that is not there, or throws, is an `error` event of the proxy.
 *
 * Source: the `…PrxCallback` classes that tars2cpp makes.
 */
export abstract class TarsPrxCallback extends ServantProxyCallback {
  #response: ResponsePacket | undefined;

  /** The functions that it takes results of. */
  abstract get tarsInterface(): TarsInterface;

  override onDispatch(message: ReqMessage): DispatchResult {
    const { bPush, request, response } = message;
    const func = bPush ? response.status.get(StatusKey.TARS_FUNC) : request.sFuncName;
    if (func === undefined)
      throw this.#fault('a push does not say its function (status TARS_FUNC); override onDispatch to take it');
    const fn = this.tarsInterface.functions.get(func);
    if (fn === undefined)
      throw this.#fault(`${this.tarsInterface.name} has no function ${func}; the other side may be newer`);
    const outcome = this.#outcomeOf(fn, message);
    const method = `callback${fn.name.charAt(0).toUpperCase()}${fn.name.slice(1)}`;
    return Array.isArray(outcome)
      ? this.#call(method, outcome, response)
      : this.#call(`${method}Exception`, [outcome.iRet, outcome], response, outcome);
  }

  /** The context of the answer or push, while one of the methods is called: until its first `await`. Empty elsewhere. */
  getResponseContext(): ReadonlyMap<string, string> {
    return this.#response?.context ?? noTexts;
  }

  /** The values for the method, or why there are none. */
  #outcomeOf(fn: TarsFunction<never, unknown>, message: ReqMessage): unknown[] | TarsException {
    const { response, request, error, endpoint } = message;
    if (error !== undefined) return error;
    const where = { object: request.sServantName || this.tarsInterface.name, func: fn.name, endpoint };
    // Of an answer the proxy has made the exception already.
    if (response.iRet !== 0) {
      const text = `${where.object}::${fn.name} was pushed with result ${response.iRet}: ${response.sResultDesc}`;
      return exceptionFromResult(response.iRet, text, { where });
    }
    try {
      return valuesOf(fn, resultOf(fn, response, where.object, callbackLimits(this), where));
    } catch (cause) {
      return TarsException.from(cause);
    }
  }

  #call(method: string, args: readonly unknown[], response: ResponsePacket, cause?: TarsException): DispatchResult {
    const callback: unknown = Reflect.get(this, method);
    if (typeof callback !== 'function') {
      const untold = cause === undefined ? '' : `, and nobody is told that ${cause.message}`;
      throw this.#fault(`it has no method ${method}: implement it${untold}`, cause);
    }
    this.#response = response;
    try {
      return Reflect.apply(callback, this, args) as DispatchResult;
    } finally {
      this.#response = undefined;
    }
  }

  #fault(problem: string, cause?: TarsException): TarsException {
    return new TarsException(`${this.constructor.name}: ${problem}`, { code: 'TARSIER_CALLBACK_FAILED', cause });
  }
}
