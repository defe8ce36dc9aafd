import { type ByteVector, type Current, type HandlerResult, LOG, Servant } from '@tarsier/framework';
import { PushRefusal } from '../session/push-refusal.js';
import { type Asking, decided } from './decided.js';
import type { PushHub } from './push-hub.js';
import type { PushMember } from './push-member.js';
import type { Identity, ServantHooks, SubscribeDecision } from './servant-hooks.js';
import { SessionDesk } from './session-desk.js';
import { Turns } from './turns.js';

/** Packets of one connection that may wait for `identify`, and their bytes. */
const MAX_WAITING = 1000;
const MAX_WAITING_BYTES = 1_048_576;

/**
 * A servant whose connections are pushed to: it feeds a {@link PushHub}, and serves the sessions of its protocol.
 *
 * ```ts
 * app.addServant(ChatServant, 'ChatObj', hub); // class ChatServant extends PushServant { override onRequest(…) { … } }
 * ```
 *
 * Without sessions in the protocol a connection joins with its first packet. With them it joins when it opens a session, or goes on with one.
 * Clients get into no group by themselves unless {@link PushServant.maySubscribe} says so.
 */
export abstract class PushServant extends Servant implements ServantHooks {
  readonly hub: PushHub;
  readonly #desk: SessionDesk | undefined;
  /** Where there are no sessions: packets wait until it is known who sends them. */
  readonly #turns = new Turns(MAX_WAITING, MAX_WAITING_BYTES);
  readonly #asking: Asking;
  #isWarned = false;

  constructor(hub: PushHub) {
    super();
    this.hub = hub;
    this.#desk = hub.sessions === undefined ? undefined : new SessionDesk(hub, hub.sessions, this);
    this.#asking = { time: hub.time, limitMs: hub.sessionLimits.decisionMs, failed: (error) => hub.failed(error) };
  }

  // --- to override -------------------------------------------------------------------------------------------------------------

  /** A packet that is none of the session: an ordinary request, as `doRequest` gets it. */
  onRequest(_current: Current, _response: ByteVector, _member: PushMember | undefined): HandlerResult {
    return 0;
  }

  /**
   * Who is behind a connection that joins, opens a session or goes on with one; undefined or a {@link PushRefusal} refuses it. Asked each time:
   * labels and `groups` of a session that goes on are those of the newest answer. Where it throws, rejects or takes longer than
   * `sessions.decisionMs`, the client is told to ask again later; without sessions its connection is closed.
   *
   * @param _credentials what `PushSession` was told to send; empty where there are none.
   */
  identify(_current: Current, _credentials: Buffer): Identity | Promise<Identity> {
    return {};
  }

  /**
   * Whether a member may be in a group that its client names. Nobody may unless this is overridden. Asked for each subscription, and again for
   * each group of a client that goes on with its session: the member is in nothing then. Where it throws, rejects or takes longer than
   * `sessions.decisionMs`, the client is told to ask again later.
   */
  maySubscribe(_member: PushMember, group: string): SubscribeDecision | Promise<SubscribeDecision> {
    if (!this.#isWarned) {
      this.#isWarned = true;
      LOG.warn('a client was refused a group: clients may subscribe only where the servant overrides maySubscribe', {
        servant: this.constructor.name,
        group,
      });
    }
    return 'clients may not subscribe here';
  }

  /**
   * Whether a session that goes on keeps a group that the program let it into with `member.join`, and not its client with a subscription. True
   * unless this is overridden.
   */
  mayKeep(_member: PushMember, _group: string): SubscribeDecision | Promise<SubscribeDecision> {
    return true;
  }

  // --- the life of a connection --------------------------------------------------------------------------------------------------

  override doRequest(current: Current, response: ByteVector): HandlerResult {
    const { hub } = this;
    const request = this.#desk === undefined ? undefined : hub.protocol.session?.read(current);
    if (this.#desk !== undefined && request !== undefined) return this.#desk.serve(current, request);
    const member = hub.member(current);
    const uid = current.getUId();
    // What comes while it is asked who sends it waits behind it.
    const isKnown = this.#desk !== undefined || (member !== undefined && !this.#turns.isBusy(uid));
    if (isKnown) return this.onRequest(current, response, member);
    const joined = this.#turns.run(uid, current.getRequestVector().length, () => this.#joinFirst(current));
    if (joined !== undefined) return this.#serveJoined(current, response, joined);
    current.close();
    return 0;
  }

  override doClose(current: Current): HandlerResult {
    this.hub.leave(current, 'closed');
  }

  override goaway(current: Current): void {
    const { session } = this.hub.protocol;
    if (session !== undefined) current.sendResponse(session.encode({ kind: 'goodbye' }, 0));
  }

  async #joinFirst(current: Current): Promise<PushMember | undefined> {
    // Packets that waited for it find it joined.
    const known = this.hub.member(current);
    if (known !== undefined || !current.connectionExists()) return known;
    const who = await decided(this.#asking, 'identify', () => this.identify(current, Buffer.alloc(0)));
    return who === undefined || who instanceof PushRefusal ? undefined : this.hub.join(current, who);
  }

  async #serveJoined(
    current: Current,
    response: ByteVector,
    joined: PushMember | undefined | Promise<PushMember | undefined>,
  ): Promise<number> {
    const member = await joined;
    if (member !== undefined) return (await this.onRequest(current, response, member)) ?? 0;
    current.close();
    return 0;
  }
}
