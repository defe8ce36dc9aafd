// A server with workers and a hub, for tests that kill workers. Tells its parent where it listens.
// usage: node push-worker-server.mjs WORKERS [inside]
import cluster from 'node:cluster';
import { Application } from '@tarsier/framework';
import { PushHub, PushServant, pushFrames } from '@tarsier/servant-push';

const [workers = '2', place = ''] = process.argv.slice(2);
const frames = pushFrames();
const make = () => new PushHub({ protocol: frames.hub });
// Outside of `initialize` the supervisor makes it too, and serves its workers.
let hub = place === 'inside' ? undefined : make();

/** Bodies: `pid`; anything else is pushed to the group `room`. */
class SayServant extends PushServant {
  maySubscribe() {
    return true;
  }

  onRequest(current, response) {
    const { requestId, body } = frames.request(current);
    const text = body.toString();
    if (text !== 'pid') this.hub.group('room').push(text);
    response.assign(frames.answer(requestId, String(process.pid)));
    return 0;
  }
}

class SayServer extends Application {
  async initialize() {
    hub ??= make();
    this.addServant(SayServant, 'SayObj', hub);
    this.addServantProtocol('SayObj', frames.parser);
    await hub.ready();
  }

  destroyApp() {
    return hub.close();
  }
}

const app = new SayServer();
app.on('workerexit', (exit) => process.send({ event: 'workerexit', ...exit }));
const adapter = { servant: 'SayObj', endpoint: 'tcp -h 127.0.0.1 -p 0 -t 60000', protocol: 'not_tars', maxconns: 5000 };
await app.main({ app: 'T', server: 'S', loglevel: 'WARN', workers: Number(workers), adapters: { A: adapter } });
if (cluster.isPrimary) process.send({ event: 'ready', ...app.getWorkers() });
if (cluster.isPrimary) process.on('message', () => process.send({ event: 'states', ...app.getWorkers() }));
await app.waitForShutdown();
if (cluster.isPrimary) process.disconnect();
