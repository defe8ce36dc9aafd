import { Application } from '@tarsier/framework';
import { serveParent } from '../child.js';
import type { NodeTarsGetUsrNameResult } from '../generated/NodeTars.js';
import { NodeTars } from '../generated/NodeTarsServant.js';

/** A TARS server on Tarsier. */
const OBJECT = 'Bench.NodeServer.NodeObj';

class NodeTarsImp extends NodeTars {
  override getUsrName(sUsrName: string): NodeTarsGetUsrNameResult {
    return { _ret: 7, sValue1: sUsrName, sValue2: 'second' };
  }
}

class TarsServer extends Application {
  override initialize(): void {
    this.addServant(NodeTarsImp, OBJECT);
  }
}

const app = new TarsServer();
await app.main({
  app: 'Bench',
  server: 'NodeServer',
  loglevel: 'ERROR',
  adapters: {
    NodeAdapter: {
      servant: OBJECT,
      endpoint: 'tcp -h 127.0.0.1 -p 0 -t 600000',
      protocol: 'tars',
      maxconns: 20_000,
    },
  },
});

serveParent({ port: () => app.getBindAdapter(OBJECT)?.getEndpoint().port });
