import type { TimeSource } from '@tarsier/framework';
import { after } from '../client/session-time.js';
import { PushRefusal, UNDECIDED } from '../session/push-refusal.js';

/** How a hook of the program is asked. */
export interface Asking {
  readonly time: TimeSource;
  /** So long it may take, in ms. */
  readonly limitMs: number;
  /** Told what it throws, and that it takes too long. */
  readonly failed: (error: unknown) => void;
}

/**
 * What a hook of the program says. Where it throws, rejects or takes too long, nobody is let in: the answer is {@link UNDECIDED}, and what it
 * says later counts for nothing. A refusal that it throws is its answer.
 *
 * @param what names the hook, as `identify`.
 */
export async function decided<T>(
  { time, limitMs, failed }: Asking,
  what: string,
  ask: () => T | Promise<T>,
): Promise<T | PushRefusal> {
  let stop: (() => void) | undefined;
  try {
    const answer = ask();
    if (!isThenable(answer)) return answer;
    const late = new Promise<PushRefusal>((resolve) => {
      stop = after(time, limitMs, () => {
        failed(new Error(`${what} has not answered within ${limitMs} ms; its client is told to ask again later`));
        resolve(UNDECIDED);
      });
    });
    return await Promise.race([answer, late]);
  } catch (error) {
    if (error instanceof PushRefusal) return error;
    failed(error);
    return UNDECIDED;
  } finally {
    stop?.();
  }
}

/** Promises of libraries too, as those of query builders. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function';
}
