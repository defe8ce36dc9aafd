import { LOG } from './log/log.js';

const SHUTDOWN_SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** Restarts the workers. SIGHUP comes also when a terminal is closed, and SIGUSR1 belongs to Node's debugger. */
const RESTART_SIGNAL = 'SIGUSR2';

/**
 * Signals that come within so many ms are one order: `tsx`, `concurrently`, GNU timeout and others send a signal to the process and to its
 * group, so that it comes twice.
 */
const ONE_ORDER_MS = 1000;

/** A clock that tells how long ago a signal came; it must not keep the process alive. */
export interface SignalClock {
  now(): number;
  /** Calls a function once, later. @returns the function that takes it back. */
  after(ms: number, run: () => void): () => void;
}

const systemClock: SignalClock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

/**
 * Calls a function at the first of these signals. Those that follow within a second are the same order. One that comes later ends the process
 * at once, as it would without us: the operator has lost patience.
 */
function onFirstSignal(
  signals: readonly NodeJS.Signals[],
  shutDown: (signal: NodeJS.Signals) => void,
  clock: SignalClock,
): () => void {
  let firstMs: number | undefined;
  let cancel: (() => void) | undefined;
  const handler = (signal: NodeJS.Signals): void => {
    if (firstMs === undefined) {
      firstMs = clock.now();
      // From then on the system itself ends the process, even where a handler stands still.
      cancel = clock.after(ONE_ORDER_MS, removeHandlers);
      shutDown(signal);
    } else if (clock.now() - firstMs >= ONE_ORDER_MS) {
      // The loop stood still, so that the handlers are still there.
      remove();
      process.kill(process.pid, signal);
    }
  };
  const removeHandlers = (): void => {
    for (const signal of signals) process.off(signal, handler);
  };
  const remove = (): void => {
    cancel?.();
    removeHandlers();
  };
  for (const signal of signals) process.on(signal, handler);
  return remove;
}

/**
 * Calls a function at the first SIGINT or SIGTERM. What follows within a second is the same order; a signal after that ends the process at
 * once.
 *
 * @returns the function that takes the handlers away.
 */
export function onShutdownSignal(
  shutDown: (signal: NodeJS.Signals) => void,
  clock: SignalClock = systemClock,
): () => void {
  return onFirstSignal(SHUTDOWN_SIGNALS, shutDown, clock);
}

function ignore(): void {}

/**
 * The same in a worker. SIGINT is not for it: a terminal sends it to all processes of a program, and the supervisor tells its
 * workers what to do; so it is with SIGUSR2, which would end it.
 */
export function onWorkerSignal(
  shutDown: (signal: NodeJS.Signals) => void,
  clock: SignalClock = systemClock,
): () => void {
  process.on('SIGINT', ignore);
  process.on(RESTART_SIGNAL, ignore);
  const remove = onFirstSignal(['SIGTERM'], shutDown, clock);
  return () => {
    process.off('SIGINT', ignore);
    process.off(RESTART_SIGNAL, ignore);
    remove();
  };
}

/** Calls a function at SIGUSR2, once for those that come within a second. @returns the function that takes the handler away. */
export function onRestartSignal(restart: () => void, clock: SignalClock = systemClock): () => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  const handler = (): void => {
    const nowMs = clock.now();
    if (nowMs - lastMs < ONE_ORDER_MS) return;
    lastMs = nowMs;
    restart();
  };
  process.on(RESTART_SIGNAL, handler);
  return () => {
    process.off(RESTART_SIGNAL, handler);
  };
}

/** Applications of this process that have no workers. */
let withoutWorkers = 0;

function warnOfRestart(): void {
  // Somebody else in this process has a use for it.
  if (process.listenerCount(RESTART_SIGNAL) > 1) return;
  LOG.warn(`${RESTART_SIGNAL} is ignored: it replaces the workers, and there are none; set workers to 1 or more`);
}

/** SIGUSR2 where there are no workers: without a handler the system would end the process. */
export function ignoreRestartSignal(): () => void {
  if (withoutWorkers++ === 0) process.on(RESTART_SIGNAL, warnOfRestart);
  return () => {
    if (--withoutWorkers === 0) process.off(RESTART_SIGNAL, warnOfRestart);
  };
}
