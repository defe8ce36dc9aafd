// A server with workers, for tests that kill and restart them. Tells its parent what happens by IPC messages.
// usage: node worker-server.mjs WORKERS PORT [bad|goaway|tars|''] [JSON of more keys: { server, adapter }]
import cluster from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import { Application, lengthField, Servant, TarsServant, tars, tarsFunction } from '@tarsier/framework';

const framing = lengthField({ bytes: 4, includesHeader: true, max: 1_000_000, requestId: { offset: 4, bytes: 4 } });
const [workers = '2', port = '0', mode = '', keys = '{}'] = process.argv.slice(2);
const more = JSON.parse(keys);

/** Bodies: `pid`, `slow` (200 ms), `exit` (the worker ends with status 3), anything else is echoed. */
class WorkerServant extends Servant {
  async doRequest(current, response) {
    const packet = current.getRequestBuffer();
    const id = packet.readUInt32BE(4);
    const body = packet.toString('utf8', 8);
    if (body === 'exit') process.exit(3);
    if (body === 'slow') await delay(200);
    response.assign(framing.encode(body === 'pid' ? String(process.pid) : body, id));
    return 0;
  }
}

class PoliteServant extends WorkerServant {
  goaway(current) {
    current.sendResponse(framing.encode('goodbye', 0));
  }
}

const pid = tarsFunction('pid', tars.int, []);

/** `int pid()` over TARS. */
class TarsWorkerServant extends TarsServant {
  tarsInterface = { name: 'T.Worker', functions: new Map([['pid', pid]]) };

  pid() {
    return process.pid;
  }
}

class WorkerServer extends Application {
  initialize() {
    if (mode === 'bad') throw new Error('initialize fails on purpose');
    if (mode === 'tars') {
      this.addServant(TarsWorkerServant, 'WorkerObj');
      return;
    }
    this.addServant(mode === 'goaway' ? PoliteServant : WorkerServant, 'WorkerObj');
    this.addServantProtocol('WorkerObj', framing);
  }
}

/** Only the first process has the test as its parent. */
const tell = (message) => {
  if (cluster.isPrimary) process.send(message);
};

const app = new WorkerServer();
app.addAdminCommand('early', 'added before main()', (text) => `${process.pid} ${text}`);
app.on('workerexit', (exit) => tell({ event: 'workerexit', ...exit }));
if (cluster.isPrimary) {
  process.on('message', (order) => {
    if (order === 'restart') void app.restartWorkers().then(() => tell({ event: 'restarted', ...app.getWorkers() }));
    else if (order === 'reload') {
      const reloaded = (message = '') => tell({ event: 'reloaded', message });
      app.reloadCertificates().then(reloaded, (error) => reloaded(`${error.code} ${error.message}`));
    } else if (order === 'states') tell({ event: 'states', ...app.getWorkers() });
  });
}
try {
  await app.main({
    app: 'T',
    server: 'S',
    loglevel: 'NONE',
    workers: Number(workers),
    ...more.server,
    adapters: {
      A: {
        servant: 'WorkerObj',
        endpoint: `tcp -h 127.0.0.1 -p ${port} -t 60000`,
        protocol: 'not_tars',
        maxconns: 5000,
        ...more.adapter,
      },
    },
  });
  tell({ event: 'ready', ...app.getWorkers() });
} catch (error) {
  tell({ event: 'failed', code: error.code, message: error.message });
  if (cluster.isPrimary) process.disconnect();
  throw error;
}
await app.waitForShutdown();
if (cluster.isPrimary) process.disconnect();
