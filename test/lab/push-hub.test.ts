import { Communicator, type Current, SendResult } from '@tarsier/framework';
import {
  type Delivery,
  type LeaveReason,
  type Overflow,
  PushHub,
  type PushMember,
  PushServant,
} from '@tarsier/servant-push';
import { type FakePeer, fakeClient, type Lab } from '@tarsier/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { AdapterSection } from '../../packages/framework/src/config/application-config.js';
import { frame } from '../../packages/framework/src/raw-client.testkit.js';
import { framing } from '../../packages/framework/src/test-server.testkit.js';
import { AT, endLabs, newLab } from './lab.testkit.js';
import { OBJECT } from './push-hub.testkit.js';

endLabs();

const hubs: PushHub[] = [];
const peers: FakePeer[] = [];

afterEach(async () => {
  for (const peer of peers.splice(0)) peer.close();
  for (const hub of hubs.splice(0)) await hub.close();
});

/** Joins with the first packet; its body is `user role`. */
class NameServant extends PushServant {
  override identify(current: Current) {
    const [user = '', role = ''] = current.getRequestVector().toString().slice(8).split(' ');
    return user === 'nobody' ? undefined : { user, labels: { role }, groups: ['hall'] };
  }
}

async function serve(here: Lab, options = {}, adapter: Partial<AdapterSection> = {}): Promise<PushHub> {
  const hub = new PushHub({ time: here.time, ...options });
  hubs.push(hub);
  const section = { servant: OBJECT, endpoint: `${AT} -t 0`, protocol: 'not_tars', maxconns: 10_000, ...adapter };
  await here.application({ app: 'T', server: 'S', adapters: { ObjAdapter: section } }, (app) => {
    app.addServant(NameServant, OBJECT, hub);
    app.addServantProtocol(OBJECT, framing);
  });
  return hub;
}

/** A client that has joined. */
async function join(here: Lab, hub: PushHub, name: string): Promise<FakePeer> {
  const before = hub.size;
  const peer = await here.run(fakeClient(AT, (s) => s.send(frame(1, name)), here));
  peers.push(peer);
  await here.run(() => hub.size > before);
  return peer;
}

/** The bodies that came. */
function bodies(peer: FakePeer): string[] {
  const received = peer.received();
  const found: string[] = [];
  for (let at = 0; at + 8 <= received.length; ) {
    const size = received.readUInt32BE(at);
    found.push(received.toString('utf8', at + 8, at + size));
    at += size;
  }
  return found;
}

const packet = (text: string): Uint8Array => framing.encode(text, 0);

describe('whom a push reaches', () => {
  it('a group, a user with all connections, everybody, those with a label, those that a function names', async () => {
    const here = newLab();
    const hub = await serve(here);
    const ann = await join(here, hub, 'ann admin');
    const annToo = await join(here, hub, 'ann guest');
    const bob = await join(here, hub, 'bob guest');
    const [first] = hub.members();
    expect(first?.join('room')).toBe(true);
    expect(first?.join('room')).toBe(false);
    const counts = await here.run(
      Promise.all([
        hub.group('room').push(packet('room')).done,
        hub.user('ann').push(packet('to ann')).done,
        hub.all().push(packet('all')).done,
        hub.where({ role: 'guest' }).push(packet('guests')).done,
        hub.where({ role: ['admin', 'owner'] }).push(packet('admins')).done,
        hub
          .group('hall')
          .where((member) => member.user === 'bob')
          .push(packet('only bob')).done,
        hub.group('nobody is here').push(packet('x')).done,
      ]),
    );
    await here.time.advance(1);
    expect(counts.map(({ sent }) => sent)).toEqual([1, 2, 3, 2, 1, 1, 0]);
    expect(bodies(ann)).toEqual(['room', 'to ann', 'all', 'admins']);
    expect(bodies(annToo)).toEqual(['to ann', 'all', 'guests']);
    expect(bodies(bob)).toEqual(['all', 'guests', 'only bob']);
  });

  it('not those who join after it, nor those who have left', async () => {
    const here = newLab();
    const hub = await serve(here);
    const ann = await join(here, hub, 'ann x');
    const bob = await join(here, hub, 'bob x');
    const [first, second] = [...hub.members()];
    hub.group('room').push(packet('before'));
    first?.join('room');
    hub.group('room').push(packet('one'));
    second?.join('room');
    hub.group('room').push(packet('two'));
    first?.leave('room');
    expect(first?.leave('room')).toBe(false);
    hub.group('room').push(packet('three'));
    await here.time.advance(1);
    expect(bodies(ann)).toEqual(['one', 'two']);
    expect(bodies(bob)).toEqual(['two', 'three']);
    expect(hub.groups()).toEqual(
      new Map([
        ['hall', 2],
        ['room', 1],
      ]),
    );
  });

  it('changes with labels', async () => {
    const here = newLab();
    const hub = await serve(here);
    const ann = await join(here, hub, 'ann guest');
    const [member] = hub.members();
    member?.setLabels({ role: 'admin', level: 3 });
    expect(member?.labels).toEqual({ role: 'admin', level: 3 });
    hub.where({ role: 'guest' }).push(packet('guests'));
    hub.where({ role: 'admin', level: [1, 3] }).push(packet('admins'));
    await here.time.advance(1);
    expect(bodies(ann)).toEqual(['admins']);
  });

  it('one member alone', async () => {
    const here = newLab();
    const hub = await serve(here);
    const ann = await join(here, hub, 'ann x');
    await join(here, hub, 'bob x');
    const [member] = hub.members();
    expect(await here.run(member!.push(packet('for you')).done)).toMatchObject({ sent: 1 });
    await here.time.advance(1);
    expect(bodies(ann)).toEqual(['for you']);
  });
});

describe('encoding', () => {
  it('happens once per push, before push returns, whatever the number of members', async () => {
    const here = newLab();
    const seen: object[] = [];
    const hub = await serve(here, {
      protocol: {
        encode: (push: { topic: string; payload: Uint8Array; sequence: number; delivery: Delivery; key: string }) => {
          const { topic, sequence, delivery, key } = push;
          seen.push({ topic, sequence, delivery, key });
          return framing.encode(`${topic} ${sequence} ${String(push.payload)}`, 0);
        },
      },
    });
    const ann = await join(here, hub, 'ann x');
    await join(here, hub, 'bob x');
    hub.group('hall').push('a');
    expect(seen).toHaveLength(1);
    hub.all().push('b', { topic: 'news' });
    hub.group('hall').push('c', { delivery: 'latest', key: 'price' });
    expect(seen).toEqual([
      { topic: 'hall', sequence: 1, delivery: 'reliable', key: '' },
      { topic: 'news', sequence: 2, delivery: 'reliable', key: '' },
      { topic: 'hall', sequence: 0, delivery: 'latest', key: 'price' },
    ]);
    await here.time.advance(1);
    expect(bodies(ann)).toEqual(['hall 1 97', 'news 2 98', 'hall 0 99']);
  });

  it('that fails makes push throw, and nothing is sent', async () => {
    const here = newLab();
    const hub = await serve(here, {
      protocol: {
        encode: () => {
          throw new Error('on purpose');
        },
      },
    });
    const ann = await join(here, hub, 'ann x');
    expect(() => hub.all().push('a')).toThrow('on purpose');
    await here.time.advance(1);
    expect(bodies(ann)).toEqual([]);
    expect(hub.stats().fanOuts).toBe(0);
  });
});

describe('who is there', () => {
  it('is told by events, counts and members', async () => {
    const here = newLab();
    const hub = await serve(here);
    const told: string[] = [];
    const stop = hub.onJoin(({ user }) => told.push(`join ${user}`));
    hub.onLeave(({ user, isGone }, reason) => told.push(`leave ${user} ${reason} ${isGone}`));
    const ann = await join(here, hub, 'ann x');
    await join(here, hub, 'bob x');
    stop();
    await join(here, hub, 'eve x');
    expect(hub.size).toBe(3);
    expect(hub.count('hall')).toBe(3);
    expect(hub.isOnline('ann')).toBe(true);
    expect(hub.user('ann').size).toBe(1);
    ann.close();
    await here.run(() => hub.size === 2);
    const members = [...hub.members()];
    hub.leave((members[0] as PushMember).current);
    members[1]?.current.close();
    await here.run(() => hub.size === 0);
    expect(told).toEqual([
      'join ann',
      'join bob',
      'leave ann closed true',
      'leave bob left true',
      'leave eve closed true',
    ]);
    expect(hub.count('hall')).toBe(0);
    expect(hub.isOnline('ann')).toBe(false);
    expect(hub.stats()).toMatchObject({ joins: 3, leaves: 3, members: 0, groups: 0 });
  });

  it('has been seen when its peer last sent something', async () => {
    const here = newLab();
    const hub = await serve(here);
    await join(here, hub, 'ann x');
    const [member] = hub.members();
    const before = member?.lastSeenMs ?? 0;
    await here.time.advance(500);
    expect(member?.lastSeenMs).toBe(before);
    const second = await here.run(
      fakeClient(AT, (s) => s.send(frame(1, 'bob x')).stall(700).send(frame(2, 'bob x')), here),
    );
    peers.push(second);
    await here.time.advance(1000);
    const [, bob] = [...hub.members()];
    expect((bob?.lastSeenMs ?? 0) - before).toBeGreaterThanOrEqual(700);
  });

  it('does not come in when the servant does not know it', async () => {
    const here = newLab();
    const hub = await serve(here);
    const peer = await here.run(fakeClient(AT, (s) => s.send(frame(1, 'nobody x')).expectEnd(), here));
    peers.push(peer);
    await here.run(peer.done());
    expect(hub.size).toBe(0);
  });

  it('survives what listeners throw, and tells it', async () => {
    const here = newLab();
    const hub = await serve(here);
    const errors: unknown[] = [];
    hub.on('error', (error) => errors.push(error));
    hub.on('join', () => {
      throw new Error('on purpose');
    });
    const ann = await join(here, hub, 'ann x');
    hub
      .where(() => {
        throw new Error('a filter that throws');
      })
      .push(packet('to nobody'));
    hub.all().push(packet('b'));
    await here.time.advance(1);
    expect(bodies(ann)).toEqual(['b']);
    expect(errors.map(String)).toEqual(['Error: on purpose', 'Error: a filter that throws']);
  });

  it('is nobody once the hub is closed', async () => {
    const here = newLab();
    const hub = await serve(here);
    await join(here, hub, 'ann x');
    const reasons: LeaveReason[] = [];
    hub.onLeave((_member, reason) => reasons.push(reason));
    const [member] = hub.members();
    await hub.close();
    await hub.close();
    expect(reasons).toEqual(['shutdown']);
    expect(() => hub.all().push(packet('x'))).toThrow(expect.objectContaining({ code: 'TARSIER_CLOSED' }));
    expect(hub.join((member as PushMember).current).isGone).toBe(true);
    expect(member?.current.trySend(packet('the connection lives on'))).toBe(SendResult.ACCEPTED);
  });
});

/** A member that reads next to nothing, after so many bytes were pushed to it that it is behind. */
async function stalled(here: Lab, hub: PushHub): Promise<{ peer: FakePeer; member: PushMember; read: () => void }> {
  const slow = here.network.on().slowReader(1);
  const peer = await join(here, hub, 'slow x');
  const member = [...hub.members()].at(-1) as PushMember;
  for (let i = 0; !member.isBehind; i++) {
    if (i > 1000) throw new Error('it never falls behind');
    member.push(packet('x'.repeat(9992)), { delivery: 'volatile' });
    await here.time.advance(1);
  }
  return { peer, member, read: () => slow.clear() };
}

describe('a member that is behind', () => {
  it('gets reliable pushes later, in order, and of the latest only the newest of each key; no volatile ones', async () => {
    const here = newLab();
    const hub = await serve(here);
    const { peer, member, read } = await stalled(here, hub);
    const results = [];
    for (let i = 1; i <= 3; i++) {
      results.push(hub.all().push(packet(`r${i}`)));
      results.push(hub.all().push(packet(`a${i}`), { delivery: 'latest', key: 'a' }));
      results.push(hub.all().push(packet(`b${i}`), { delivery: 'latest', key: 'b' }));
      results.push(hub.all().push(packet(`v${i}`), { delivery: 'volatile' }));
    }
    const counts = await here.run(Promise.all(results.map(({ done }) => done)));
    const sum = (name: keyof (typeof counts)[0]): number => counts.reduce((all, one) => all + one[name], 0);
    expect([sum('sent'), sum('queued'), sum('coalesced'), sum('dropped'), sum('gone')]).toEqual([0, 5, 4, 3, 0]);
    expect(hub.stats()).toMatchObject({ behind: 1, waitingBytes: 5 * 10 });
    read();
    await here.run(() => !member.isBehind, { limitMs: 60_000 });
    await here.time.advance(1);
    expect(bodies(peer).filter((body) => body.length < 10)).toEqual(['r1', 'r2', 'r3', 'a3', 'b3']);
    expect(hub.stats()).toMatchObject({ behind: 0, waitingBytes: 0, overflows: 0 });
    hub.all().push(packet('v4'), { delivery: 'volatile' });
    await here.time.advance(1);
    expect(bodies(peer).at(-1)).toBe('v4');
  });

  it('is closed at the limit, which the others do not notice', async () => {
    const here = newLab();
    const hub = await serve(here, { limits: { reliable: { pushes: 10 } } });
    const { member } = await stalled(here, hub);
    const overflows: Overflow[] = [];
    const reasons: LeaveReason[] = [];
    hub.on('overflow', (_member, overflow) => overflows.push(overflow));
    hub.onLeave((_member, reason) => reasons.push(reason));
    let dropped = 0;
    for (let i = 0; i < 20; i++) {
      dropped += (await here.run(hub.all().push(packet(`r${i}`)).done)).dropped;
    }
    expect(dropped).toBe(1);
    expect(reasons).toEqual(['overflow']);
    expect(overflows).toMatchObject([{ delivery: 'reliable', limit: 'pushes', action: 'close' }]);
    expect(member.isGone).toBe(true);
    expect(hub.stats()).toMatchObject({ members: 0, behind: 0, waitingBytes: 0, overflows: 1 });
  });

  it('is closed when it waits too long', async () => {
    const here = newLab();
    const hub = await serve(here, { limits: { reliable: { ageMs: 3000 } } });
    const { member } = await stalled(here, hub);
    hub.all().push(packet('r'));
    await here.time.advance(2500);
    expect(member.isGone).toBe(false);
    await here.time.advance(1600);
    expect(member.isGone).toBe(true);
  });

  it('keeps the newest with drop-oldest', async () => {
    const here = newLab();
    const hub = await serve(here, { limits: { reliable: { pushes: 2, policy: 'drop-oldest' } } });
    const { peer, member, read } = await stalled(here, hub);
    for (let i = 1; i <= 5; i++) hub.all().push(packet(`r${i}`));
    await here.time.advance(1);
    read();
    await here.run(() => !member.isBehind, { limitMs: 60_000 });
    await here.time.advance(1);
    expect(bodies(peer).filter((body) => body.length < 10)).toEqual(['r4', 'r5']);
    expect(hub.stats().overflows).toBe(3);
  });
});

describe('a client without a session protocol', () => {
  it('is called by any proxy', async () => {
    const here = newLab();
    const hub = await serve(here);
    const prx = here.communicator().stringToProxy(`${OBJECT}@${AT}`);
    const got: string[] = [];
    prx.setProtocol(framing.proxyProtocol);
    prx.setPushCallback({ onDispatch: ({ response }) => void got.push(response.sBuffer.toString()) });
    prx.rpcCallAsync(0, 'join', 'ann x', null);
    await here.run(() => hub.size === 1);
    hub.user('ann').push(packet('hello'));
    await here.time.advance(1);
    expect(got).toEqual(['hello']);
    expect(prx).not.toBeInstanceOf(Communicator);
  });
});
