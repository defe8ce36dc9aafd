// A server in a process of its own, so that tests can kill it. Tells its parent what happens by IPC messages.
// usage: node fault-server.mjs PORT [ADDRESS]
import { setTimeout as delay } from 'node:timers/promises';
import { Application, lengthField, Servant } from '@tarsier/framework';

const framing = lengthField({ bytes: 4, includesHeader: true, max: 1_000_000, requestId: { offset: 4, bytes: 4 } });

/** Bodies: `hang` is never answered, `slow` after 300 ms, `push N` sends N pushes, anything else is echoed. */
class FaultServant extends Servant {
  async doRequest(current, response) {
    const packet = current.getRequestBuffer();
    const body = packet.toString('utf8', 8);
    process.send({ event: 'request', body });
    if (body === 'hang') await new Promise(() => {});
    if (body === 'slow') await delay(300);
    const pushes = /^push (\d+)$/.exec(body);
    for (let i = 0; i < Number(pushes?.[1] ?? 0); i++) current.sendResponse(framing.encode(`push ${i}`, 0));
    response.assign(packet);
    return 0;
  }

  doClose(current) {
    process.send({ event: 'close', uid: current.getUId(), type: current.getCloseType() });
    return 0;
  }
}

class FaultServer extends Application {
  initialize() {
    this.addServant(FaultServant, 'FaultObj');
    this.addServantProtocol('FaultObj', framing);
  }

  async destroyApp() {
    await new Promise((resolve) => {
      process.send({ event: 'destroyApp' }, resolve);
    });
    process.disconnect();
  }
}

const app = new FaultServer();
await app.main({
  app: 'T',
  server: 'S',
  loglevel: 'NONE',
  adapters: {
    A: {
      servant: 'FaultObj',
      endpoint: `tcp -h ${process.argv[3] ?? '127.0.0.1'} -p ${process.argv[2] ?? 0} -t 60000`,
      protocol: 'not_tars',
      maxconns: 5000,
    },
  },
});
app.on('shutdown', () => process.send({ event: 'shutdown' }));
process.send({ event: 'ready', port: app.getBindAdapter('FaultObj').getEndpoint().port });
await app.waitForShutdown();
