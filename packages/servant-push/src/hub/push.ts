/** How many members each fate befell. */
export interface PushCounts {
  /** Handed to their connections. */
  readonly sent: number;
  /** Taken, and waiting: these members are behind. What becomes of it later is told by `overflow`. */
  readonly queued: number;
  /** Taken in the place of an older one with the same key. */
  readonly coalesced: number;
  /** Not taken: a limit was reached, or it is `volatile` and the member behind. */
  readonly dropped: number;
  /** Their connections had ended. */
  readonly gone: number;
}

/**
 * One push under way. The counts grow while it is handed out; nobody has to wait for it.
 *
 * With a backplane over several nodes the counts are those of this node.
 */
export interface Push extends PushCounts {
  /** What becomes of it on other nodes. */
  readonly remote: RemoteFate;
  /** Its number among the reliable pushes of the hub; 0 for the other classes, and until the backplane has given one. */
  readonly sequence: number;
  /** Whether every member has been seen to. */
  readonly isDone: boolean;
  /** Resolves with the counts when every member has been seen to; never rejects. */
  readonly done: Promise<PushCounts>;
}

/**
 * What becomes of a push on its way to other nodes.
 *
 * - `none`: there are none, or it is for members of this node only.
 * - `sent`: the engine has it, or was given it: `latest` and `volatile` ones are not confirmed.
 * - `waiting`: it is kept until the engine confirms it.
 * - `dropped`: the engine is away; other nodes do not get it.
 */
export type RemoteFate = 'none' | 'sent' | 'waiting' | 'dropped';

/** @internal The hub's side of a {@link Push}. */
export class PushState implements Push {
  sequence = 0;
  remote: RemoteFate = 'none';
  sent = 0;
  queued = 0;
  coalesced = 0;
  dropped = 0;
  gone = 0;
  isDone = false;
  #done: Promise<PushCounts> | undefined;
  #resolve: ((counts: PushCounts) => void) | undefined;

  // Made only for those who wait: most pushes are forgotten at once.
  get done(): Promise<PushCounts> {
    this.#done ??= this.isDone
      ? Promise.resolve(this.counts())
      : new Promise((resolve) => {
          this.#resolve = resolve;
        });
    return this.#done;
  }

  counts(): PushCounts {
    const { sent, queued, coalesced, dropped, gone } = this;
    return { sent, queued, coalesced, dropped, gone };
  }

  finish(): void {
    if (this.isDone) return;
    this.isDone = true;
    this.#resolve?.(this.counts());
  }
}
