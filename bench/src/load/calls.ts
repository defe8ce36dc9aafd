import { Communicator, type ServantProxy } from '@tarsier/framework';
import { serveParent, sharedNowMs } from '../child.js';
import { proxyProtocol } from '../protocol.js';
import { BareClient, type Joining } from './bare-client.js';
import type { CountSample } from './echo-load.js';

/** Loops of calls from one client, as `calls.js tarsier`, or `calls.js` with the joining of a bare client. */

/** What the loops do. */
export interface Calls {
  readonly port: number;
  readonly inFlight: number;
  readonly bodyBytes: number;
}

const form = process.argv[2] as 'tarsier' | Joining;

let isRunning = false;
let done = 0;
let failure: Error | undefined;
let loops: Promise<void>[] = [];
let close: () => void | Promise<void> = () => {};

/** Whether an answer has the body of its request: all bodies differ in their first byte from those of the next loops. */
function check(size: number, first: number | undefined, body: Uint8Array): void {
  if (size !== body.length || first !== body[0])
    throw new Error(`the answer of ${size} bytes is not that of the request`);
}

async function loopOfRpcCalls(proxy: ServantProxy, body: Uint8Array): Promise<void> {
  while (isRunning) {
    const { sBuffer } = await proxy.rpcCall(proxy.genRequestId(), 'echo', body);
    check(sBuffer.length, sBuffer.buffer[sBuffer.start], body);
    done++;
  }
}

async function loopOfBareCalls(client: BareClient, body: Uint8Array): Promise<void> {
  while (isRunning) {
    const answer = await client.call(body);
    check(answer.length, answer[0], body);
    done++;
  }
}

function begin({ port, inFlight, bodyBytes }: Calls): void {
  isRunning = true;
  const bodies = Array.from({ length: inFlight }, (_, i) => new Uint8Array(bodyBytes).fill(i % 256));
  if (form === 'tarsier') {
    const communicator = new Communicator();
    const proxy = communicator.stringToProxy(`Bench.EchoServer.EchoObj@tcp -h 127.0.0.1 -p ${port} -t 60000`);
    proxy.setProtocol(proxyProtocol);
    loops = bodies.map((body) => loopOfRpcCalls(proxy, body));
    close = () => communicator.terminate();
  } else {
    const client = new BareClient(port, form, (error) => {
      failure ??= error;
    });
    loops = bodies.map((body) => loopOfBareCalls(client, body));
    close = () => client.close();
  }
  for (const loop of loops) {
    loop.catch((error: unknown) => {
      failure ??= new Error('a call failed', { cause: error });
    });
  }
}

function count(): CountSample {
  if (failure !== undefined) throw failure;
  return { count: done, atMs: sharedNowMs() };
}

async function end(): Promise<void> {
  isRunning = false;
  await Promise.all(loops);
  await close();
  count();
}

serveParent({ begin, count, end });
