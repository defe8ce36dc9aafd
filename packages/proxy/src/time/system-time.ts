import type { TimeSource } from '@tarsier/protocol';

/** The clock and the timers of the environment. */
export const systemTime: TimeSource = {
  now: () => performance.now(),
  every(ms, run, keepsAlive) {
    const timer: { unref?(): unknown } = setInterval(run, ms);
    // Browsers give a number, which keeps nothing alive.
    if (!keepsAlive) timer.unref?.();
    return () => {
      clearInterval(timer as NodeJS.Timeout);
    };
  },
};
