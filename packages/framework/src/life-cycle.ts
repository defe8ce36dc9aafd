import { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import { nextTick } from 'node:process';
import { BlockPool, FlushList, TimerWheel } from '@tarsier/protocol/internal';
import type { Connection } from './connection/connection.js';
import type { ConnectionServices } from './connection/connection-host.js';

/** Resolution of the clock of connections: idle times are seconds. */
const STEP_MS = 50;

/** What the connections of one application share, and the clock that drives it. */
export class LifeCycleServices implements ConnectionServices {
  readonly flushList: FlushList = new FlushList(nextTick);
  readonly pool: BlockPool = new BlockPool((size) => Buffer.allocUnsafeSlow(size));
  readonly wheel: TimerWheel = new TimerWheel(STEP_MS, performance.now());
  #timer: NodeJS.Timeout | undefined;

  /** Starts the clock. It does not keep the process alive. */
  start(): void {
    this.#timer ??= setInterval(() => {
      const nowMs = performance.now();
      this.wheel.advance(nowMs, (node) => {
        (node as Connection).expire(nowMs);
      });
    }, STEP_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
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
