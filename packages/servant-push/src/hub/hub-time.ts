import type { TimeSource } from '@tarsier/framework';

/** The clock of the environment. */
export const systemTime: TimeSource = {
  now: () => performance.now(),
  every(ms, run, keepsAlive) {
    const timer = setInterval(run, ms);
    if (!keepsAlive) timer.unref();
    return () => {
      clearInterval(timer);
    };
  },
};
