import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Application, type ByteVector, type Current } from '@tarsier/framework';
import { PushHub, PushServant } from '@tarsier/servant-push';
import { serveParent, sharedNowMs } from '../child.js';
import { packets, parse } from '../protocol.js';
import { memory } from './memory.js';

/**
 * Pushes with a hub, as `hub-server.js tcp 3` or `hub-server.js ws`: every connection is a member from when it is accepted, and in so many
 * groups; with `none` instead of a number it is no member.
 */

const [kind = 'tcp', groups = '0'] = process.argv.slice(2);
const OBJECT = 'Bench.HubServer.HubObj';
const hub = new PushHub();
const packet = packets(1, 32, 0);

class EchoServant extends PushServant {
  override onRequest(current: Current, response: ByteVector): number {
    response.assign(current.getRequestVector());
    return 0;
  }
}

const names = Array.from({ length: Number(groups) || 0 }, (_, i) => `group ${i}`);

class HubServer extends Application {
  override initialize(): void {
    this.addServant(EchoServant, OBJECT, hub);
    this.addServantProtocol(OBJECT, parse);
    this.addAcceptCallback((current) => {
      if (groups !== 'none') hub.join(current, { groups: names });
    });
  }
}

const app = new HubServer();
await app.main({
  app: 'Bench',
  server: 'HubServer',
  loglevel: 'ERROR',
  adapters: {
    HubAdapter: {
      servant: OBJECT,
      endpoint: `${kind} -h 127.0.0.1 -p 0 -t 0`,
      protocol: 'not_tars',
      maxconns: 50_000,
      wsping: 0,
    },
  },
});

/** Makes so many pushes in one tick. @returns when it began. */
function push(count: number): number {
  const beganMs = sharedNowMs();
  for (let i = 0; i < count; i++) hub.all().push(packet);
  return beganMs;
}

/** Pushes to all again and again for a while. @returns the lag of the event loop meanwhile, its 99th percentile, in ms. */
async function pushOn(durationMs: number): Promise<{ lagMs: number; pushes: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let pushes = 0;
  for (const endMs = performance.now() + durationMs; performance.now() < endMs; pushes++) {
    const { sent, queued, dropped } = await hub.all().push(packet).done;
    // One that calls meanwhile may come and go.
    if (dropped > 0 || sent + queued < hub.size - 1) throw new Error(`${sent + queued} of ${hub.size} took a push`);
    await sleep(20);
  }
  delay.disable();
  return { lagMs: delay.percentile(99) / 1e6, pushes };
}

serveParent({
  port: () => app.getBindAdapter(OBJECT)?.getEndpoint().port,
  connections: () => app.getBindAdapter(OBJECT)?.getNowConnection(),
  members: () => [hub.size, ...names.map((name) => hub.count(name))],
  stats: () => hub.stats(),
  push,
  pushOn,
  memory,
});
