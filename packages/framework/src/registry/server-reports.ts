import type { TarsConfig, TimeSource } from '@tarsier/protocol';
import type { NodeAgent } from '../node-agent/node-agent.js';
import { nodeAgentSettings } from '../node-agent/node-agent-settings.js';
import type { ServerBaseInfo } from '../server-config.js';
import type { Registration } from './registration.js';
import { registrationSettings } from './registration-settings.js';
import type { Served } from './served.js';

/** Tells others that a server serves: registries, and the node agent that has started it. */
export class ServerReports {
  readonly #registration: Registration | undefined;
  readonly #agent: NodeAgent | undefined;

  constructor(registration: Registration | undefined, agent: NodeAgent | undefined) {
    this.#registration = registration;
    this.#agent = agent;
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

/**
 * Whom the configuration says to tell; undefined when nobody. What does so is loaded only then.
 *
 * @param served what is open now; empty when nothing is.
 * @throws ConfigException for values that cannot be used.
 */
export async function serverReports(
  config: TarsConfig,
  info: ServerBaseInfo,
  time: TimeSource,
  served: () => Promise<readonly Served[]>,
): Promise<ServerReports | undefined> {
  const [registration, agent] = [registrationSettings(config, info), nodeAgentSettings(config, info)];
  if (registration === undefined && agent === undefined) return undefined;
  const [{ Registration }, { NodeAgent }] = await Promise.all([
    import('./registration.js'),
    import('../node-agent/node-agent.js'),
  ]);
  return new ServerReports(
    registration && new Registration(registration, served, time),
    agent && new NodeAgent(agent, served, time),
  );
}
