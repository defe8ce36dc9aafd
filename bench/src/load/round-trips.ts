import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { serveParent } from '../child.js';
import { packets } from '../protocol.js';
import { median } from '../statistics.js';

/** One request at a time, so many times. */
export interface RoundTrips {
  readonly port: number;
  readonly bodyBytes: number;
  readonly count: number;
}

/** Requests that are sent in turn, so that no answer can be taken for another. */
const REQUESTS = 64;

/** @returns the median of all round trips in µs, after as many again that only warm up. */
async function measure({ port, bodyBytes, count }: RoundTrips): Promise<number> {
  const block = packets(REQUESTS, bodyBytes, 1);
  const size = block.length / REQUESTS;
  const requests = Array.from({ length: REQUESTS }, (_, i) => block.subarray(i * size, (i + 1) * size));
  const times = new Float64Array(2 * count);
  return new Promise((resolve, reject) => {
    let done = 0;
    let came = 0;
    let sentMs = 0;
    const send = () => {
      sentMs = performance.now();
      socket.write(requests[done % REQUESTS] as Buffer);
    };
    const received = (bytes: number, buffer: Uint8Array): boolean => {
      const nowMs = performance.now();
      const request = requests[done % REQUESTS] as Buffer;
      if (came + bytes > size || request.compare(buffer, 0, bytes, came, came + bytes) !== 0) {
        socket.destroy(new Error(`answer ${done} is wrong`));
        return false;
      }
      came += bytes;
      if (came < size) return true;
      came = 0;
      times[done++] = nowMs - sentMs;
      if (done < 2 * count) send();
      else socket.destroy();
      return true;
    };
    const onread = { buffer: Buffer.allocUnsafeSlow(65_536), callback: received };
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true, onread }, send);
    socket.on('error', reject);
    socket.on('close', () => {
      if (done === 2 * count) resolve(1000 * median(Array.from(times.subarray(count))));
      else reject(new Error(`the server has closed the connection after ${done} round trips`));
    });
  });
}

serveParent({ measure });
