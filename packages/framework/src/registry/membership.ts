import type { TimeSource } from '@tarsier/protocol';
import { LOG } from '../log/log.js';
import { RareWarning } from './rare-warning.js';
import type { RegisteredServer } from './registered-server.js';
import type { RegistryFProxy } from './registry-f.js';

const TIMEOUT_MS = 3000;

/** The entry of a server in one registry. */
export class Membership {
  readonly #proxy: RegistryFProxy;
  readonly #leaseMs: number;
  readonly #warning: RareWarning;
  /** A call is under way. */
  #renewing: Promise<void> | undefined;
  #isRegistered = false;
  /** Once it was, there is something to take back, even if it was not heard of since. */
  #wasRegistered = false;

  constructor(proxy: RegistryFProxy, leaseMs: number, time: TimeSource) {
    this.#proxy = proxy;
    this.#leaseMs = leaseMs;
    this.#warning = new RareWarning(time);
  }

  /** Makes or renews it, unless that is under way. Never rejects. */
  renew(server: RegisteredServer): Promise<void> {
    this.#renewing ??= this.#renew(server).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renew(server: RegisteredServer): Promise<void> {
    const registry = this.#proxy.fullName;
    try {
      const timeoutMs = Math.min(TIMEOUT_MS, this.#leaseMs);
      await this.#proxy.registerServer(server, this.#leaseMs, { timeoutMs, idempotent: true });
      this.#wasRegistered = true;
      this.#warning.clear();
      if (this.#isRegistered) return;
      this.#isRegistered = true;
      LOG.info('registered', { registry, servants: server.servants.map(({ obj }) => obj) });
    } catch (error) {
      this.#isRegistered = false;
      const text =
        'the registry could not be told of this server; clients that look it up do not find it. It is tried again';
      this.#warning.warn(text, { registry, err: error });
    }
  }

  /** Takes it back. Never rejects. */
  async leave(instance: string): Promise<void> {
    // What was sent before arrives before.
    if (!this.#wasRegistered && this.#renewing === undefined) return;
    try {
      await this.#proxy.unregister(instance, { timeoutMs: TIMEOUT_MS, idempotent: true });
    } catch (error) {
      const text = 'the registry could not be told that this server ends; it forgets it when the lease is over';
      LOG.warn(text, { registry: this.#proxy.fullName, err: error });
    }
  }
}
