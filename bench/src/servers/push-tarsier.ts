import { Application, type Current, Servant } from '@tarsier/framework';
import { PushRegister } from '@tarsier/servant-push';
import { serveParent, sharedNowMs } from '../child.js';
import { packets, parse } from '../protocol.js';

/** Pushes with Tarsier: every connection is in the register from when it is accepted until it ends. */
const register = new PushRegister();
const packet = packets(1, 32, 0);
const OBJECT = 'Bench.PushServer.PushObj';

class PushServant extends Servant {
  override doClose(current: Current): number {
    register.remove(current);
    return 0;
  }
}

class PushServer extends Application {
  override initialize(): void {
    this.addServant(PushServant, OBJECT);
    this.addServantProtocol(OBJECT, parse);
    this.addAcceptCallback((current) => {
      register.add(current);
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
    const { sent, queued } = register.pushAll(packet);
    if (sent + queued !== register.size)
      throw new Error(`${sent + queued} of ${register.size} connections took a push`);
  }
  return beganMs;
}

serveParent({
  port: () => app.getBindAdapter(OBJECT)?.getEndpoint().port,
  connections: () => register.size,
  push,
});
