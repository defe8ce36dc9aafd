import { randomUUID } from 'node:crypto';
import type { TimeSource } from '@tarsier/protocol';
import { Communicator } from '@tarsier/proxy';
import { LOG } from '../log/log.js';
import { withLimit } from '../wait.js';
import { Membership } from './membership.js';
import { RareWarning } from './rare-warning.js';
import { registeredServant } from './registered-servant.js';
import { type RegisteredServant, RegisteredServer } from './registered-server.js';
import type { RegistrationSettings } from './registration-settings.js';
import { RegistryFProxy } from './registry-f.js';
import type { Served } from './served.js';

/** Renewals within a lease: two of them may fail. */
const RENEWALS = 3;
/** A registry that does not answer holds start and end of a server up no longer than this. */
const PATIENCE_MS = 1000;

/** Keeps a server registered, from when it listens until it ends. Whatever fails is logged, and harms nobody else. */
export class Registration {
  readonly #settings: RegistrationSettings;
  readonly #served: () => Promise<readonly Served[]>;
  readonly #time: TimeSource;
  readonly #instance: string;
  readonly #communicator: Communicator;
  readonly #members: readonly Membership[];
  readonly #warning: RareWarning;
  #stopTimer: (() => void) | undefined;
  #isEnded = false;
  /** Adapters that a registry has no words for: named once. */
  readonly #named = new Set<string>();

  /**
   * Connects nothing yet.
   *
   * @param served what is open now; empty when nothing is.
   * @throws ConfigException for a property of the client section that cannot be used.
   */
  constructor(settings: RegistrationSettings, served: () => Promise<readonly Served[]>, time: TimeSource) {
    const { application, serverName, nodeName, registries, leaseMs, properties } = settings;
    this.#settings = settings;
    this.#served = served;
    this.#time = time;
    this.#warning = new RareWarning(time);
    // Without a logger: what fails is told by the members, and rarely.
    const communicator = new Communicator(properties);
    this.#communicator = communicator;
    this.#members = registries.map(
      (registry) => new Membership(communicator.stringToProxy(RegistryFProxy, registry), leaseMs, time),
    );
    this.#instance = `${application}.${serverName}@${nodeName}#${process.pid}-${randomUUID()}`;
  }

  /** Resolves when it is registered, or soon, so that whoever starts a server can look it up right away. Never rejects. */
  async begin(): Promise<void> {
    if (this.#isEnded || this.#stopTimer !== undefined) return;
    this.#stopTimer = this.#time.every(this.#settings.leaseMs / RENEWALS, () => void this.#renew(), false);
    await withLimit(this.#time, this.#renew(), PATIENCE_MS);
  }

  async #renew(): Promise<void> {
    try {
      await this.#tell();
    } catch (error) {
      this.#warning.warn('what this server serves could not be told to the registry', { err: error });
    }
  }

  async #tell(): Promise<void> {
    const served = await this.#served();
    const servants = served.flatMap((one) => this.#servantOf(one));
    if (this.#isEnded || servants.length === 0) return;
    const { application, serverName, nodeName, setId, station } = this.#settings;
    const server = RegisteredServer.create({
      application,
      serverName,
      instance: this.#instance,
      servants,
      nodeName,
      setId,
      station,
    });
    await Promise.all(this.#members.map((member) => member.renew(server)));
  }

  #servantOf(served: Served): RegisteredServant[] {
    const servant = registeredServant(served, this.#settings);
    if (servant !== undefined) return [servant];
    if (!this.#named.has(served.adapter)) {
      this.#named.add(served.adapter);
      LOG.warn('an adapter is not registered: registries know tcp, udp and ssl only', { ...served });
    }
    return [];
  }

  /** Takes it back, so that no new client comes. */
  async end(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#stopTimer?.();
    const left = Promise.all(this.#members.map((member) => member.leave(this.#instance)));
    await withLimit(this.#time, left, PATIENCE_MS);
    await this.#communicator.terminate();
  }
}
