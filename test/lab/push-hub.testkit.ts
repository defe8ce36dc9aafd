import { type Current, type ServantProxy } from '@tarsier/framework';
import { PushHub, type PushHubOptions, type PushMember, PushServant, pushFrames } from '@tarsier/servant-push';
import { PushSession, type PushSessionOptions } from '@tarsier/servant-push/client';
import { type Lab } from '@tarsier/testing';
import { afterEach } from 'vitest';
import type { AdapterSection } from '../../packages/framework/src/config/application-config.js';
import { AT } from './lab.testkit.js';

export const OBJECT = 'T.S.Obj';
export const frames = pushFrames();

/** What the servant of a test does. */
export interface HubBehaviour {
  identify?: PushServant['identify'];
  maySubscribe?: PushServant['maySubscribe'];
  mayKeep?: PushServant['mayKeep'];
}

class TestPushServant extends PushServant {
  readonly #behaviour: HubBehaviour;

  constructor([hub, behaviour]: readonly [PushHub, HubBehaviour]) {
    super(hub);
    this.#behaviour = behaviour;
  }

  override identify(current: Current, credentials: Buffer): ReturnType<PushServant['identify']> {
    return this.#behaviour.identify === undefined ? {} : this.#behaviour.identify(current, credentials);
  }

  override mayKeep(member: PushMember, group: string): ReturnType<PushServant['mayKeep']> {
    return this.#behaviour.mayKeep?.(member, group) ?? true;
  }

  override maySubscribe(member: PushMember, group: string): ReturnType<PushServant['maySubscribe']> {
    return this.#behaviour.maySubscribe?.(member, group) ?? true;
  }
}

const hubs = new Map<PushHub, Lab>();
const sessions = new Set<PushSession>();

/** The end of each test closes them; called behind `endLabs`, it comes before it. */
export function endHubs(): void {
  afterEach(async () => {
    for (const session of sessions) session.close();
    sessions.clear();
    for (const [hub, here] of hubs) await here.run(hub.close(), { limitMs: 5000 });
    hubs.clear();
  });
}

/** A server at {@link AT} with a hub that has sessions. */
export async function serveHub(
  here: Lab,
  options: PushHubOptions = {},
  behaviour: HubBehaviour = {},
  adapter: Partial<AdapterSection> = {},
  at: string = AT,
): Promise<PushHub> {
  const hub = new PushHub({ protocol: frames.hub, time: here.time, ...options });
  hubs.set(hub, here);
  const section = { servant: OBJECT, endpoint: `${at} -t 0`, protocol: 'not_tars', maxconns: 10_000, ...adapter };
  await here.application({ app: 'T', server: 'S', adapters: { ObjAdapter: section } }, (app) => {
    app.addServant(TestPushServant, OBJECT, [hub, behaviour] as const);
    app.addServantProtocol(OBJECT, frames.parser);
  });
  return hub;
}

/** A session, and what came of it. */
export interface Subscriber {
  readonly prx: ServantProxy;
  readonly session: PushSession;
  /** The payloads of pushes, and what else was told, in order. */
  readonly log: string[];
}

let count = 0;

export function subscriber(here: Lab, options: Partial<PushSessionOptions> = {}, at: string = AT): Subscriber {
  const communicator = here.communicator({ timeoutcheckinterval: 1, 'reconnect-min-interval': 50 });
  const prx = communicator.stringToProxy(`${OBJECT}#${count++}@${at}`);
  const session = new PushSession(prx, { protocol: frames.session, time: here.time, ...options });
  sessions.add(session);
  const log: string[] = [];
  session.on('push', ({ payload }) => log.push(payload.toString()));
  session.on('gap', ({ from, to }) => log.push(`gap ${from}-${to}`));
  session.on('sessionExpired', () => log.push('expired'));
  session.on('lost', () => log.push('lost'));
  session.on('open', ({ isResumed }) => log.push(isResumed ? 'resumed' : 'opened'));
  session.on('error', (error) => log.push(`error ${String(error)}`));
  return { prx, session, log };
}
