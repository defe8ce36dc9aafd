import { type KeepAliveProxy, type ProxyProtocol, TarsException } from '@tarsier/protocol';
import { callBack } from '@tarsier/protocol/internal';
import type { ClientRuntime } from '../client-runtime.js';
import { Alarm } from '../time/alarm.js';
import { causeText } from './connection-end.js';
import type { LinkClocks } from './link-watch.js';

/** The proxy as this timer sees it. */
export interface KeepAliveOwner {
  readonly objectName: string;
  readonly runtime: ClientRuntime;
  readonly currentProtocol: ProxyProtocol | undefined;
  readonly linkClocks: LinkClocks;
  readonly isConnected: boolean;
  readonly notifier: { fault(error: TarsException): void };
}

/**
 * Calls `keepAliveCallback` of the protocol each `keep-alive-interval` while the proxy is connected.
 *
 * Source: CommunicatorEpoll::doKeepAlive, ObjectProxy::doKeepAlive (TarsCpp).
 */
export class KeepAliveCalls {
  readonly #owner: KeepAliveOwner;
  readonly #proxy: KeepAliveProxy;
  readonly #alarm = new Alarm(() => {
    this.#expired();
  });
  #isRunning = false;

  constructor(owner: KeepAliveOwner, proxy: KeepAliveProxy) {
    this.#owner = owner;
    this.#proxy = proxy;
  }

  /** A connection was established, or the interval has changed. */
  start(): void {
    if (!this.#isRunning) this.#schedule();
  }

  stop(): void {
    this.#isRunning = false;
    this.#owner.runtime.linkClock.remove(this.#alarm);
  }

  #expired(): void {
    this.#isRunning = false;
    const { currentProtocol, isConnected, linkClocks } = this.#owner;
    if (!isConnected || linkClocks.keepAliveMs === 0) return;
    this.#schedule();
    callBack(() => currentProtocol?.keepAliveCallback?.(this.#proxy), this.#failed);
  }

  #schedule(): void {
    const { linkClocks, currentProtocol, runtime } = this.#owner;
    if (linkClocks.keepAliveMs === 0 || currentProtocol?.keepAliveCallback === undefined) return;
    this.#isRunning = true;
    runtime.linkClock.add(this.#alarm, runtime.linkClock.now() + linkClocks.keepAliveMs);
  }

  readonly #failed = (cause: unknown): void => {
    const object = this.#owner.objectName;
    const text = `${object}: keepAliveCallback of the protocol failed: ${causeText(cause)}`;
    this.#owner.notifier.fault(new TarsException(text, { code: 'TARSIER_CALLBACK_FAILED', cause, where: { object } }));
  };
}
