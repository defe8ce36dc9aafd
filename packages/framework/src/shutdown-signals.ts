import { LOG } from './log/log.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** Restarts the workers. SIGHUP comes also when a terminal is closed, and SIGUSR1 belongs to Node's debugger. */
const RESTART_SIGNAL = 'SIGUSR2';

/**
 * Calls a function at the first SIGINT or SIGTERM. A second signal ends the process at once, as it would without us: the
 * operator has lost patience.
 *
 * @returns the function that takes the handlers away.
 */
export function onShutdownSignal(shutDown: (signal: NodeJS.Signals) => void): () => void {
  const handler = (signal: NodeJS.Signals) => {
    remove();
    shutDown(signal);
  };
  const remove = () => {
    for (const signal of SIGNALS) process.off(signal, handler);
  };
  for (const signal of SIGNALS) process.on(signal, handler);
  return remove;
}

function ignore(): void {}

/**
 * The same in a worker. SIGINT is not for it: a terminal sends it to all processes of a program, and the supervisor tells its
 * workers what to do; so it is with SIGUSR2, which would end it.
 */
export function onWorkerSignal(shutDown: (signal: NodeJS.Signals) => void): () => void {
  process.on('SIGINT', ignore);
  process.on(RESTART_SIGNAL, ignore);
  process.once('SIGTERM', shutDown);
  return () => {
    process.off('SIGINT', ignore);
    process.off(RESTART_SIGNAL, ignore);
    process.off('SIGTERM', shutDown);
  };
}

/** Calls a function at each SIGUSR2. @returns the function that takes the handler away. */
export function onRestartSignal(restart: () => void): () => void {
  process.on(RESTART_SIGNAL, restart);
  return () => {
    process.off(RESTART_SIGNAL, restart);
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
