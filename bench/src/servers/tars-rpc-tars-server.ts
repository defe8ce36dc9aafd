import { createRequire } from 'node:module';
import { serveParent } from '../child.js';
import { freePort } from './free-port.js';

/** A TARS server on @tars/rpc, with the code that tars2node has made for the example in its package. */
const load = createRequire(import.meta.url);

interface Current {
  sendResponse(_ret: number, sValue1: string, sValue2: string): void;
}

interface Servant {
  readonly prototype: Record<string, unknown>;
}

interface Server {
  createServer(Class: Servant): { start(options: Readonly<Record<string, unknown>>): void };
}

const { server } = load('@tars/rpc') as { server: Server };
const { tars } = load('@tars/rpc/examples/rpc-tars/demo.1/server.node.1/NodeTars.js') as {
  tars: { NodeTarsImp: Servant };
};
const { NodeTarsImp } = tars;
NodeTarsImp.prototype['initialize'] = () => {};
NodeTarsImp.prototype['getUsrName'] = (current: Current, sUsrName: string) => {
  current.sendResponse(7, sUsrName, 'second');
};

const port = await freePort();
server.createServer(NodeTarsImp).start({
  name: 'NodeAdapter',
  servant: 'Bench.NodeServer.NodeObj',
  endpoint: `tcp -h 127.0.0.1 -p ${port} -t 600000`,
  protocol: 'tars',
  maxconns: 20_000,
});

serveParent({ port: () => port });
