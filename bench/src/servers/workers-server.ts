import cluster from 'node:cluster';
import { Application, type ByteVector, type Current, Servant } from '@tarsier/framework';
import { serveParent } from '../child.js';
import { parse } from '../protocol.js';

/** A server whose handler computes, as `workers-server.js N` with N workers. */

const OBJECT = 'Bench.WorkServer.WorkObj';
/** A fixed amount of work, about 2 ms: time would be the wrong measure, because waiting for a core would count as work. */
const STEPS = 2_000_000;

class WorkServant extends Servant {
  override doRequest(current: Current, response: ByteVector): number {
    let state = 0x9e3779b9;
    for (let i = 0; i < STEPS; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
    }
    // Never true for this generator: only so that the loop is not optimised away.
    if (state === 0) return -1;
    response.assign(current.getRequestVector());
    return 0;
  }
}

class WorkServer extends Application {
  override initialize(): void {
    this.addServant(WorkServant, OBJECT);
    this.addServantProtocol(OBJECT, parse);
  }
}

const app = new WorkServer();
await app.main({
  app: 'Bench',
  server: 'WorkServer',
  loglevel: 'ERROR',
  workers: Number(process.argv[2] ?? 1),
  adapters: {
    WorkAdapter: { servant: OBJECT, endpoint: 'tcp -h 127.0.0.1 -p 0 -t 600000', protocol: 'not_tars', maxconns: 1000 },
  },
});

// A worker runs this file too; its channel is that of its supervisor.
if (cluster.isPrimary) serveParent({ endpoint: () => app.getWorkers()?.endpoints[0] });
