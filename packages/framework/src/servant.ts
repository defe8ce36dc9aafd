import { type ByteVector, ResultCode } from '@tarsier/protocol';
import type { ApplicationContext } from './application-context.js';
import type { HandlerResult } from './connection/handler-result.js';
import type { Current } from './current.js';

/**
 * The code behind one object name: derive from it, and override what you need.
 *
 * One instance serves one adapter. Handlers may be async; requests of one connection then run side by side, unless the adapter
 * is `ordered`, or its protocol has no request ids.
 *
 * Source: tars::Servant (servant/servant/Servant.h).
 */
export abstract class Servant {
  #application: ApplicationContext | undefined;
  #name = '';

  /** Full name, as `App.Server.Obj`. Known from `initialize` on. */
  getName(): string {
    return this.#name;
  }

  /** The application that this servant belongs to. Known from `initialize` on. */
  getApplication(): ApplicationContext | undefined {
    return this.#application;
  }

  /** Runs once, before the port of the adapter opens. If it throws, the application does not start. */
  initialize(): void | Promise<void> {}

  /** Runs once, after the last `doClose`. */
  destroy(): void | Promise<void> {}

  /**
   * Serves one packet. What stands in `response` when it ends is sent, unless `current.setResponse(false)`.
   *
   * The result is for the reader of the code: 0 for success, as in TARS; a custom protocol has no place for it. An exception is
   * logged and counted, and what stood in `response` is dropped. The connection lives on, unless its protocol has no request ids: then it ends,
   * after the answers before it, for the next answer would be taken for this one.
   */
  doRequest(_current: Current, _response: ByteVector): HandlerResult {
    return -1;
  }

  /**
   * Serves one request of the TARS protocol: the function is `current.getFuncName()`, its encoded arguments are
   * `current.getRequestVector()`. The result is the `iRet` of the answer, and what stands in `response` its `sBuffer`; with
   * `current.setResponse(false)` the answer comes later, by `current.sendResponse(iRet, body)`. `TarsServant` does all this for
   * the functions of an interface.
   *
   * An exception is an answer too: a `TarsDecodeException` of the codec is -1, a `TarsEncodeException` -2, an `iRet` that was given to a
   * `TarsException` is kept, and everything else is -99. The message is the `sResultDesc` where the exception was given its result;
   * otherwise that is a reference to the line of the log which has it, unless the key `exceptiontexts` is set.
   */
  onDispatch(_current: Current, _response: ByteVector): HandlerResult {
    return -1;
  }

  /** A request of the TARS protocol for a servant that this is not: gives the `iRet` of its answer. */
  doNoServant(_current: Current, _response: ByteVector): HandlerResult {
    return ResultCode.TARSSERVERNOSERVANTERR;
  }

  /** `onDispatch` has answered that there is no such function (-3): gives the `iRet` to be answered. */
  doNoFunc(_current: Current, _response: ByteVector): HandlerResult {
    return ResultCode.TARSSERVERNOFUNCERR;
  }

  /**
   * A connection has ended, for whatever cause: `current.getCloseType()` says which. Comes exactly once for each accepted
   * connection, after its requests were handed over, and nothing comes after it.
   */
  doClose(_current: Current): HandlerResult {
    return 0;
  }

  /**
   * A request that is refused because 4/5 of `queuecap` are in progress already. What it leaves in `response` is sent, so that a
   * protocol can say "busy" in its own words; callers of the TARS protocol are answered -9 without it. What it says keeps the place of the
   * request; a connection whose protocol has no request ids ends where it says nothing. What is put there after an `await` comes too late.
   * What it throws, or rejects with, is logged and counted.
   */
  onOverload(_current: Current, _response: ByteVector): void {}

  /**
   * The application ends: the last chance to tell a peer so in the words of its protocol, with `current.sendResponse`. Comes once for
   * each open connection, before any of them is closed; requests are served until its turn to close has come. Where a servant overrides
   * this, peers get `goawaytime` to leave by themselves. The client's half is `ProxyProtocol.isGoaway`. Must not be async.
   */
  goaway(_current: Current): void {}

  /** @internal */
  attach(application: ApplicationContext, name: string): void {
    this.#application = application;
    this.#name = name;
  }
}
