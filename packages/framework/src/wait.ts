import type { TimeSource } from '@tarsier/protocol';

/** Lets some time pass; keeps the process alive meanwhile. */
export function waitMs(time: TimeSource, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = time.every(
      ms,
      () => {
        stop();
        resolve();
      },
      true,
    );
  });
}

/** Waits for something, but not longer than that; never rejects because of the limit. */
export async function withLimit(time: TimeSource, what: Promise<unknown>, limitMs: number): Promise<void> {
  let stop: (() => void) | undefined;
  const limit = new Promise<void>((resolve) => {
    stop = time.every(Math.max(1, limitMs), resolve, true);
  });
  try {
    await Promise.race([what, limit]);
  } finally {
    stop?.();
  }
}
