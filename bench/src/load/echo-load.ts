import { serveParent, sharedNowMs } from '../child.js';
import { EchoConnection, Requests } from './echo-connection.js';

/** What a load is made of. */
export interface EchoLoad {
  readonly port: number;
  readonly connections: number;
  /** Requests in flight on each connection. */
  readonly depth: number;
  readonly bodyBytes: number;
}

/** How many answers had come at a time. */
export interface CountSample {
  readonly count: number;
  readonly atMs: number;
}

let connections: EchoConnection[] = [];
let failure: Error | undefined;
/** Rejects when a connection fails: whoever waits for the first answers would wait for ever. */
let failed: Promise<never> | undefined;
let reject: (error: Error) => void = () => {};
let requests: Requests | undefined;

function onFailure(error: Error): void {
  failure ??= error;
  reject(error);
}

async function begin({ port, connections: count, depth, bodyBytes }: EchoLoad): Promise<void> {
  failure = undefined;
  failed = new Promise((_resolve, rejectIt) => {
    reject = rejectIt;
  });
  // Told by `count` and `end` when nobody waits.
  failed.catch(() => {});
  if (requests?.depth !== depth || requests.packetBytes !== bodyBytes + 8) requests = new Requests(depth, bodyBytes);
  const prepared = requests;
  connections = Array.from({ length: count }, () => new EchoConnection(port, prepared, onFailure));
  await Promise.all(connections.map((connection) => connection.ready()));
  await Promise.race([Promise.all(connections.map((connection) => connection.start())), failed]);
}

function count(): CountSample {
  if (failure !== undefined) throw failure;
  return { count: connections.reduce((sum, connection) => sum + connection.answered, 0), atMs: sharedNowMs() };
}

function end(): void {
  for (const connection of connections) connection.close();
  connections = [];
  if (failure !== undefined) throw failure;
}

serveParent({ begin, count, end });
