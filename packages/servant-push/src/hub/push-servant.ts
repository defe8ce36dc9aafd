import { type ByteVector, type Current, type HandlerResult, Servant } from '@tarsier/framework';
import type { HubSession } from '../session/hub-session.js';
import type { SessionNotice, SessionRequest } from './hub-protocol.js';
import type { PushHub } from './push-hub.js';
import type { JoinOptions } from './push-hub-options.js';
import type { PushMember } from './push-member.js';

/** Why a client may not subscribe to a group: a text for it; or true when it may. */
export type SubscribeDecision = true | string;

/**
 * A servant whose connections are pushed to: it feeds a {@link PushHub}, and serves the sessions of its protocol.
 *
 * ```ts
 * app.addServant(ChatServant, 'ChatObj', hub); // class ChatServant extends PushServant { override onRequest(…) { … } }
 * ```
 *
 * Without sessions in the protocol a connection joins with its first packet. With them it joins when it opens a session, or goes on with one.
 */
export abstract class PushServant extends Servant {
  readonly hub: PushHub;

  constructor(hub: PushHub) {
    super();
    this.hub = hub;
  }

  // --- to override -------------------------------------------------------------------------------------------------------------

  /** A packet that is none of the session: an ordinary request, as `doRequest` gets it. */
  onRequest(_current: Current, _response: ByteVector, _member: PushMember | undefined): HandlerResult {
    return 0;
  }

  /** Who is behind a connection that joins or opens a session; undefined refuses it. */
  identify(_current: Current): JoinOptions | undefined | Promise<JoinOptions | undefined> {
    return {};
  }

  /** Whether a member may subscribe to a group that its client names. */
  maySubscribe(_member: PushMember, _group: string): SubscribeDecision | Promise<SubscribeDecision> {
    return true;
  }

  // --- the life of a connection --------------------------------------------------------------------------------------------------

  override doRequest(current: Current, response: ByteVector): HandlerResult {
    const { hub } = this;
    const hooks = hub.protocol.session;
    const member = hub.member(current);
    if (hooks === undefined) {
      return member === undefined ? this.#joinFirst(current, response) : this.onRequest(current, response, member);
    }
    const request = hooks.read(current);
    return request === undefined ? this.onRequest(current, response, member) : this.#serve(current, request, member);
  }

  override doClose(current: Current): HandlerResult {
    this.hub.leave(current, 'closed');
  }

  override goaway(current: Current): void {
    const { session } = this.hub.protocol;
    if (session !== undefined) current.sendResponse(session.encode({ kind: 'goodbye' }, 0));
  }

  #joinFirst(current: Current, response: ByteVector): HandlerResult {
    const who = this.identify(current);
    if (who instanceof Promise) return who.then((options) => this.#joined(current, response, options));
    return this.#joined(current, response, who);
  }

  #joined(current: Current, response: ByteVector, options: JoinOptions | undefined): HandlerResult {
    if (options === undefined) {
      current.close();
      return 0;
    }
    return this.onRequest(current, response, this.hub.join(current, options));
  }

  #serve(current: Current, request: SessionRequest, member: PushMember | undefined): HandlerResult {
    switch (request.kind) {
      case 'ack':
        if (member?.session !== undefined) this.hub.sessions?.ack(member.session, request.sequence);
        return 0;
      case 'ping':
        return this.#answer(current, { kind: 'pong' }, request.requestId);
      case 'open':
        return this.#open(current, request);
      case 'resume':
        // Nothing is lost within one connection.
        if (member?.sessionId === request.session) {
          return this.#answer(current, { kind: 'resumed', sequence: request.sequence }, request.requestId);
        }
        return this.#resume(current, request);
      case 'subscribe':
        return this.#subscribe(current, request, member);
      case 'unsubscribe':
        member?.leave(request.group);
        return this.#answer(current, { kind: 'unsubscribed', group: request.group }, request.requestId);
      default:
        return request satisfies never;
    }
  }

  #answer(current: Current, notice: SessionNotice, requestId: number): 0 {
    this.hub.sessions?.notify(current, notice, requestId);
    return 0;
  }

  async #open(current: Current, request: Extract<SessionRequest, { kind: 'open' }>): Promise<number> {
    const { hub } = this;
    const known = hub.member(current);
    const who = known === undefined ? await this.identify(current) : {};
    const { sessions } = hub;
    if (who === undefined || sessions === undefined) {
      current.close();
      return 0;
    }
    const member = hub.join(current, who);
    if (member.isGone) return 0;
    const session = member.session ?? sessions.open(member);
    session.hasEarly = request.hasEarly ?? false;
    // What is stored nowhere would be lost with this node without a word.
    const saved = sessions.save(session);
    if (saved instanceof Promise) await saved;
    if (member.isGone) return 0;
    // It was sent pushes meanwhile.
    const sequence = sessions.position(session);
    const { id } = session;
    const { epoch } = hub.backplane;
    return this.#answer(
      current,
      { kind: 'opened', session: id, epoch, sequence, windowMs: sessions.windowMs },
      request.requestId,
    );
  }

  async #resume(current: Current, request: Extract<SessionRequest, { kind: 'resume' }>): Promise<number> {
    const { hub } = this;
    let session: HubSession | undefined;
    try {
      session = await hub.sessions?.find(request);
    } catch {
      // Nobody can say now whether there is such a session; the hub tells that by `backplane`. The client tries again.
      current.close();
      return 0;
    }
    if (session === undefined) return this.#answer(current, { kind: 'expired' }, request.requestId);
    if (!(await this.#isSame(current, session.user))) {
      current.close();
      return 0;
    }
    // First the answer, then what was missed.
    this.#answer(current, { kind: 'resumed', sequence: request.sequence }, request.requestId);
    hub.resumeSession(current, session, request.sequence, request.hasEarly ?? true);
    return 0;
  }

  /** A session does not go on for somebody else. */
  async #isSame(current: Current, user: string): Promise<boolean> {
    const who = await this.identify(current);
    return who !== undefined && (who.user ?? '') === user;
  }

  async #subscribe(
    current: Current,
    { group, requestId }: { readonly group: string; readonly requestId: number },
    member: PushMember | undefined,
  ): Promise<number> {
    if (member === undefined) return this.#answer(current, { kind: 'expired' }, requestId);
    const decision = await this.maySubscribe(member, group);
    if (decision !== true) return this.#answer(current, { kind: 'refused', group, reason: decision }, requestId);
    if (member.isGone) return 0;
    member.join(group);
    const { session } = member;
    if (session !== undefined) {
      session.subscriptions++;
      const saved = this.hub.sessions?.save(session);
      if (saved instanceof Promise) await saved;
    }
    return this.#answer(current, { kind: 'subscribed', group, sequence: this.hub.backplane.lastSequence }, requestId);
  }
}
