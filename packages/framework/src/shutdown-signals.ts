const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

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
 * workers what to do.
 */
export function onWorkerSignal(shutDown: (signal: NodeJS.Signals) => void): () => void {
  process.on('SIGINT', ignore);
  process.once('SIGTERM', shutDown);
  return () => {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', shutDown);
  };
}
