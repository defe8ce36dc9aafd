import type { TarsConfig, TimeSource } from '@tarsier/protocol';
import { NodeAgent, nodeAgentSettings } from '../node-agent/node-agent.js';
import type { ServerBaseInfo } from '../server-config.js';
import { Registration } from './registration.js';
import { registrationSettings } from './registration-settings.js';
import type { Served } from './served.js';

/** Tells others that a server serves: registries, and the node agent that has started it. */
export class ServerReports {
  readonly #registration: Registration | undefined;
  readonly #agent: NodeAgent | undefined;

  /**
   * @param served what is open now; empty when nothing is.
   * @throws ConfigException for values that cannot be used.
   */
  constructor(config: TarsConfig, info: ServerBaseInfo, time: TimeSource, served: () => Promise<readonly Served[]>) {
    const registration = registrationSettings(config, info);
    const agent = nodeAgentSettings(config, info);
    this.#registration = registration && new Registration(registration, served, time);
    this.#agent = agent && new NodeAgent(agent, served, time);
  }

  /** The server serves. Resolves when clients find it, or soon. */
  async begin(): Promise<void> {
    this.#agent?.begin();
    await this.#registration?.begin();
  }

  /** It ends. Resolves when those who send clients know it. */
  async end(): Promise<void> {
    await Promise.all([this.#registration?.end(), this.#agent?.end()]);
  }
}
