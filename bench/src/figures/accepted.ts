import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../child-process.js';

/** Resolves when the server has accepted all that the holder has opened. */
export async function accepted(server: Child, count: number): Promise<void> {
  for (let i = 0; i < 3000; i++) {
    if ((await server.ask<number>('connections')) === count) return;
    await sleep(10);
  }
  throw new Error(`the server has not accepted ${count} connections within 30 s`);
}
