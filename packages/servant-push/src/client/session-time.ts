import { checkDurationMs, type TimeSource } from '@tarsier/protocol';

/** The wait before the next attempt is drawn from 0 to this times 2^attempts, in ms. */
const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 10_000;

/** The clock of the environment, in Node and in browsers. */
export const environmentTime: TimeSource = {
  now: () => performance.now(),
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => {
      clearInterval(timer);
    };
  },
};

/** Runs something once, later; the returned function takes it back. */
export function after(time: TimeSource, ms: number, run: () => void): () => void {
  const stop = time.every(
    ms,
    () => {
      stop();
      run();
    },
    true,
  );
  return stop;
}

/** @throws TarsException `TARSIER_INVALID_ARGUMENT` for a time that a timer cannot wait. */
export function checkMs(object: string, name: string, ms: number): void {
  checkDurationMs(`${object}: the option ${name} of a session`, ms, { min: 0, where: { object, key: name } });
}

/** The wait before the next of so many attempts, in ms: drawn, so that many clients do not come at the same time. */
export function retryMs(attempts: number): number {
  const limitMs = Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** Math.min(attempts, 20));
  return MIN_RETRY_MS / 10 + Math.random() * limitMs;
}
