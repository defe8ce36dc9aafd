/** Takes what code of the program threw, or rejected with. */
export type FaultReport = (fault: unknown) => void;

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject && typeof (value as Partial<PromiseLike<unknown>>).then === 'function';
}

/** Reporting ends here whatever becomes of it: a report of a failing report would go round for ever. */
function reported(report: FaultReport, fault: unknown): void {
  try {
    report(fault);
  } catch {
    // Nobody is left who could be told.
  }
}

/**
 * Looks at what code of the program has returned where nobody waits for it: the rejection of a promise, or of any other thenable, goes to
 * `report`.
 */
export function watchResult(result: unknown, report: FaultReport): void {
  // The way of nearly all.
  if (result === undefined || typeof result === 'number') return;
  try {
    if (!isThenable(result)) return;
    Promise.resolve(result).then(undefined, (fault: unknown) => {
      reported(report, fault);
    });
  } catch (fault) {
    reported(report, fault);
  }
}

/**
 * Runs code of the program (a callback, a listener, a hook) whose result nobody waits for: the one way in which such code is run. What it
 * throws, and what a promise that it returns rejects with, goes to `report`, and nowhere else: nothing is thrown, and no rejection is left unhandled.
 */
export function callBack(run: () => unknown, report: FaultReport): void {
  let result: unknown;
  try {
    result = run();
  } catch (fault) {
    reported(report, fault);
    return;
  }
  watchResult(result, report);
}
