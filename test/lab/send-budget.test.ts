import { CloseType, type Current, type SendDrop, SendResult } from '@tarsier/framework';
import { type FakePeer, type FaultScript, fakeClient, type Lab } from '@tarsier/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { AdapterSection, ApplicationConfig } from '../../packages/framework/src/config/application-config.js';
import { frame } from '../../packages/framework/src/raw-client.testkit.js';
import type { Behaviour } from '../../packages/framework/src/test-server.testkit.js';
import { AT, endLabs, newLab, serve } from './lab.testkit.js';

endLabs();

const open: FakePeer[] = [];

// Runs before the end of the labs, which wait for nobody that does not read.
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

const SIZE = 10_000;
/** The step of the clock of connections. */
const STEP_MS = 50;

/** A packet of {@link SIZE} bytes that bears a number. */
const packet = (id: number): Buffer => frame(id, Buffer.alloc(SIZE - 8));

/** The numbers of the packets that came. */
function ids(received: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + SIZE <= received.length; at += SIZE) found.push(received.readUInt32BE(at + 4));
  return found;
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

interface Scene {
  readonly peers: readonly Current[];
  readonly drops: SendDrop[];
  readonly ends: CloseType[];
  readonly clients: readonly FakePeer[];
  /** Makes the clients read again. */
  readonly slow: FaultScript;
  counters: () => Readonly<Record<string, number>>;
}

/** Clients that read one byte per second, and what the server does about it. */
async function scene(
  here: Lab,
  section: Partial<AdapterSection>,
  init: { count?: number; config?: ApplicationConfig; behaviour?: Behaviour } = {},
): Promise<Scene> {
  const ends: CloseType[] = [];
  const drops: SendDrop[] = [];
  const peers: Current[] = [];
  const doClose = (current: Current): void => {
    ends.push(current.getCloseType());
  };
  const app = await serve(here, { doClose, ...init.behaviour }, section, init.config);
  app.addAcceptCallback((current) => peers.push(current));
  app.on('drop', (_current, drop) => drops.push(drop));
  const clients: FakePeer[] = [];
  for (let i = 0; i < (init.count ?? 1); i++) clients.push(await here.run(fakeClient(AT, (s) => s, here)));
  open.push(...clients);
  await here.time.advance(0);
  expect(peers).toHaveLength(clients.length);
  const slow = here.network.on().slowReader(1);
  const counters = (): Readonly<Record<string, number>> => ({ ...app.getBindAdapter('Obj')?.counters });
  return { peers, drops, ends, clients, slow, counters };
}

/** Sends packets, each in a tick of its own, until the socket takes no more: what comes now waits. Returns the next number. */
async function fillSocket(here: Lab, peer: Current | undefined): Promise<number> {
  let id = 1;
  while (peer?.isCongested() === false) {
    expect(peer.trySend(packet(id++))).toBe(SendResult.ACCEPTED);
    await here.time.advance(0);
  }
  return id;
}

describe('the limits on what waits for a peer', () => {
  it('tell accepted, queued and refused', async () => {
    const here = newLab();
    const { peers, clients, drops, counters } = await scene(here, {
      backpacketlimit: 200_000,
      sendpolicy: 'drop-newest',
    });
    const [peer] = peers;
    let id = await fillSocket(here, peer);
    expect(peer?.trySend(packet(id))).toBe(SendResult.QUEUED);
    while (peer?.sendResponse(packet(id))) id++;
    expect(peer?.trySend(packet(id))).toBe(SendResult.REFUSED);
    expect(peer?.getSendQueueLength()).toBeLessThanOrEqual(200_000);
    expect(peer?.getSendQueueLength()).toBeGreaterThan(200_000 - SIZE);
    expect(counters()).toMatchObject({ sendRefused: 2, sendDropped: 0, sendClosed: 0 });
    expect(drops).toEqual([
      { limit: 'backpacketlimit', action: 'refused', packets: 1, bytes: SIZE },
      { limit: 'backpacketlimit', action: 'refused', packets: 1, bytes: SIZE },
    ]);
    clients[0]?.close();
    await here.time.advance(100);
    expect(peer?.trySend(packet(id))).toBe(SendResult.REFUSED);
    expect(drops).toHaveLength(2);
  });

  it('drop: means drop-newest', async () => {
    const here = newLab();
    const { peers, ends, counters } = await scene(here, { backpacketlimit: 100_000, sendpolicy: 'drop' });
    await fillSocket(here, peers[0]);
    while (peers[0]?.sendResponse(packet(0)));
    expect(counters()).toMatchObject({ sendRefused: 1 });
    expect(ends).toEqual([]);
  });

  it('count packets, with backpacketcount', async () => {
    const here = newLab();
    const { peers, drops, clients, slow } = await scene(here, { backpacketcount: 3, sendpolicy: 'drop-newest' });
    const first = await fillSocket(here, peers[0]);
    const taken = numbers(first, first + 9).filter((id) => peers[0]?.sendResponse(packet(id)));
    expect(taken).toEqual(numbers(first, first + 2));
    expect(drops[0]).toEqual({ limit: 'backpacketcount', action: 'refused', packets: 1, bytes: SIZE });
    slow.clear();
    await here.time.advance(10_000);
    expect(ids(clients[0]?.received() ?? Buffer.alloc(0))).toEqual(numbers(1, first + 2));
    // Forgotten as soon as it has read.
    expect(peers[0]?.trySend(packet(1))).toBe(SendResult.ACCEPTED);
  });

  it('close: the connection ends when one is reached', async () => {
    const here = newLab();
    const { peers, drops, ends, counters } = await scene(here, { backpacketcount: 2 });
    const id = await fillSocket(here, peers[0]);
    expect(peers[0]?.sendResponse(packet(id))).toBe(true);
    expect(peers[0]?.sendResponse(packet(id + 1))).toBe(true);
    expect(peers[0]?.sendResponse(packet(id + 2))).toBe(false);
    await here.time.advance(0);
    expect(ends).toEqual([CloseType.EM_FLOW_CONTROL_CLOSE]);
    expect(drops).toMatchObject([{ limit: 'backpacketcount', action: 'closed' }]);
    expect(counters()).toMatchObject({ sendClosed: 1, sendRefused: 0 });
  });

  it('drop-oldest: the newest packets arrive, whole and in order, and the oldest are missing', async () => {
    const here = newLab();
    const { peers, drops, clients, slow, counters } = await scene(here, {
      backpacketcount: 5,
      sendpolicy: 'drop-oldest',
    });
    const first = await fillSocket(here, peers[0]);
    const last = first + 99;
    for (const id of numbers(first, last)) expect(peers[0]?.trySend(packet(id))).toBe(SendResult.QUEUED);
    expect(drops).toHaveLength(95);
    expect(drops[0]).toEqual({ limit: 'backpacketcount', action: 'dropped', packets: 1, bytes: SIZE });
    expect(counters()).toMatchObject({ sendDropped: 95, sendRefused: 0 });
    slow.clear();
    await here.time.advance(10_000);
    const got = ids(clients[0]?.received() ?? Buffer.alloc(0));
    expect(got).toEqual([...numbers(1, first - 1), ...numbers(last - 4, last)]);
    expect(clients[0]?.received().length).toBe(got.length * SIZE);
  });

  it('drop-oldest: by bytes, as many as are needed for the new one; one that cannot fit drops none', async () => {
    const here = newLab();
    const { peers, drops } = await scene(here, { backpacketlimit: 200_000, sendpolicy: 'drop-oldest' });
    let id = await fillSocket(here, peers[0]);
    while (drops.length === 0) expect(peers[0]?.sendResponse(packet(id++))).toBe(true);
    expect(drops).toEqual([{ limit: 'backpacketlimit', action: 'dropped', packets: 1, bytes: SIZE }]);
    expect(peers[0]?.sendResponse(frame(1, Buffer.alloc(3 * SIZE - 8)))).toBe(true);
    expect(drops[1]).toEqual({ limit: 'backpacketlimit', action: 'dropped', packets: 3, bytes: 3 * SIZE });
    expect(peers[0]?.sendResponse(Buffer.alloc(200_001))).toBe(false);
    expect(drops[2]).toEqual({ limit: 'backpacketlimit', action: 'refused', packets: 1, bytes: 200_001 });
    expect(peers[0]?.getSendQueueLength()).toBeLessThanOrEqual(200_000);
  });

  it('drop-oldest: what is older than backpacketage is dropped when its time comes, without anything being sent', async () => {
    const here = newLab();
    const { peers, drops, clients, slow } = await scene(here, { backpacketage: 1000, sendpolicy: 'drop-oldest' });
    const first = await fillSocket(here, peers[0]);
    const beginMs = here.time.now();
    for (const id of numbers(first, first + 2)) peers[0]?.sendResponse(packet(id));
    await here.time.advance(600);
    peers[0]?.sendResponse(packet(first + 3));
    await here.run(() => drops.length > 0, { limitMs: 5000 });
    expect(here.time.now() - beginMs).toBeGreaterThanOrEqual(1000);
    expect(here.time.now() - beginMs).toBeLessThanOrEqual(1000 + 2 * STEP_MS);
    expect(drops).toEqual([{ limit: 'backpacketage', action: 'dropped', packets: 3, bytes: 3 * SIZE }]);
    slow.clear();
    await here.time.advance(10_000);
    expect(ids(clients[0]?.received() ?? Buffer.alloc(0)).slice(-1)).toEqual([first + 3]);
  });

  it('close: a peer whose bytes wait longer than backpacketage is closed', async () => {
    const here = newLab();
    const { peers, drops, ends } = await scene(here, { backpacketage: 1000 });
    await fillSocket(here, peers[0]);
    const beginMs = here.time.now();
    await here.run(() => ends.length > 0, { limitMs: 5000 });
    expect(here.time.now() - beginMs).toBeGreaterThanOrEqual(1000 - STEP_MS);
    expect(here.time.now() - beginMs).toBeLessThanOrEqual(1000 + 2 * STEP_MS);
    expect(drops).toMatchObject([{ limit: 'backpacketage', action: 'closed' }]);
    expect(ends).toEqual([CloseType.EM_FLOW_CONTROL_CLOSE]);
  });

  it('close a peer that takes next to nothing, whatever the policy: three looks of 5 s', async () => {
    for (const sendpolicy of ['drop-newest', 'drop-oldest', 'wait'] as const) {
      const here = newLab();
      const { peers, drops, ends } = await scene(here, { backpacketcount: 1, sendpolicy });
      const id = await fillSocket(here, peers[0]);
      peers[0]?.sendResponse(packet(id));
      peers[0]?.sendResponse(packet(id));
      await here.time.advance(14_000);
      expect(ends).toEqual([]);
      await here.time.advance(2000);
      expect(ends).toEqual([CloseType.EM_FLOW_CONTROL_CLOSE]);
      expect(drops.at(-1)).toMatchObject({ limit: 'backpacketmin', action: 'closed' });
    }
  });
});

describe('sendpolicy = wait', () => {
  it('lets a pusher wait, so that nothing is lost and little is kept', async () => {
    const here = newLab();
    const { peers, clients, slow, drops } = await scene(here, { backpacketcount: 4, sendpolicy: 'wait' });
    const [peer] = peers as [Current];
    let peak = 0;
    const push = async (): Promise<void> => {
      for (const id of numbers(1, 500)) {
        while (!peer.sendResponse(packet(id))) expect(await peer.whenWritable()).toBe(true);
        peak = Math.max(peak, peer.getSendQueueLength());
        if (id % 10 === 0) await here.time.delay(1);
      }
    };
    const done = push();
    await here.time.advance(5000);
    slow.clear();
    here.network.on().slowReader(1_000_000);
    await here.run(done, { limitMs: 60_000 });
    await here.time.advance(20_000);
    expect(ids(clients[0]?.received() ?? Buffer.alloc(0))).toEqual(numbers(1, 500));
    expect(peak).toBeLessThan(300_000);
    expect(drops).toEqual([]);
  });

  it('takes every answer, and takes up no requests meanwhile; then goes on where it was', async () => {
    const here = newLab();
    let served = 0;
    const { clients, slow, counters } = await scene(
      here,
      { backpacketlimit: 100_000, sendpolicy: 'wait' },
      {
        behaviour: {
          doRequest: (current, response) => {
            served++;
            response.assign(packet(current.getRequestBuffer().readUInt32BE(4)));
            return 0;
          },
        },
      },
    );
    // 1000 requests of 8 bytes in one chunk, and answers of 10 MB.
    const burst = Buffer.concat(numbers(1, 1000).map((id) => frame(id, '')));
    const extra = await here.run(fakeClient(AT, (s) => s.send(burst), here));
    open.push(extra);
    await here.time.advance(1000);
    expect(served).toBeGreaterThan(5);
    expect(served).toBeLessThan(60);
    slow.clear();
    await here.time.advance(60_000);
    expect(served).toBe(1000);
    expect(ids(extra.received())).toEqual(numbers(1, 1000));
    expect(counters()).toMatchObject({ sendRefused: 0, sendDropped: 0, sendClosed: 0 });
    expect(clients).toHaveLength(1);
  });

  it('tells those who wait when the peer is gone', async () => {
    const here = newLab();
    const { peers, clients } = await scene(here, { backpacketcount: 1, sendpolicy: 'wait' });
    await fillSocket(here, peers[0]);
    const waiting = [peers[0]?.whenWritable(), peers[0]?.whenWritable()];
    clients[0]?.close();
    expect(await here.run(Promise.all(waiting))).toEqual([false, false]);
    expect(await peers[0]?.whenWritable()).toBe(false);
  });

  it('says at once that a peer that keeps up is writable', async () => {
    const here = newLab();
    const { peers } = await scene(here, { sendpolicy: 'wait' });
    expect(await peers[0]?.whenWritable()).toBe(true);
  });
});

describe('sendbufferlimit, for all peers that are behind', () => {
  const config = { sendbufferlimit: 500_000 };

  it('close: the one for whom most waits goes first, and the others stay', async () => {
    const here = newLab();
    const { peers, ends, drops } = await scene(here, {}, { count: 5, config });
    for (const peer of peers) await fillSocket(here, peer);
    const [big, ...small] = peers;
    while (drops.length === 0 && (big?.getSendQueueLength() ?? 0) < 300_000) big?.sendResponse(packet(1));
    expect(drops).toEqual([]);
    for (let round = 0; drops.length === 0; round++) {
      expect(round).toBeLessThan(100);
      for (const peer of small) expect(peer.sendResponse(packet(1))).toBe(true);
    }
    await here.time.advance(0);
    expect(ends).toEqual([CloseType.EM_FLOW_CONTROL_CLOSE]);
    expect(drops).toMatchObject([{ limit: 'sendbufferlimit', action: 'closed' }]);
    expect(big?.connectionExists()).toBe(false);
    expect(small.every((peer) => peer.connectionExists())).toBe(true);
  });

  it('drop-newest: refuses, however few wait for the one peer; and takes again when another has read', async () => {
    const here = newLab();
    const { peers, drops, clients } = await scene(here, { sendpolicy: 'drop-newest' }, { count: 2, config });
    const [big, other] = peers;
    await fillSocket(here, big);
    await fillSocket(here, other);
    while (big?.sendResponse(packet(1)));
    expect(drops).toMatchObject([{ limit: 'sendbufferlimit', action: 'refused' }]);
    expect(other?.sendResponse(packet(1))).toBe(false);
    clients[0]?.close();
    await here.time.advance(100);
    expect(other?.trySend(packet(1))).toBe(SendResult.QUEUED);
  });

  it('is exact: when all have read, everything can wait again', async () => {
    const here = newLab();
    const { peers, drops, slow } = await scene(here, { sendpolicy: 'drop-oldest' }, { count: 3, config });
    for (let round = 0; round < 3; round++) {
      here.network.on().slowReader(1);
      for (const peer of peers) await fillSocket(here, peer);
      for (const peer of peers) for (const id of numbers(1, 40)) peer.sendResponse(packet(id));
      expect(drops.length).toBeGreaterThan(0);
      slow.clear();
      here.network.on().clear();
      here.network.on().slowReader(0);
      await here.time.advance(60_000);
      expect(peers.map((peer) => peer.getSendQueueLength())).toEqual([0, 0, 0]);
      drops.length = 0;
    }
  });
});
