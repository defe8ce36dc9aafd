import type { Bytes } from '@tarsier/framework';
import type { LabelMatch } from './labels.js';
import type { Push } from './push.js';
import type { PushMember } from './push-member.js';
import type { PushOptions } from './push-options.js';

/** Which members of an address. */
export type MemberFilter = LabelMatch | ((member: PushMember) => boolean);

/** The hub, as those see it whom it has given out. */
export interface TargetHost {
  pushToAddress(
    target: PushTarget,
    payload: Bytes | string,
    options: PushOptions | undefined,
    filter: MemberFilter | undefined,
  ): Push;
  membersOf(address: string): readonly PushMember[];
}

/** Whom to push to: a group, a user with all of its connections, or everybody. Costs nothing; keep it or make it anew. */
export class PushTarget {
  /** @internal */
  readonly address: string;
  /** The name of the group or the user; '' for everybody. */
  readonly name: string;
  readonly #host: TargetHost;
  readonly #filter: MemberFilter | undefined;

  /** @internal */
  constructor(host: TargetHost, address: string, name: string, filter?: MemberFilter) {
    this.#host = host;
    this.address = address;
    this.name = name;
    this.#filter = filter;
  }

  /**
   * Only members whose labels have these values, or for whom a function is true. Values can be sent to other nodes and hold for sessions
   * that come back; a function holds for the members of this node that are connected now.
   */
  where(filter: MemberFilter): PushTarget {
    return new PushTarget(this.#host, this.address, this.name, filter);
  }

  /**
   * Sends one push to each of them. They get pushes in the order of the calls; in one write, those of one tick. Encoded once, before this
   * returns.
   *
   * @param payload not copied, so it must not be changed afterwards; a string stands for its UTF-8 bytes.
   * @throws what the encoder of the protocol throws, and TarsException `TARSIER_CLOSED` when the hub is closed; nothing is sent then.
   */
  push(payload: Bytes | string, options?: PushOptions): Push {
    return this.#host.pushToAddress(this, payload, options, this.#filter);
  }

  /** The connections of this node that it means now. */
  members(): readonly PushMember[] {
    return this.#host.membersOf(this.address);
  }

  /** How many they are. */
  get size(): number {
    return this.#host.membersOf(this.address).length;
  }
}
