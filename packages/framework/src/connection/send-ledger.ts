import type { SendLimit } from './send-drop.js';

/** A connection whose peer is behind. */
export interface Debtor {
  /** Bytes that wait for its peer. */
  readonly owedBytes: number;
  /** Whether it may be closed for the sake of the others. */
  readonly isExpendable: boolean;
  /** Is closed because of a limit: its own, or that of all that waits in the process. */
  giveUp(limit: SendLimit): void;
}

/**
 * What waits for all peers of a process that are behind, against one ceiling (`sendbufferlimit`). Connections whose sockets take
 * what they are given are not in it, and pay nothing for it.
 */
export class SendLedger {
  /** Bytes; Infinity for no ceiling. */
  limit: number = Number.POSITIVE_INFINITY;
  #total = 0;
  readonly #debtors = new Set<Debtor>();

  /** Bytes that wait for all of them. */
  get total(): number {
    return this.#total;
  }

  /** How many peers are behind. */
  get debtors(): number {
    return this.#debtors.size;
  }

  /** `bytes` more wait for one. */
  owe(debtor: Debtor, bytes: number): void {
    this.#debtors.add(debtor);
    this.#total += bytes;
  }

  /** `bytes` wait no more: sent, or given up. */
  pay(bytes: number): void {
    this.#total -= bytes;
  }

  /** Nothing waits for it any more. */
  settle(debtor: Debtor, bytes: number): void {
    if (this.#debtors.delete(debtor)) this.#total -= bytes;
  }

  /** The one for whom most waits, of those that may be closed. O(peers that are behind), and closing it pays for that. */
  largest(): Debtor | undefined {
    let largest: Debtor | undefined;
    for (const debtor of this.#debtors) {
      if (debtor.isExpendable && (largest === undefined || debtor.owedBytes > largest.owedBytes)) largest = debtor;
    }
    return largest;
  }
}
