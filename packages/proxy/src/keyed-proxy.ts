import type { Bytes, ResponsePacket } from '@tarsier/protocol';
import type { CallOptions } from './call/call-options.js';
import type { DispatchCallback } from './servant-proxy-callback.js';

/** What a {@link KeyedProxy} calls: a `ServantProxy`. */
export interface KeyedProxyTarget {
  genRequestId(): number;
  rpcCall(requestId: number, sFuncName: string, buff: Bytes | string, options?: CallOptions): Promise<ResponsePacket>;
  rpcCallAsync(
    requestId: number,
    sFuncName: string,
    buff: Bytes | string,
    callback: DispatchCallback | null,
    options?: CallOptions,
  ): void;
}

/**
 * A proxy whose calls all bring the same key, so that they go to the same node. Made by `ServantProxy.hash` and
 * `ServantProxy.consistentHash`; costs nothing to keep, and shares everything with its proxy.
 */
export class KeyedProxy {
  readonly #target: KeyedProxyTarget;
  readonly #key: CallOptions;

  /** @internal */
  constructor(target: KeyedProxyTarget, key: CallOptions) {
    this.#target = target;
    this.#key = key;
  }

  /** See `ServantProxy.genRequestId`. */
  genRequestId(): number {
    return this.#target.genRequestId();
  }

  /** See `ServantProxy.rpcCall`. A key in the options wins. */
  rpcCall(requestId: number, sFuncName: string, buff: Bytes | string, options?: CallOptions): Promise<ResponsePacket> {
    return this.#target.rpcCall(requestId, sFuncName, buff, { ...this.#key, ...options });
  }

  /** See `ServantProxy.rpcCallAsync`. A key in the options wins. */
  rpcCallAsync(
    requestId: number,
    sFuncName: string,
    buff: Bytes | string,
    callback: DispatchCallback | null,
    options?: CallOptions,
  ): void {
    this.#target.rpcCallAsync(requestId, sFuncName, buff, callback, { ...this.#key, ...options });
  }
}
