import type { Random } from '../random.js';
import type { VirtualTime } from '../time/virtual-time.js';
import type { DirectionFaults } from './faults.js';

/** What every link of a network needs. */
export interface LinkContext {
  readonly time: VirtualTime;
  readonly random: Random;
  /** What a kernel keeps for a socket in each direction. */
  readonly kernelBytes: number;
  /** From which size of its own buffer on a socket says that it is enough. */
  readonly highWaterMark: number;
  /** Stands behind the text of errors. */
  readonly note: string;
}

/** An error as the system makes them: with a `code`. */
export function systemError(context: LinkContext, call: string, code: string): Error {
  return Object.assign(new Error(`${call} ${code} (memory network, ${context.note})`), { code, syscall: call });
}

/** How long something is under way now. */
export function latencyOf({ random }: LinkContext, { latency }: DirectionFaults): number {
  return typeof latency === 'number' ? latency : random.between(latency[0], latency[1]);
}
