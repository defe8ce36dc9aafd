import { type KeepAliveProxy, type ProxyProtocol, TarsException } from '@tarsier/protocol';
import type { ClientRuntime } from '../client-runtime.js';
import { Deadline } from '../time/deadline.js';
import { causeText } from './connection-end.js';
import type { LinkClocks } from './link-watch.js';

/** The proxy as this timer sees it. */
export interface KeepAliveOwner {
  readonly objectName: string;
  readonly runtime: ClientRuntime;
  readonly currentProtocol: ProxyProtocol | undefined;
  readonly linkClocks: LinkClocks;
  readonly isConnected: boolean;
  fault(error: TarsException): void;
}

/**
 * Calls `keepAliveCallback` of the protocol each `keep-alive-interval` while the proxy is connected.
 *
 * Source: CommunicatorEpoll::doKeepAlive, ObjectProxy::doKeepAlive (TarsCpp).
 */
export class KeepAliveCalls extends Deadline {
  readonly #owner: KeepAliveOwner;
  readonly #proxy: KeepAliveProxy;
  #isRunning = false;

  constructor(owner: KeepAliveOwner, proxy: KeepAliveProxy) {
    super();
    this.#owner = owner;
    this.#proxy = proxy;
  }

  /** A connection was established, or the interval has changed. */
  start(): void {
    if (!this.#isRunning) this.#schedule();
  }

  stop(): void {
    this.#isRunning = false;
    this.#owner.runtime.linkClock.remove(this);
  }

  override expire(): void {
    this.#isRunning = false;
    const { currentProtocol, isConnected, linkClocks } = this.#owner;
    if (!isConnected || linkClocks.keepAliveMs === 0) return;
    this.#schedule();
    try {
      const result = currentProtocol?.keepAliveCallback?.(this.#proxy);
      if (result instanceof Promise) result.catch(this.#failed);
    } catch (cause) {
      this.#failed(cause);
    }
  }

  #schedule(): void {
    const { linkClocks, currentProtocol, runtime } = this.#owner;
    if (linkClocks.keepAliveMs === 0 || currentProtocol?.keepAliveCallback === undefined) return;
    this.#isRunning = true;
    runtime.linkClock.add(this, runtime.linkClock.now() + linkClocks.keepAliveMs);
  }

  readonly #failed = (cause: unknown): void => {
    const object = this.#owner.objectName;
    const text = `${object}: keepAliveCallback of the protocol failed: ${causeText(cause)}`;
    this.#owner.fault(new TarsException(text, { code: 'TARSIER_CALLBACK_FAILED', cause, where: { object } }));
  };
}
