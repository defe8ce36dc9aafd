import { createRequire } from 'node:module';
import { Communicator } from '@tarsier/framework';
import { serveParent, sharedNowMs } from '../child.js';
import { NodeTarsProxy } from '../generated/NodeTars.js';
import type { CountSample } from './echo-load.js';

/** Loops of TARS calls from one client, as `tars-calls.js tarsier` or `tars-calls.js tars-rpc`, each with a proxy made from an IDL. */

/** What the loops do. */
export interface TarsCalls {
  readonly port: number;
  readonly inFlight: number;
}

/** What a proxy of @tars/rpc resolves with. */
interface RpcAnswer {
  readonly response: { readonly return: number; readonly arguments: { readonly sValue1: string } };
}

interface RpcProxy {
  getUsrName(sUsrName: string): PromiseLike<RpcAnswer>;
}

interface RpcClient {
  stringToProxy(Class: unknown, name: string): RpcProxy;
}

const form = process.argv[2] as 'tarsier' | 'tars-rpc';
let isRunning = false;
let done = 0;
let failure: unknown;
let loops: Promise<void>[] = [];
let communicator: Communicator | undefined;
let rpcProxy: RpcProxy | undefined;

function check(_ret: number, value: string, name: string): void {
  if (_ret !== 7 || value !== name) throw new Error(`the answer is ${_ret}, ${value}: not that of the request`);
  done++;
}

async function loopOfTarsier(proxy: NodeTarsProxy, name: string): Promise<void> {
  while (isRunning) {
    const { _ret, sValue1 } = await proxy.getUsrName(name);
    check(_ret, sValue1, name);
  }
}

async function loopOfRpc(proxy: RpcProxy, name: string): Promise<void> {
  while (isRunning) {
    const { response } = await proxy.getUsrName(name);
    check(response.return, response.arguments.sValue1, name);
  }
}

/** It has no way to close its connections, so there is one for all rounds. */
function makeRpcProxy(object: string): RpcProxy {
  const load = createRequire(import.meta.url);
  const { client } = load('@tars/rpc') as { client: RpcClient };
  const { tars } = load('@tars/rpc/examples/rpc-tars/demo.1/client.node.proxy/NodeTarsProxy.js') as {
    tars: { NodeTarsProxy: unknown };
  };
  return client.stringToProxy(tars.NodeTarsProxy, object);
}

function begin({ port, inFlight }: TarsCalls): void {
  isRunning = true;
  const object = `Bench.NodeServer.NodeObj@tcp -h 127.0.0.1 -p ${port} -t 60000`;
  const names = Array.from({ length: inFlight }, (_, i) => `name number ${i}`);
  if (form === 'tarsier') {
    communicator = new Communicator();
    const proxy = communicator.stringToProxy(NodeTarsProxy, object);
    loops = names.map((name) => loopOfTarsier(proxy, name));
  } else {
    rpcProxy ??= makeRpcProxy(object);
    const proxy = rpcProxy;
    loops = names.map((name) => loopOfRpc(proxy, name));
  }
  for (const loop of loops) {
    loop.catch((error: unknown) => {
      failure ??= error;
    });
  }
}

function count(): CountSample {
  if (failure !== undefined) throw new Error('a call failed', { cause: failure });
  return { count: done, atMs: sharedNowMs() };
}

async function end(): Promise<void> {
  isRunning = false;
  await Promise.all(loops);
  await communicator?.terminate();
  count();
}

serveParent({ begin, count, end });
