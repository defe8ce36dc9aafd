import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Communicator, type ServantProxy } from '@tarsier/framework';
import { PushSession, pushFrames } from '@tarsier/servant-push/client';
import { afterEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../support/push-worker-server.mjs', import.meta.url));
const frames = pushFrames();
const children: ChildProcess[] = [];
const communicators: Communicator[] = [];
const sessions: PushSession[] = [];

afterEach(async () => {
  for (const session of sessions.splice(0)) session.close();
  await Promise.all(communicators.splice(0).map((communicator) => communicator.terminate()));
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

async function start(...args: string[]): Promise<{ child: ChildProcess; endpoint: string }> {
  const child = fork(script, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.push(child);
  for (;;) {
    const [message] = (await once(child, 'message')) as [{ event: string; endpoints?: string[] }];
    if (message.event === 'ready') return { child, endpoint: message.endpoints?.[0] ?? '' };
  }
}

/** Resolves when so many workers have died and been replaced. */
async function replaced(child: ChildProcess, deaths: number): Promise<void> {
  const states = async () => {
    const answer = new Promise<unknown>((resolve) => {
      child.once('message', resolve);
    });
    child.send('states');
    return answer;
  };
  await expect.poll(states, { timeout: 20_000, interval: 50 }).toMatchObject({ serving: 2, deaths });
}

interface Listener {
  readonly prx: ServantProxy;
  readonly session: PushSession;
  readonly heard: string[];
  readonly told: string[];
  readonly losses: { count: number };
}

async function listener(endpoint: string, number: number): Promise<Listener> {
  const communicator = new Communicator({ 'reconnect-min-interval': 30 });
  communicators.push(communicator);
  const prx = communicator.stringToProxy(`T.S.SayObj#${number}@${endpoint}`);
  const session = new PushSession(prx, { protocol: frames.session, groups: ['room'] });
  sessions.push(session);
  const heard: string[] = [];
  const told: string[] = [];
  const losses = { count: 0 };
  session.on('push', ({ payload }) => heard.push(payload.toString()));
  session.on('lost', () => losses.count++);
  session.on('gap', ({ from, to }) => told.push(`gap ${from}-${to}`));
  session.on('sessionExpired', () => told.push('expired'));
  await session.open();
  return { prx, session, heard, told, losses };
}

/** Gives the pid of the worker that has pushed it. */
const say = async ({ prx }: Listener, text: string): Promise<number> =>
  Number((await prx.rpcCall(prx.genRequestId(), 'say', text, { timeoutMs: 10_000 })).sBuffer.toString());

describe('a hub in workers', () => {
  it.each([
    ['made outside of initialize, so that the supervisor holds the log', []],
    ['made in initialize, so that one of the workers does', ['inside']],
  ])('%s: whatever is said at one is heard at all, also when workers are killed', async (_name, args) => {
    const { child, endpoint } = await start('2', ...args);
    let deaths = 0;
    const listeners: Listener[] = [];
    for (let i = 0; i < 8; i++) listeners.push(await listener(endpoint, i));
    const pids = await Promise.all(listeners.map((one) => say(one, 'pid')));
    expect(new Set(pids).size).toBe(2);
    const expected: string[] = [];
    const said = new Map<number, string[]>();
    const sayBy = async (one: Listener, text: string): Promise<void> => {
      const pid = await say(one, text);
      said.set(pid, [...(said.get(pid) ?? []), text]);
      expected.push(text);
    };
    const sayAll = async (round: string): Promise<void> => {
      for (const [i, one] of listeners.entries()) await sayBy(one, `${round} ${i}`);
    };
    const allHeard = () =>
      expect
        .poll(() => listeners.map(({ heard }) => heard.length), { timeout: 20_000, interval: 10 })
        .toEqual(listeners.map(() => expected.length));
    await sayAll('first');
    await allHeard();
    // One after the other: every log and every session moves at least once.
    for (const pid of new Set(pids)) {
      const before = listeners.map(({ losses }) => losses.count);
      const serving = await Promise.all(listeners.map((one) => say(one, 'pid')));
      process.kill(pid, 'SIGKILL');
      await expect
        .poll(() => listeners.every(({ losses }, i) => serving[i] !== pid || losses.count > (before[i] ?? 0)), {
          timeout: 20_000,
          interval: 10,
        })
        .toBe(true);
      const survivor = listeners.find((_, i) => serving[i] !== pid);
      for (let i = 0; i < 5 && survivor !== undefined; i++) await sayBy(survivor, `without ${pid} ${i}`);
      await expect
        .poll(() => listeners.every(({ session }) => session.state === 'open'), { timeout: 20_000, interval: 10 })
        .toBe(true);
      await sayAll(`after ${pid}`);
      await allHeard();
      await replaced(child, ++deaths);
    }
    for (const { heard, told, session } of listeners) {
      expect(heard.toSorted()).toEqual(expected.toSorted());
      // What one worker pushes keeps its order, also when the broker is killed between two of them.
      for (const texts of said.values()) expect(heard.filter((text) => texts.includes(text))).toEqual(texts);
      expect(told).toEqual([]);
      expect(session.duplicates).toBe(0);
    }
    console.log(`workers: ${expected.length} pushes, each heard by 8 sessions once, over 2 killed workers`);
  });
});
