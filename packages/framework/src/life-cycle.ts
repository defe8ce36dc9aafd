import { Buffer } from 'node:buffer';
import { nextTick } from 'node:process';
import type { TimeSource } from '@tarsier/protocol';
import { BlockPool, FlushList, TimerWheel } from '@tarsier/protocol/internal';
import type { Connection } from './connection/connection.js';
import type { ConnectionServices } from './connection/connection-host.js';
import { SendLedger } from './connection/send-ledger.js';

/** Resolution of the clock of connections: idle times are seconds. */
const STEP_MS = 50;

/** What the connections of one application share, and the clock that drives it. */
export class LifeCycleServices implements ConnectionServices {
  readonly flushList: FlushList = new FlushList(nextTick);
  readonly pool: BlockPool = new BlockPool((size) => Buffer.allocUnsafeSlow(size));
  readonly wheel: TimerWheel;
  readonly ledger: SendLedger = new SendLedger();
  readonly time: TimeSource;
  #stopTimer: (() => void) | undefined;

  constructor(time: TimeSource) {
    this.time = time;
    this.wheel = new TimerWheel(STEP_MS, time.now());
  }

  /** Starts the clock. It does not keep the process alive. */
  start(): void {
    this.#stopTimer ??= this.time.every(
      STEP_MS,
      () => {
        const nowMs = this.time.now();
        this.wheel.advance(nowMs, (node) => {
          (node as Connection).expire(nowMs);
        });
      },
      false,
    );
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }
}

let tail: Promise<unknown> = Promise.resolve();

/**
 * Runs the starts of applications one after the other: `ServerConfig` is one for the process, and the code in
 * `initialize()` reads it. Source: the mutex in Application::main (TarsCpp).
 */
export function oneAtATime<T>(start: () => Promise<T>): Promise<T> {
  const result = tail.then(start);
  tail = result.catch(() => undefined);
  return result;
}
