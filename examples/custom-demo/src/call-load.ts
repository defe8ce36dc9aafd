import type { ServantProxy } from '@tarsier/framework';
import type { CallReport } from './call-report.js';

/** What is called, and how. */
export interface CallLoadOptions {
  readonly prx: ServantProxy;
  /** Calls in all. */
  readonly count: number;
  /** Calls in flight at any time. */
  readonly concurrency: number;
  readonly body: Uint8Array;
  readonly report: CallReport;
  /** No call begins after it. */
  readonly signal: AbortSignal;
}

/** The function that is called; the protocol does not send its name. */
const FUNC = 'doCustomFunc';

/** The calls as C++ makes them with `rpc_call`, one after the other in each of `concurrency` threads: here in as many loops. */
export async function callSync({ prx, count, concurrency, body, report, signal }: CallLoadOptions): Promise<void> {
  let begun = 0;
  const loop = async () => {
    while (begun < count && !signal.aborted) {
      begun++;
      const beganMs = performance.now();
      try {
        const response = await prx.rpcCall(prx.genRequestId(), FUNC, body);
        report.answer(performance.now() - beganMs, response.sBuffer.length === body.length);
      } catch (error) {
        report.failure(error);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
}

/** The calls as C++ makes them with `rpc_call_async`, each with a callback; one that comes back makes the next call. */
export function callAsync({ prx, count, concurrency, body, report, signal }: CallLoadOptions): Promise<void> {
  return new Promise((resolve) => {
    let begun = 0;
    let inFlight = 0;
    const next = () => {
      while (inFlight < concurrency && begun < count && !signal.aborted) {
        begun++;
        inFlight++;
        call();
      }
      if (inFlight === 0) resolve();
    };
    const call = () => {
      const beganMs = performance.now();
      prx.rpcCallAsync(prx.genRequestId(), FUNC, body, {
        onDispatch({ error, response }) {
          inFlight--;
          if (error === undefined) {
            report.answer(performance.now() - beganMs, response.sBuffer.length === body.length);
          } else {
            report.failure(error);
          }
          next();
        },
      });
    };
    next();
  });
}
