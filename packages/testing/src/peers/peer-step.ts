import type { Buffer } from 'node:buffer';
import type { PeerSocket } from './peer-socket.js';

/** What a step can do with its connection. */
export interface StepRunner {
  readonly socket: PeerSocket;
  /** What the last step that waited for bytes took. */
  readonly taken: Buffer;
  /** Waits until `match` takes bytes of what has come. @param expected for messages, where it is known. */
  take(match: (received: Buffer) => number, expected?: Uint8Array): Promise<void>;
  waitForEnd(): Promise<void>;
  send(bytes: Uint8Array): void;
  sleep(ms: number): Promise<void>;
  /** Ends the connection, and resolves when it is closed. */
  leave(how: 'close' | 'reset'): Promise<void>;
}

/** One step of a script. */
export interface PeerStep {
  /** For messages, as `expect 4 bytes`. */
  readonly what: string;
  readonly run: (runner: StepRunner) => void | Promise<void>;
}
