import type { TarsException } from '@tarsier/protocol';

interface ConnectWaiter {
  resolve(): void;
  reject(error: TarsException): void;
}

/** Those who wait in `ServantProxy.connect`. */
export class ConnectWaiters {
  #waiters: ConnectWaiter[] = [];

  get size(): number {
    return this.#waiters.length;
  }

  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
  }

  connected(): void {
    for (const waiter of this.#take()) waiter.resolve();
  }

  failed(error: TarsException): void {
    for (const waiter of this.#take()) waiter.reject(error);
  }

  #take(): ConnectWaiter[] {
    const waiters = this.#waiters;
    this.#waiters = [];
    return waiters;
  }
}
