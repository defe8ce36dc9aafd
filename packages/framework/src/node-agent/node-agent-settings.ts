import { parseObjectString, type TarsConfig } from '@tarsier/protocol';
import { configValueError } from '@tarsier/protocol/internal';
import { ownClientProperties } from '../config/client-properties.js';
import { SERVER_DOMAIN } from '../config/server-domain.js';
import type { ServerBaseInfo } from '../server-config.js';

/** Which node agent is told what. */
export interface NodeAgentSettings {
  /** Object string of the agent. */
  readonly node: string;
  readonly application: string;
  readonly serverName: string;
  readonly hasAdmin: boolean;
  /** Of the client that calls it. */
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * What the configuration says of the node agent; undefined when there is none.
 *
 * @throws ConfigException when it is no object with endpoints.
 */
export function nodeAgentSettings(config: TarsConfig, info: ServerBaseInfo): NodeAgentSettings | undefined {
  const node = config.get(`${SERVER_DOMAIN}<node>`);
  if (node === '') return undefined;
  const expected = 'the object of the node agent, as tars.tarsnode.ServerObj@tcp -h 127.0.0.1 -p 19386';
  let object: ReturnType<typeof parseObjectString>;
  try {
    object = parseObjectString(node);
  } catch (error) {
    throw configValueError(config, SERVER_DOMAIN, 'node', expected, error);
  }
  if (object.endpoints.length === 0) throw configValueError(config, SERVER_DOMAIN, 'node', expected);
  const properties = ownClientProperties(config, object.name);
  const { Application: application, ServerName: serverName, Local: local } = info;
  return { node, application, serverName, hasAdmin: local !== '', properties };
}
