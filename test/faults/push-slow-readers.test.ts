import { connect, type Socket } from 'node:net';
import { Application, type Current } from '@tarsier/framework';
import { type Delivery, type Overflow, PushHub, type PushMember, PushServant } from '@tarsier/servant-push';
import { afterEach, describe, expect, it } from 'vitest';
import { framing } from '../../packages/framework/src/test-server.testkit.js';

const FAST = 1000;
const STALLED = 50;
const OBJECT = 'T.S.HubObj';

const sockets = new Set<Socket>();
let app: Application | undefined;
let hub: PushHub | undefined;

afterEach(async () => {
  for (const socket of sockets) socket.resetAndDestroy();
  sockets.clear();
  await app?.terminate();
  await hub?.close();
});

/** Joins with its first packet; the body says as what. */
class JoinServant extends PushServant {
  override identify(current: Current) {
    return { groups: [current.getRequestVector().toString().slice(8)] };
  }
}

async function serve(made: PushHub): Promise<number> {
  hub = made;
  app = new Application();
  app.addServant(JoinServant, OBJECT, made);
  app.addServantProtocol(OBJECT, framing);
  const adapter = { servant: OBJECT, endpoint: 'tcp -h 127.0.0.1 -p 0 -t 0', protocol: 'not_tars', maxconns: 5000 };
  await app.main({ app: 'T', server: 'S', loglevel: 'NONE', adapters: { A: adapter } });
  return app.getBindAdapter(OBJECT)?.getEndpoint().port ?? 0;
}

async function open(port: number, count: number, group: string): Promise<Socket[]> {
  const opened: Socket[] = [];
  for (let i = 0; i < count; i++) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.on('error', () => undefined);
    sockets.add(socket);
    opened.push(socket);
    socket.write(framing.encode(group, 1));
  }
  await expect.poll(() => hub?.count(group), { timeout: 30_000, interval: 10 }).toBe(count);
  return opened;
}

/** Counts the bytes that come, without keeping them. */
function counting(socket: Socket): { bytes: number } {
  const came = { bytes: 0 };
  socket.on('data', (chunk) => {
    came.bytes += chunk.length;
  });
  return came;
}

/** Fills what the kernel buffers for members that do not read, until all of them are behind. */
async function fill(members: readonly PushMember[]): Promise<void> {
  const block = framing.encode(Buffer.alloc(500_000), 0);
  for (let i = 0; i < 200; i++) {
    const eager = members.filter((member) => !member.isBehind);
    if (eager.length === 0) return;
    for (const member of eager) await member.push(block, { delivery: 'latest', key: 'fill' }).done;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error('some of them still take bytes');
}

const percentile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;

describe('1,000 fast readers and 50 that never read', () => {
  it.each([
    ['are closed at the limit', 'close'],
    ['are kept, and miss what is old', 'drop-oldest'],
  ] as const)('the stalled %s; they cost bounded memory and delay nobody', async (_name, policy) => {
    const limits = { reliable: { bytes: 100_000, pushes: 1000, policy }, latest: { bytes: 600_000 } };
    const made = new PushHub({ limits });
    const overflows: Overflow[] = [];
    made.on('overflow', (_member, overflow) => overflows.push(overflow));
    const port = await serve(made);
    const fast = await open(port, FAST, 'fast');
    const counts = fast.map(counting);
    const body = Buffer.alloc(1000);
    const packet = framing.encode(body, 0);
    const round = async (delivery: Delivery): Promise<number> => {
      const before = counts[0]?.bytes ?? 0;
      const beganMs = performance.now();
      const counted = await made.all().push(packet, { delivery }).done;
      expect(counted.sent).toBeGreaterThanOrEqual(FAST);
      while (counts.some(({ bytes }) => bytes < before + packet.length)) await new Promise((go) => setImmediate(go));
      return performance.now() - beganMs;
    };
    const alone: number[] = [];
    for (let i = 0; i < 100; i++) alone.push(await round('reliable'));

    const stalled = await open(port, STALLED, 'stalled');
    for (const socket of stalled) socket.pause();
    await fill(made.group('stalled').members());
    expect(made.stats()).toMatchObject({ behind: STALLED, members: FAST + STALLED });
    const together: number[] = [];
    let mostWaiting = 0;
    for (let i = 0; i < 200; i++) {
      together.push(await round('reliable'));
      mostWaiting = Math.max(mostWaiting, made.stats().waitingBytes);
    }
    // Every fast one has every push, and none was late because of the others: the times are those from before.
    expect(counts.every(({ bytes }) => bytes === 300 * packet.length)).toBe(true);
    const [before, after] = [percentile(alone, 0.5), percentile(together, 0.5)];
    expect(after).toBeLessThan(3 * before + 5);
    // 100 KB each of the reliable ones, and the one that filled the buffers.
    expect(mostWaiting).toBeLessThanOrEqual(STALLED * (100_000 + 500_100));
    expect(overflows.length).toBeGreaterThanOrEqual(STALLED);
    if (policy === 'close') {
      expect(made.count('stalled')).toBe(0);
      expect(made.stats().waitingBytes).toBe(0);
      expect(overflows).toHaveLength(STALLED);
    } else {
      expect(made.count('stalled')).toBe(STALLED);
      // About 99 of the 200 fit into the limit, and are the newest.
      expect(overflows.reduce((sum, { pushes }) => sum + pushes, 0)).toBe(STALLED * 101);
    }
    console.log(
      `${policy}: a push to ${FAST} took ${before.toFixed(1)} ms, with ${STALLED} stalled ${after.toFixed(1)} ms (medians); ` +
        `at most ${(mostWaiting / 1e6).toFixed(1)} MB waited`,
    );
  });
});
