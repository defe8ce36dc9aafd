import type { TimeSource } from '@tarsier/protocol';

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
