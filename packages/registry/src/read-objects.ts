import { readFile } from 'node:fs/promises';
import { ConfigException, Endpoint, TarsConfig } from '@tarsier/protocol';
import { booleanValue, configValueError } from '@tarsier/protocol/internal';
import { EndpointF } from '@tarsier/proxy';
import { partsOfSet } from './entries-of-set.js';
import type { StaticNode } from './node-table.js';

const OBJECTS = '/objects';
const knownKeys: readonly string[] = ['endpoint', 'set', 'station', 'nodename', 'active'];
const kinds = new Map([
  ['udp', 0],
  ['tcp', 1],
  ['ssl', 2],
]);

/** A node and the object that it belongs to. */
export interface NodeOfObject extends StaticNode {
  readonly obj: string;
}

/**
 * The nodes that stand in a file: in `<objects>` a key with endpoints for each object, or a domain with a domain for each node.
 *
 * @throws ConfigException with file, line and key.
 */
export async function readObjectsFile(file: string): Promise<NodeOfObject[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigException(`the file of objects ${file} cannot be read: ${why}`, { cause, where: { file } });
  }
  return readObjects(TarsConfig.parse(text, { file }), file);
}

/** As {@link readObjectsFile}, of what was read. */
export function readObjects(config: TarsConfig, file: string): NodeOfObject[] {
  if (!config.hasDomain(OBJECTS)) {
    throw new ConfigException(`${file || 'the configuration'} has no section <objects>`, { where: { file } });
  }
  const short = [...config.getDomainMap(OBJECTS).keys()].flatMap((obj) =>
    endpointsOf(config, OBJECTS, obj).map((endpoint) => ({ obj, endpoint })),
  );
  const long = config
    .getDomainVector(OBJECTS)
    .flatMap((obj) =>
      config.getDomainVector(`${OBJECTS}/${obj}`).flatMap((node) => nodesOf(config, obj, `${OBJECTS}/${obj}/${node}`)),
    );
  return [...short, ...long];
}

function nodesOf(config: TarsConfig, obj: string, domain: string): NodeOfObject[] {
  const wrong = config.getDomainKey(domain).find((key) => !knownKeys.includes(key));
  if (wrong !== undefined) throw configValueError(config, domain, wrong, `one of the keys ${knownKeys.join(', ')}`);
  config.getRequired(`${domain}<endpoint>`);
  const setId = config.get(`${domain}<set>`);
  if (setId !== '' && partsOfSet(setId) === undefined)
    throw configValueError(config, domain, 'set', 'a set as app.sz.1');
  const station = config.get(`${domain}<station>`);
  const isActive = booleanValue(config, domain, 'active', true);
  const nodeName = config.get(`${domain}<nodename>`);
  return endpointsOf(config, domain, 'endpoint').map((endpoint) => ({
    obj,
    endpoint: Object.assign(endpoint, { setId, nodeName }),
    station,
    isActive,
  }));
}

function endpointsOf(config: TarsConfig, domain: string, key: string): EndpointF[] {
  const expected = 'endpoints on tcp, udp or ssl with ports, as tcp -h 10.0.0.1 -p 10099';
  let endpoints: Endpoint[];
  try {
    endpoints = Endpoint.parseList(config.get(`${domain}<${key}>`));
  } catch (error) {
    throw configValueError(config, domain, key, expected, error);
  }
  return endpoints.map(({ type, host, port, timeoutMs, grid, qos, weight, weightType, authType }) => {
    const istcp = kinds.get(type);
    if (istcp === undefined || port === 0) throw configValueError(config, domain, key, expected);
    return EndpointF.create({ host, port, timeout: timeoutMs, istcp, grid, qos, weight, weightType, authType });
  });
}
