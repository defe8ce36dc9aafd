// A TARS server that registers itself, for tests that kill it. Tells its parent by IPC when it serves.
// usage: node registered-server.mjs LOCATOR LEASE_MS WORKERS
import cluster from 'node:cluster';
import { Application, TarsServant, tars, tarsFunction } from '@tarsier/framework';

const [locator, lease, workers] = process.argv.slice(2);
const pid = tarsFunction('pid', tars.int, []);

class PidServant extends TarsServant {
  tarsInterface = { name: 'T.Pid', functions: new Map([['pid', pid]]) };

  pid() {
    return process.pid;
  }
}

const app = new Application();
app.addServant(PidServant, 'T.S.PidObj');
await app.main({
  app: 'T',
  server: 'S',
  loglevel: 'NONE',
  register: true,
  registerlease: Number(lease),
  workers: Number(workers),
  adapters: { A: { servant: 'T.S.PidObj', endpoint: 'tcp -h 127.0.0.1 -p 0 -t 60000', protocol: 'tars' } },
  client: { locator },
});
if (cluster.isPrimary) process.send({ pids: app.getWorkers()?.pids ?? [] });
await app.waitForShutdown();
if (cluster.isPrimary) process.disconnect();
