import type { RequestPacket, ResponsePacket, TarsException } from '@tarsier/protocol';
import type { DropReason } from '../servant-proxy-events.js';

/** What is shown of a call when it begins; the same object when it ends. */
export interface ObservedCall {
  readonly request: RequestPacket;
  readonly isOneWay: boolean;
  /** In ms of the clock of its communicator. */
  readonly beginMs: number;
}

/** How a call ended; of one without answer and error nobody waits for anything. */
export interface CallOutcome {
  readonly response?: ResponsePacket;
  readonly error?: TarsException;
  readonly endpoint: string;
}

/** Shows the calls of a proxy. */
export interface CallObserver {
  /** Whether the next call is to be shown. */
  readonly isWanted: boolean;
  /** Whether calls are under way whose begin was shown. */
  readonly isOpen: boolean;
  /** Runs what begins a call. */
  begin(call: ObservedCall, run: () => void): void;
  /** Runs what tells the outcome of a call. */
  settle(call: ObservedCall, outcome: CallOutcome, run: () => void): void;
}

/** Shows what happens at a proxy to whoever observes the process. */
export interface ProxyObserver {
  readonly calls: CallObserver;
  connected(endpoint: string): void;
  closed(event: { readonly endpoint: string; readonly error?: TarsException }): void;
  pushed(endpoint: string, response: ResponsePacket): void;
  dropped(endpoint: string, reason: DropReason, response: ResponsePacket | undefined): void;
}
