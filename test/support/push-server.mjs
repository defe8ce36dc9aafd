// A push server in a process of its own, so that tests can kill it. It pushes by itself, and tells its parent which pushes are safe.
// usage: node push-server.mjs '{"engine":"redis","url":"…","run":1,"groups":20,"perSecond":200,"leaseMs":2000}'
import { Application } from '@tarsier/framework';
import { PushHub, PushServant, pushFrames } from '@tarsier/servant-push';
import { nats } from '@tarsier/servant-push/nats';
import { redis } from '@tarsier/servant-push/redis';

const { engine, url, run, groups, perSecond, leaseMs = 5000 } = JSON.parse(process.argv[2]);
const frames = pushFrames();
const backplanes = {
  local: () => undefined,
  redis: () => redis({ url, leaseMs }),
  nats: () => nats({ servers: url, leaseMs }),
};
const hub = new PushHub({ protocol: frames.hub, backplane: backplanes[engine]() });
hub.on('error', (error) => process.send({ event: 'error', text: String(error?.stack ?? error) }));
hub.on('backplane', (state, reason) => process.send({ event: 'backplane', state, reason }));

class OpenServant extends PushServant {
  maySubscribe() {
    return true;
  }
}

class PushServer extends Application {
  initialize() {
    this.addServant(OpenServant, 'PushObj', hub);
    this.addServantProtocol('PushObj', frames.parser);
  }

  async destroyApp() {
    await hub.close();
  }
}

const app = new PushServer();
await app.main({
  app: 'T',
  server: 'S',
  loglevel: 'NONE',
  adapters: { A: { servant: 'PushObj', endpoint: 'tcp -h 127.0.0.1 -p 0 -t 0', protocol: 'not_tars', maxconns: 5000 } },
});
await hub.ready();

/** The last number of each group; payloads are `group run number`. */
const numbers = Array.from({ length: groups }, () => 0);
/** Pushes that are not known to be safe. */
let open = [];
let made = 0;
let beginMs = 0;
let timer;

/** As many as belong to the time that has passed, whatever the timer does. */
function pushSome() {
  const due = Math.floor(((performance.now() - beginMs) * perSecond) / 1000);
  for (; made < due; made++) {
    const group = made % groups;
    const number = ++numbers[group];
    open.push({ group, number, push: hub.group(`g${group}`).push(`${group} ${run} ${number}`) });
  }
  const safe = open.filter(({ push }) => push.isDone && push.sequence > 0);
  if (safe.length === 0) return;
  open = open.filter((one) => !safe.includes(one));
  process.send({ event: 'safe', run, pushes: safe.map(({ group, number, push }) => [group, number, push.sequence]) });
}

process.on('message', ({ command }) => {
  if (command === 'push') {
    beginMs = performance.now();
    timer = setInterval(pushSome, 5);
  } else if (command === 'stop') {
    clearInterval(timer);
    const waiting = setInterval(() => {
      beginMs = performance.now();
      made = 0;
      pushSome();
      if (open.length > 0) return;
      clearInterval(waiting);
      process.send({ event: 'stopped' });
    }, 10);
  } else if (command === 'stats') {
    process.send({
      event: 'stats',
      stats: hub.stats(),
      presence: hub.presence(),
      count: hub.count('g0'),
      size: hub.size,
    });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ event: 'ready', port: app.getBindAdapter('PushObj').getEndpoint().port });
