import { type Current, type HandlerResult, TarsException } from '@tarsier/framework';
import type { HubSession } from '../session/hub-session.js';
import type { HubSessions } from '../session/hub-sessions.js';
import { PushRefusal, UNDECIDED } from '../session/push-refusal.js';
import { RefusalCode, type SessionRefusal } from '../session/session-refusal.js';
import { type Asking, decided } from './decided.js';
import { AddressKind, addressOf } from './hub-message.js';
import type { SessionNotice, SessionRequest } from './hub-protocol.js';
import type { PushHub } from './push-hub.js';
import type { JoinOptions } from './push-hub-options.js';
import type { PushMember } from './push-member.js';
import type { ServantHooks, SubscribeDecision } from './servant-hooks.js';
import { Turns } from './turns.js';

type Open = Extract<SessionRequest, { kind: 'open' }>;
type Resume = Extract<SessionRequest, { kind: 'resume' }>;
type OfGroup = Extract<SessionRequest, { kind: 'subscribe' | 'unsubscribe' }>;

/** A group that a session has lost. */
interface Lost {
  readonly group: string;
  readonly refusal: SessionRefusal;
}

const ANOTHER_USER = new PushRefusal('the session is that of another user', {
  code: RefusalCode.LATER,
  isLater: true,
});
const NOT_ALLOWED = new PushRefusal('it is not allowed');
/** A waiting request keeps its packet: so many bytes of one connection, for each request that may wait. */
const WAITING_BYTES = 1024;
/** Hooks that are asked at the same time for the groups of one session. */
const ASK_AT_ONCE = 32;
const GROUP = addressOf(AddressKind.GROUP, '');

/**
 * Serves what clients ask of their sessions: open, resume, subscribe and unsubscribe of one connection are done one after the other, in the order
 * in which they came. Every one of them is answered: with what was asked for, or with a refusal and its reason.
 */
export class SessionDesk {
  readonly #hub: PushHub;
  readonly #sessions: HubSessions;
  readonly #servant: ServantHooks;
  readonly #turns: Turns;
  readonly #asking: Asking;

  constructor(hub: PushHub, sessions: HubSessions, servant: ServantHooks) {
    this.#hub = hub;
    this.#sessions = sessions;
    this.#servant = servant;
    const { maxWaiting, decisionMs } = hub.sessionLimits;
    this.#turns = new Turns(maxWaiting, Math.max(maxWaiting * WAITING_BYTES, 131_072));
    this.#asking = { time: hub.time, limitMs: decisionMs, failed: (error) => hub.failed(error) };
  }

  serve(current: Current, request: SessionRequest): HandlerResult {
    switch (request.kind) {
      case 'ack': {
        const session = this.#hub.member(current)?.session;
        if (session !== undefined) this.#sessions.ack(session, request.sequence);
        return 0;
      }
      case 'ping':
        return this.#answer(current, { kind: 'pong' }, request.requestId);
      case 'open':
        return this.#inTurn(current, () => this.#open(current, request));
      case 'resume':
        return this.#inTurn(current, () => this.#resume(current, request));
      case 'subscribe':
        return this.#inTurn(current, () => this.#subscribe(current, request));
      case 'unsubscribe':
        return this.#inTurn(current, () => this.#unsubscribe(current, request));
      default:
        return request satisfies never;
    }
  }

  #inTurn(current: Current, task: () => Promise<0>): HandlerResult {
    const done = this.#turns.run(current.getUId(), current.getRequestVector().length, task);
    if (done !== undefined) return done;
    this.#hub.failed(
      new TarsException(
        'a connection is closed: its client asks more of its session than may wait (sessions.maxWaiting)',
        {
          code: 'TARSIER_PUSH_LIMIT',
          where: { peer: `${current.getIp()}:${current.getPort()}`, key: 'sessions.maxWaiting' },
        },
      ),
    );
    current.close();
    return 0;
  }

  #answer(current: Current, notice: SessionNotice, requestId: number): 0 {
    this.#sessions.notify(current, notice, requestId);
    return 0;
  }

  #deny(current: Current, { reason, code, isLater }: SessionRefusal, requestId: number): 0 {
    return this.#answer(current, { kind: 'denied', reason, code, isLater }, requestId);
  }

  // --- who it is -----------------------------------------------------------------------------------------------------------------

  async #identify(current: Current, { credentials }: Open | Resume): Promise<JoinOptions | PushRefusal> {
    const { maxCredentialBytes } = this.#hub.sessionLimits;
    const bytes = credentials?.length ?? 0;
    if (bytes > maxCredentialBytes) {
      return new PushRefusal(`credentials of ${bytes} bytes; ${maxCredentialBytes} are allowed`, {
        code: RefusalCode.LIMIT,
      });
    }
    // A copy: a slice would keep its packet alive for as long as the program keeps it.
    const own = Buffer.from(credentials?.data() ?? []);
    const who = await decided(this.#asking, 'identify', () => this.#servant.identify(current, own));
    return who ?? NOT_ALLOWED;
  }

  async #open(current: Current, request: Open): Promise<0> {
    const { requestId } = request;
    const sessions = this.#sessions;
    const member = await this.#memberFor(current, request);
    if (member instanceof PushRefusal) return this.#deny(current, member, requestId);
    if (member.isGone) return 0;
    const session = member.session ?? sessions.open(member);
    session.hasEarly = request.hasEarly ?? false;
    // What is stored nowhere would be lost with this node without a word.
    const refusal = await this.#stored(session);
    if (member.isGone) return 0;
    if (refusal !== undefined) return this.#deny(current, refusal, requestId);
    // It was sent pushes meanwhile.
    const sequence = sessions.position(session);
    const { epoch } = this.#hub.backplane;
    const { windowMs } = sessions;
    return this.#answer(current, { kind: 'opened', session: session.id, epoch, sequence, windowMs }, requestId);
  }

  /** The member of a connection that opens a session. The program may have let it join before. */
  async #memberFor(current: Current, request: Open): Promise<PushMember | PushRefusal> {
    const hub = this.#hub;
    const before = hub.member(current);
    if (before !== undefined && before.session === undefined) return before;
    const who = await this.#identify(current, request);
    if (who instanceof PushRefusal) return who;
    const known = hub.member(current);
    if (known !== undefined) {
      if (known.user === (who.user ?? '')) return known;
      // Another user logs in over the same connection.
      hub.leave(current, 'left');
    }
    return this.#limited(() => hub.admit(current, who, 'identify'));
  }

  /** A limit that is met is the answer; all else that is thrown is a fault of the program. */
  #limited<T>(run: () => T): T | PushRefusal {
    try {
      return run();
    } catch (error) {
      this.#hub.failed(error);
      const isLimit = TarsException.is(error) && error.code === 'TARSIER_PUSH_LIMIT';
      return isLimit ? new PushRefusal(error.message, { code: RefusalCode.LIMIT }) : UNDECIDED;
    }
  }

  // --- going on ------------------------------------------------------------------------------------------------------------------

  async #resume(current: Current, request: Resume): Promise<0> {
    const hub = this.#hub;
    const { requestId } = request;
    const who = await this.#identify(current, request);
    const known = hub.member(current);
    if (who instanceof PushRefusal) {
      // The session waits for somebody who may go on with it.
      if (known?.sessionId === request.session && !who.isLater) hub.leave(current, 'refused');
      return this.#deny(current, who, requestId);
    }
    const session = await this.#found(current, request);
    if (session instanceof PushRefusal) return this.#deny(current, session, requestId);
    if (session === undefined) return this.#answer(current, { kind: 'expired' }, requestId);
    // A session does not go on for somebody else. A client that is about to log in is asked again until the session is over.
    if (session.user !== (who.user ?? '')) return this.#deny(current, ANOTHER_USER, requestId);
    const candidate = this.#limited(() => hub.candidate(current, who));
    if (candidate instanceof PushRefusal) return this.#deny(current, candidate, requestId);
    const lost = await this.#lostGroups(candidate, session, who);
    if (lost instanceof PushRefusal || !current.connectionExists()) {
      candidate.detach();
      return lost instanceof PushRefusal ? this.#deny(current, lost, requestId) : 0;
    }
    // It may have ended meanwhile, or have gone to another node.
    if (!this.#sessions.has(session)) {
      candidate.detach();
      return this.#answer(current, { kind: 'expired' }, requestId);
    }
    this.#goOn(candidate, session, request, lost);
    return 0;
  }

  async #found(current: Current, request: Resume): Promise<HubSession | undefined | PushRefusal> {
    // Where the engine is away nobody can say whether there is such a session; the hub tells that by `backplane`.
    const asking = { ...this.#asking, failed: () => undefined };
    return await decided(asking, 'the engine', () => this.#sessions.find(request, current.getIp()));
  }

  /** Waits until others could go on with a session; a refusal where the engine takes too long: requests behind this one do not wait for it. */
  async #stored(session: HubSession): Promise<PushRefusal | undefined> {
    const saved = this.#sessions.save(session);
    if (!(saved instanceof Promise)) return undefined;
    const outcome = await decided(this.#asking, 'the engine', () => saved);
    return outcome instanceof PushRefusal ? outcome : undefined;
  }

  #goOn(candidate: PushMember, session: HubSession, request: Resume, lost: readonly Lost[]): void {
    const { current } = candidate;
    const { requestId, sequence } = request;
    const known = this.#hub.member(current);
    // First the answer, then what it has lost, then what it has missed.
    this.#answer(current, { kind: 'resumed', sequence }, requestId);
    for (const { group, refusal } of lost) this.#answer(current, { kind: 'refused', group, ...plain(refusal) }, 0);
    if (known !== undefined && known.session === session) {
      // Nothing is lost within one connection.
      for (const { group } of lost) known.leave(group);
      known.renewLabels(candidate.labels, known.labelsSet);
      candidate.detach();
      return;
    }
    this.#sessions.dropGroups(
      session,
      lost.map(({ group }) => group),
    );
    this.#hub.resumeSession(candidate, session, sequence, request.hasEarly ?? true);
  }

  /** The groups of a session that its user may not have any more; a refusal when that cannot be known. */
  async #lostGroups(member: PushMember, session: HubSession, who: JoinOptions): Promise<Lost[] | PushRefusal> {
    const given = new Set(who.groups);
    const lost: Lost[] = [];
    const asked: string[] = [];
    for (const address of session.addresses.keys()) {
      if (!address.startsWith(GROUP)) continue;
      const group = address.slice(GROUP.length);
      if (session.sources.get(address) !== 'identify') asked.push(group);
      else if (!given.has(group)) lost.push({ group, refusal: NOT_ALLOWED });
    }
    for (let from = 0; from < asked.length; from += ASK_AT_ONCE) {
      const groups = asked.slice(from, from + ASK_AT_ONCE);
      const decisions = await Promise.all(groups.map((group) => this.#mayGoOn(member, session, group)));
      for (const [i, refusal] of decisions.entries()) {
        if (refusal === undefined) continue;
        // Without this group it would lose what was pushed to it meanwhile.
        if (refusal.isLater) return refusal;
        lost.push({ group: groups[i] ?? '', refusal });
      }
    }
    return lost;
  }

  #mayGoOn(member: PushMember, session: HubSession, group: string): Promise<PushRefusal | undefined> {
    const isOfClient = session.sources.get(GROUP + group) === 'client';
    return isOfClient
      ? this.#refusalOf('maySubscribe', () => this.#servant.maySubscribe(member, group))
      : this.#refusalOf('mayKeep', () => this.#servant.mayKeep(member, group));
  }

  // --- groups --------------------------------------------------------------------------------------------------------------------

  /** Why it is refused; undefined when it is not. Whatever is not plainly "true" is a refusal. */
  async #refusalOf(
    what: string,
    ask: () => SubscribeDecision | Promise<SubscribeDecision>,
  ): Promise<PushRefusal | undefined> {
    const decision: unknown = await decided(this.#asking, what, ask);
    if (decision === true) return undefined;
    if (decision instanceof PushRefusal) return decision;
    return typeof decision === 'string' ? new PushRefusal(decision) : NOT_ALLOWED;
  }

  #limitOf(member: PushMember, group: string): PushRefusal | undefined {
    const { maxGroups, maxNameBytes } = this.#hub.sessionLimits;
    const bytes = Buffer.byteLength(group);
    if (bytes > maxNameBytes) {
      return new PushRefusal(`the name of a group has ${bytes} bytes; ${maxNameBytes} are allowed`, {
        code: RefusalCode.LIMIT,
      });
    }
    if (member.groupCount < maxGroups || member.isIn(group)) return undefined;
    return new PushRefusal(`it is in ${maxGroups} groups, more are not allowed`, { code: RefusalCode.LIMIT });
  }

  async #subscribe(current: Current, { group, requestId }: OfGroup): Promise<0> {
    const member = this.#hub.member(current);
    const session = member?.session;
    if (member === undefined) return this.#answer(current, { kind: 'expired' }, requestId);
    const refusal =
      this.#limitOf(member, group) ??
      (await this.#refusalOf('maySubscribe', () => this.#servant.maySubscribe(member, group)));
    if (member.isGone) return 0;
    if (refusal !== undefined) {
      // Who asks again has had it, and may not have it any more.
      if (!refusal.isLater && member.sourceOf(GROUP + group) === 'client') member.leave(group);
      return this.#answer(current, { kind: 'refused', group, ...plain(refusal) }, requestId);
    }
    member.joinFor('client', group);
    if (session !== undefined) {
      session.subscriptions++;
      const late = await this.#stored(session);
      if (late !== undefined) return this.#answer(current, { kind: 'refused', group, ...plain(late) }, requestId);
    }
    return this.#answer(current, { kind: 'subscribed', group, sequence: this.#hub.backplane.lastSequence }, requestId);
  }

  async #unsubscribe(current: Current, { group, requestId }: OfGroup): Promise<0> {
    const member = this.#hub.member(current);
    if (member?.leave(group) === true) {
      // Pushes that were made before are on their way to it: the answer comes behind them.
      await new Promise<void>((resolve) => {
        this.#hub.fanOut.afterAll(resolve);
      });
      const { session } = member;
      if (session !== undefined) await this.#stored(session);
    }
    return this.#answer(current, { kind: 'unsubscribed', group }, requestId);
  }
}

function plain({ reason, code, isLater }: SessionRefusal): SessionRefusal {
  return { reason, code, isLater };
}
