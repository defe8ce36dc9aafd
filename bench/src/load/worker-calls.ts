import { Communicator } from '@tarsier/framework';
import { serveParent, sharedNowMs } from '../child.js';
import { proxyProtocol } from '../protocol.js';

/** One call at a time on each of several connections, so that all workers have something to do. */

/** What is called, and how. */
export interface WorkerCalls {
  readonly endpoint: string;
  readonly connections: number;
  readonly durationMs: number;
}

const body = new Uint8Array(32);

/** Answers per second. */
async function measure({ endpoint, connections, durationMs }: WorkerCalls): Promise<number> {
  const communicator = new Communicator({ 'sync-invoke-timeout': 20_000 });
  let done = 0;
  let endMs = Number.POSITIVE_INFINITY;
  // A proxy with another `#name` has connections of its own.
  const loops = Array.from({ length: connections }, async (_, i) => {
    const proxy = communicator.stringToProxy(`Bench.WorkServer.WorkObj#${i}@${endpoint}`);
    proxy.setProtocol(proxyProtocol);
    await proxy.connect();
    return async () => {
      while (sharedNowMs() < endMs) {
        await proxy.rpcCall(proxy.genRequestId(), 'work', body);
        done++;
      }
    };
  });
  const run = await Promise.all(loops);
  const beginMs = sharedNowMs();
  endMs = beginMs + durationMs;
  await Promise.all(run.map((loop) => loop()));
  const tookMs = sharedNowMs() - beginMs;
  await communicator.terminate();
  return (done * 1000) / tookMs;
}

serveParent({ measure });
