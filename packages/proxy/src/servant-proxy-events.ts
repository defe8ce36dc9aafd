import type { ReqMessage, TarsException } from '@tarsier/protocol';

/** Why a packet was dropped. */
export type DropReason =
  /** No call with this id waits on this connection: the answer is late, or a duplicate. */
  | 'unknown-id'
  /** A push, and there is neither a push callback nor a listener of `push`. */
  | 'no-push-callback'
  /** One call at a time (`connectionSerial`), and none waits. */
  | 'unsolicited'
  /** A datagram that is empty, does not form whole packets, or was refused by the decoder; its id is not known, hence 0. */
  | 'malformed-datagram';

/** The events of a `ServantProxy`. An exception of a listener is logged and does no other harm. */
export interface ServantProxyEvents {
  /** A connection to this endpoint was established. */
  connect(endpoint: string): void;
  /** An established connection ended; `error` is absent when this side closed it on purpose. */
  close(event: { readonly endpoint: string; readonly error?: TarsException }): void;
  /** `close` was called, of the proxy or by the end of its communicator: whatever stands on the proxy ends. Its connections close after it. */
  end(): void;
  /** The server said goodbye on a connection to this endpoint (`ProxyProtocol.isGoaway`): calls go elsewhere, it closes when it is done. */
  goaway(endpoint: string): void;
  /** The connection was lost, or the last attempt failed: attempt number `attempt` begins in `delayMs`. */
  reconnecting(event: {
    readonly endpoint: string;
    readonly attempt: number;
    readonly delayMs: number;
    readonly error: TarsException;
  }): void;
  /** A call with `idempotent` failed with `error` and is made again, as attempt number `attempt`, at `endpoint`. */
  retry(event: {
    readonly requestId: number;
    readonly attempt: number;
    readonly endpoint: string;
    readonly error: TarsException;
  }): void;
  /** The server sent something of its own accord. */
  push(message: ReqMessage): void;
  /** A fault that no caller can be told of: a callback that throws, a one-way call that failed. */
  error(exception: TarsException): void;
  /** A packet came that nobody waits for. */
  dropped(event: { readonly requestId: number; readonly endpoint: string; readonly reason: DropReason }): void;
}
