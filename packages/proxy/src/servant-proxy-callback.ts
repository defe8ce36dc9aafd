import type { ReqMessage, TarsException } from '@tarsier/protocol';

/** What `onDispatch` may return. The number is not used, as in C++; of a promise only a rejection is looked at. */
export type DispatchResult = number | void | Promise<number | void>;

/** Anything that takes results: an object with `onDispatch`; a {@link ServantProxyCallback} is one. */
export interface DispatchCallback {
  onDispatch(message: ReqMessage): DispatchResult;
  onConnect?(endpoint: string): void | Promise<void>;
  onClose?(endpoint: string, error?: TarsException): void | Promise<void>;
}

/**
 * Takes the results of asynchronous calls, or pushes.
 *
 * `onDispatch` runs exactly once for each call that was made with this callback, on success and on failure alike, in the
 * order in which answers arrive; as push callback, once for each push. What it throws is reported as `error` event of
 * the proxy and does no other harm.
 *
 * Source: ServantProxyCallback (servant/servant/ServantProxy.h).
 */
export abstract class ServantProxyCallback implements DispatchCallback {
  /** Look at `message.bPush` and `message.response.iRet` (or `message.error`) first. */
  abstract onDispatch(message: ReqMessage): DispatchResult;

  /** Push callback only: a connection was established. */
  onConnect?(endpoint: string): void | Promise<void>;

  /**
   * Push callback only: an established connection has ended; once for each `onConnect`. `error` is absent when this side
   * closed it on purpose.
   */
  onClose?(endpoint: string, error?: TarsException): void | Promise<void>;
}
