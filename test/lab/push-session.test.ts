import { describe, expect, it } from 'vitest';
import { AT, endLabs, newLab } from './lab.testkit.js';
import { endHubs, frames, serveHub, subscriber } from './push-hub.testkit.js';

endLabs();
endHubs();

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

describe('a session', () => {
  it('gets what is pushed to its groups, in order, and nothing else', async () => {
    const here = newLab();
    const hub = await serveHub(here);
    const { session, log, prx } = subscriber(here, { groups: ['a'] });
    await here.run(session.open());
    hub.group('b').push('not for it');
    for (const text of numbers(1, 3)) hub.group('a').push(text);
    hub.all().push('for all');
    hub.group('a').push('now', { delivery: 'volatile' });
    await here.time.advance(10);
    expect(log).toEqual(['opened', '1', '2', '3', 'for all', 'now']);
    await here.run(session.subscribe('b'));
    hub.group('b').push('b too');
    void session.unsubscribe('a');
    await here.time.advance(10);
    hub.group('a').push('not any more');
    await here.time.advance(10);
    expect(log.slice(6)).toEqual(['b too']);
    expect(session.groups).toEqual(['b']);
    // Calls of the program go over the same proxy.
    const answer = prx.rpcCall(prx.genRequestId(), 'echo', 'hello', { timeoutMs: 100 });
    await expect(here.run(answer)).rejects.toMatchObject({ code: 'TARSIER_CALL_TIMEOUT' });
  });

  it('goes on after a loss: what was pushed meanwhile comes first, in order, once', async () => {
    const here = newLab();
    const hub = await serveHub(here);
    const { session, log } = subscriber(here, { groups: ['a'] });
    await here.run(session.open());
    const { id } = session;
    hub.group('a').push('1');
    await here.time.advance(10);
    here.network.connections()[0]?.reset();
    await here.time.advance(1);
    expect(session.state).toBe('lost');
    for (const text of numbers(2, 5)) hub.group('a').push(text);
    await here.run(() => session.state === 'open');
    hub.group('a').push('6');
    await here.time.advance(10);
    expect(log).toEqual(['opened', '1', 'lost', 'resumed', '2', '3', '4', '5', '6']);
    expect(session.id).toBe(id);
    expect(session.duplicates).toBe(0);
    expect(hub.stats()).toMatchObject({ resumes: 1, gaps: 0, sessions: 1, away: 0 });
  });

  it('gets again what was lost on the line, whatever was under way', async () => {
    const here = newLab({ seed: 5 });
    const hub = await serveHub(here);
    const { session, log } = subscriber(here, { groups: ['a'] });
    here.network.on().latency([1, 40]).cut({ min: 1, max: 50 });
    await here.run(session.open());
    let pushed = 0;
    for (let i = 0; i < 120; i++) {
      for (let j = 0; j < 10; j++) hub.group('a').push(String(++pushed));
      await here.time.advance(17);
      if (i % 15 === 1) here.network.connections().at(-1)?.reset();
    }
    await here.run(() => session.state === 'open' && session.position === hub.backplane.lastSequence, {
      limitMs: 60_000,
    });
    expect(log.filter((line) => /^\d+$/.test(line))).toEqual(numbers(1, pushed));
    expect(hub.stats().resumes).toBeGreaterThan(3);
    expect(hub.stats().gaps).toBe(0);
  });

  it('says so when what it needs is not kept any more', async () => {
    const here = newLab();
    const hub = await serveHub(here, { sessions: { windowMs: 60_000 }, log: { pushesPerAddress: 3 } });
    const { session, log } = subscriber(here, { groups: ['a'] });
    await here.run(session.open());
    hub.group('a').push('1');
    await here.time.advance(10);
    here.network.connections()[0]?.reset();
    await here.time.advance(1);
    for (const text of numbers(2, 9)) hub.group('a').push(text);
    await here.run(() => session.state === 'open');
    await here.time.advance(10);
    expect(log).toEqual(['opened', '1', 'lost', 'resumed', 'gap 2-6', '7', '8', '9']);
    expect(hub.stats().gaps).toBe(1);
  });

  it('expires when it is away too long, begins anew, and subscribes again', async () => {
    const here = newLab();
    const hub = await serveHub(here, { sessions: { windowMs: 5000 } });
    const expired: string[] = [];
    hub.on('expire', (_user, id) => expired.push(id));
    const { session, log } = subscriber(here, { groups: ['a', 'b'] });
    await here.run(session.open());
    const { id } = session;
    const closed = here.network.on().refuse();
    here.network.connections()[0]?.reset();
    await here.time.advance(8000);
    expect(expired).toEqual([id]);
    hub.group('a').push('lost, and said so');
    closed.clear();
    await here.run(() => session.state === 'open', { limitMs: 30_000 });
    await here.time.advance(50);
    hub.group('b').push('new');
    await here.time.advance(10);
    expect(log).toEqual(['opened', 'lost', 'expired', 'opened', 'new']);
    expect(session.id).not.toBe(id);
    expect(hub.stats().sessions).toBe(1);
  });

  it('does not go on in another process: its log is gone, and the client is told', async () => {
    const here = newLab();
    const hub = await serveHub(here);
    const { session, log } = subscriber(here, { groups: ['a'] });
    await here.run(session.open());
    hub.group('a').push('1');
    await here.time.advance(10);
    // Another hub behind the same address, as after a restart.
    const other = newLabHub();
    expect(other).not.toBe(hub.backplane.epoch);
    const point = { session: session.id, epoch: other, sequence: 1 };
    expect(hub.sessions?.find(point)).toBeUndefined();
    expect(hub.sessions?.find({ ...point, epoch: hub.backplane.epoch, sequence: 99 })).toBeUndefined();
    expect(log).toEqual(['opened', '1']);
  });

  it('moves at once when the server says goodbye, and loses nothing', async () => {
    const here = newLab();
    const hub = await serveHub(here);
    const { session, log } = subscriber(here, { groups: ['a'] });
    await here.run(session.open());
    here.network.on().latency(5);
    const [member] = hub.members();
    member?.current.sendResponse(frames.hub.session?.encode({ kind: 'goodbye' }, 0) ?? new Uint8Array(0));
    for (const text of numbers(1, 20)) {
      hub.group('a').push(text);
      await here.time.advance(3);
    }
    await here.time.advance(3000);
    expect(log.filter((line) => /^\d+$/.test(line))).toEqual(numbers(1, 20));
    expect(log).toContain('resumed');
    expect(log).not.toContain('lost');
    expect(hub.size).toBe(1);
  });

  it('belongs to one connection: the newest has it', async () => {
    const here = newLab();
    const hub = await serveHub(here);
    const { session, log } = subscriber(here, { groups: ['a'] });
    await here.run(session.open());
    const reasons: string[] = [];
    hub.onLeave((_member, reason) => reasons.push(reason));
    // The line dies without a word: the server still takes the old connection for alive.
    here.network.connections()[0]?.blackhole();
    hub.group('a').push('1');
    await here.time.advance(10);
    expect(hub.size).toBe(1);
    session.onClose('', undefined);
    here.network.connections()[0]?.reset();
    await here.run(() => session.state === 'open', { limitMs: 30_000 });
    await here.time.advance(10);
    expect(log.filter((line) => /^\d+$/.test(line))).toEqual(['1']);
    expect(hub.size).toBe(1);
    expect(reasons.length).toBe(1);
  });

  it('that reads slowly is read for from the log: it costs no memory of its own, and misses nothing', async () => {
    const here = newLab();
    const hub = await serveHub(here);
    const { session, log } = subscriber(here, { groups: ['a'] });
    await here.run(session.open());
    const slow = here.network.on().slowReader(20_000);
    const body = 'x'.repeat(1000);
    for (let i = 0; i < 600; i++) {
      hub.group('a').push(`${i} ${body}`);
      await here.time.advance(2);
    }
    const [member] = hub.members();
    expect(member?.isBehind).toBe(true);
    expect(hub.stats().waitingBytes).toBe(0);
    slow.clear();
    await here.run(() => session.position === hub.backplane.lastSequence, { limitMs: 60_000 });
    const got = log.filter((line) => line.endsWith(body)).map((line) => Number(line.split(' ')[0]));
    expect(got).toEqual(Array.from({ length: 600 }, (_, i) => i));
    await here.time.advance(10);
    expect(member?.isBehind).toBe(false);
    hub.group('a').push('live again');
    await here.time.advance(10);
    expect(log.at(-1)).toBe('live again');
  });

  it('acknowledges what it has handed out', async () => {
    const here = newLab();
    const hub = await serveHub(here);
    const { session } = subscriber(here, { groups: ['a'], ackEvery: 10, ackMs: 500 });
    await here.run(session.open());
    const [member] = hub.members();
    for (const text of numbers(1, 25)) hub.group('a').push(text);
    await here.time.advance(100);
    // Two times ten; the other five wait.
    expect(member?.session?.ackedSequence).toBe(20);
    await here.time.advance(1000);
    expect(member?.session?.ackedSequence).toBe(25);
  });

  it('is refused a group, and told why', async () => {
    const here = newLab();
    await serveHub(here, {}, { maySubscribe: (_member, group) => group !== 'secret' || 'members only' });
    const { session } = subscriber(here);
    await here.run(session.open());
    await expect(here.run(session.subscribe('secret'))).rejects.toMatchObject({
      code: 'TARSIER_SUBSCRIBE_REFUSED',
      message: 'the server refused the subscription to secret: members only',
    });
    await here.run(session.subscribe('public'));
    expect(session.groups).toEqual(['public']);
  });

  it('does not go on for another user', async () => {
    const here = newLab();
    let user = 'ann';
    const hub = await serveHub(here, {}, { identify: () => ({ user }) });
    const { session, log } = subscriber(here, { groups: ['a'] });
    await here.run(session.open());
    user = 'mallory';
    here.network.connections()[0]?.reset();
    await here.time.advance(3000);
    expect(log).toEqual(['opened', 'lost']);
    expect(hub.size).toBe(0);
    user = 'ann';
    await here.run(() => session.state === 'open', { limitMs: 60_000 });
    expect(log.at(-1)).toBe('resumed');
  });

  it('that is closed is over for its promises too', async () => {
    const here = newLab();
    await serveHub(here);
    const { session } = subscriber(here);
    here.network.on().refuse();
    const opened = session.open();
    const subscribed = session.subscribe('a');
    session.close();
    await expect(opened).rejects.toMatchObject({ code: 'TARSIER_CLOSED' });
    await expect(subscribed).rejects.toMatchObject({ code: 'TARSIER_CLOSED' });
    await expect(session.open()).rejects.toMatchObject({ code: 'TARSIER_CLOSED' });
  });

  it('reports what a listener throws, and goes on', async () => {
    const here = newLab();
    const hub = await serveHub(here);
    const { session, log } = subscriber(here, { groups: ['a'] });
    await here.run(session.open());
    session.once('push', () => {
      throw new Error('on purpose');
    });
    hub.group('a').push('1');
    hub.group('a').push('2');
    await here.time.advance(10);
    expect(log).toEqual(['opened', '1', 'error Error: on purpose', '2']);
  });
});

/** The identity of another log. */
function newLabHub(): string {
  return `another than that at ${AT}`;
}
