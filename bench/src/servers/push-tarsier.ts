import { Application, type Current, Servant } from '@tarsier/framework';
import { serveParent, sharedNowMs } from '../child.js';
import { packets, parse } from '../protocol.js';

/** Pushes with Tarsier: every connection is kept as the Current that it was accepted with. */
const currents = new Map<number, Current>();
const packet = packets(1, 32, 0);
const OBJECT = 'Bench.PushServer.PushObj';

class PushServant extends Servant {
  override doClose(current: Current): number {
    currents.delete(current.getUId());
    return 0;
  }
}

class PushServer extends Application {
  override initialize(): void {
    this.addServant(PushServant, OBJECT);
    this.addServantProtocol(OBJECT, parse);
    this.addAcceptCallback((current) => {
      currents.set(current.getUId(), current);
    });
  }
}

const app = new PushServer();
await app.main({
  app: 'Bench',
  server: 'PushServer',
  loglevel: 'ERROR',
  adapters: {
    PushAdapter: {
      servant: OBJECT,
      endpoint: 'tcp -h 127.0.0.1 -p 0 -t 600000',
      protocol: 'not_tars',
      maxconns: 20_000,
    },
  },
});

/** Queues so many pushes for every connection, in one tick. @returns when it began. */
function push(count: number): number {
  const beganMs = sharedNowMs();
  for (let i = 0; i < count; i++) {
    for (const current of currents.values()) current.sendResponse(packet);
  }
  return beganMs;
}

serveParent({
  port: () => app.getBindAdapter(OBJECT)?.getEndpoint().port,
  connections: () => currents.size,
  push,
});
