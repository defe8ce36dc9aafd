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
  /** Its number among the reliable pushes of the hub; 0 for the other classes, and until the backplane has given one. */
  readonly sequence: number;
  /** Whether every member has been seen to. */
  readonly isDone: boolean;
  /** Resolves with the counts when every member has been seen to; never rejects. */
  readonly done: Promise<PushCounts>;
}

/** @internal The hub's side of a {@link Push}. */
export class PushState implements Push {
  sequence = 0;
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
    this.isDone = true;
    this.#resolve?.(this.counts());
  }
}
