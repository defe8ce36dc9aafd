/** An entry of a wheel. Objects that wait extend it or hold one; the fields belong to the wheel. */
export class TimerNode {
  /** When it is due, in ms of the owner's clock; the wheel fires at or after it, by at most one step. */
  dueMs = 0;
  /** @internal */
  previous: TimerNode | undefined = undefined;
  /** @internal */
  next: TimerNode | undefined = undefined;
  /** @internal */
  slot = -1;
}

const SLOTS = 512;

/**
 * Deadlines for many, on one coarse clock: adding, moving and removing cost O(1), and nothing is allocated.
 *
 * A hashed wheel of 512 slots with the given step. Entries due beyond one turn stay in their slot and are passed over until
 * their turn has come. The wheel has no timer of its own: its owner calls {@link TimerWheel.advance}.
 *
 * Accuracy: an entry fires when the first `advance` after `dueMs` comes, never before `dueMs`.
 * Source: the scheme of Varghese and Lauck, "Hashed and Hierarchical Timing Wheels" (1987).
 */
export class TimerWheel {
  readonly stepMs: number;
  readonly #slots: (TimerNode | undefined)[] = new Array<TimerNode | undefined>(SLOTS).fill(undefined);
  #tick: number;
  #size = 0;

  constructor(stepMs: number, nowMs: number) {
    this.stepMs = stepMs;
    this.#tick = Math.floor(nowMs / stepMs);
  }

  /** Entries waiting. */
  get size(): number {
    return this.#size;
  }

  /** Adds an entry, or moves it when it waits already. */
  add(node: TimerNode, dueMs: number): void {
    if (node.slot >= 0) this.remove(node);
    node.dueMs = dueMs;
    const tick = Math.max(this.#tick + 1, Math.ceil(dueMs / this.stepMs));
    const slot = tick % SLOTS;
    const head = this.#slots[slot];
    node.slot = slot;
    node.previous = undefined;
    node.next = head;
    if (head !== undefined) head.previous = node;
    this.#slots[slot] = node;
    this.#size++;
  }

  /** Removes an entry; nothing happens when it does not wait. */
  remove(node: TimerNode): void {
    const slot = node.slot;
    if (slot < 0) return;
    const { previous, next } = node;
    if (previous === undefined) this.#slots[slot] = next;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
    node.previous = undefined;
    node.next = undefined;
    node.slot = -1;
    this.#size--;
  }

  /**
   * Removes every entry that is due and calls `expire` with it. `expire` may add and remove entries, itself included.
   * It must not throw.
   */
  advance(nowMs: number, expire: (node: TimerNode) => void): void {
    const target = Math.floor(nowMs / this.stepMs);
    if (target <= this.#tick) return;
    // After a long pause one turn sees every slot.
    let tick = Math.max(this.#tick, target - SLOTS);
    this.#tick = target;
    while (tick < target && this.#size > 0) {
      tick++;
      const due = this.#collectDue(tick % SLOTS, nowMs);
      for (const node of due) {
        // An earlier callback of this turn may have moved or removed it.
        if (node.slot < 0 || node.dueMs > nowMs) continue;
        this.remove(node);
        expire(node);
      }
    }
  }

  #collectDue(slot: number, nowMs: number): TimerNode[] {
    const due: TimerNode[] = [];
    for (let node = this.#slots[slot]; node !== undefined; node = node.next) {
      if (node.dueMs <= nowMs) due.push(node);
    }
    return due;
  }
}
