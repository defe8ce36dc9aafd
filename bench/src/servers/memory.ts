/** What a process holds after a garbage collection, in bytes. */
export interface MemorySample {
  /** What the system has given to the process: heap, buffers, sockets and all. */
  readonly rss: number;
  /** What JavaScript holds: objects and buffers. */
  readonly live: number;
}

/** Collects garbage, and looks. Needs `--expose-gc`. */
export async function memory(): Promise<MemorySample> {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('start this process with --expose-gc');
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, live: heapUsed + external };
}
