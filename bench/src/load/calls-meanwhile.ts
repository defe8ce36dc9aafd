import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveParent } from '../child.js';
import { packets } from '../protocol.js';

/** One call at a time over a connection that is pushed to as well, for a while: how long do calls take? */
export interface CallsMeanwhile {
  readonly port: number;
  readonly durationMs: number;
}

/** A request that no push looks like. */
const request = packets(1, 32, 7);

/** @returns the 99th percentile in ms. */
async function callOn({ port, durationMs }: CallsMeanwhile): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  let came: Buffer = Buffer.alloc(0);
  let answered: (() => void) | undefined;
  socket.on('data', (chunk: Buffer) => {
    came = came.length === 0 ? chunk : Buffer.concat([came, chunk]);
    while (came.length >= request.length) {
      if (came.readUInt32BE(4) === 7) answered?.();
      came = came.subarray(request.length);
    }
  });
  const times: number[] = [];
  for (const endMs = performance.now() + durationMs; performance.now() < endMs; ) {
    const beganMs = performance.now();
    const done = new Promise<void>((resolve) => {
      answered = resolve;
    });
    socket.write(request);
    await done;
    times.push(performance.now() - beganMs);
    await sleep(1);
  }
  socket.resetAndDestroy();
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

serveParent({ callOn });
