import type { TimeSource } from '@tarsier/protocol';
import { timerMs } from '@tarsier/protocol/internal';

/** The clock and the timers of the environment. */
export const systemTime: TimeSource = {
  now: () => performance.now(),
  every(ms, run, keepsAlive) {
    const timer: { unref?(): unknown } = setInterval(run, timerMs(ms));
    // Browsers give a number, which keeps nothing alive.
    if (!keepsAlive) timer.unref?.();
    return () => {
      clearInterval(timer as NodeJS.Timeout);
    };
  },
};
