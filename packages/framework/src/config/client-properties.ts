import type { TarsConfig } from '@tarsier/protocol';
import type { ServerBaseInfo } from '../server-config.js';
import { APPLICATION_DOMAIN, CLIENT_DOMAIN, SERVER_DOMAIN } from './server-domain.js';

/** Keys of a set; those of the application count unless the client section has both. */
const setKeys: readonly string[] = ['enableset', 'setdivision'];

/** Where `enableset` and `setdivision` are to be read. */
export function setDomainOf(config: TarsConfig): string {
  return setKeys.every((key) => config.has(`${CLIENT_DOMAIN}<${key}>`)) ? CLIENT_DOMAIN : APPLICATION_DOMAIN;
}

/**
 * The properties of a server's own communicator: those of the client section, and what they leave to the server: its name, its machine,
 * its set, and where it keeps its data.
 *
 * Source: Application::initializeClient, Communicator::setProperty (TarsCpp).
 */
export function clientProperties(config: TarsConfig, info: ServerBaseInfo): Record<string, string> {
  const own = Object.fromEntries(config.getDomainMap(CLIENT_DOMAIN));
  const properties: Record<string, string> = {
    modulename: `${info.Application}.${info.ServerName}`,
    nodename: info.NodeName,
    ...(config.has(`${SERVER_DOMAIN}<datapath>`) && { datapath: info.DataPath }),
    ...own,
  };
  const domain = setDomainOf(config);
  for (const key of setKeys) {
    delete properties[key];
    const text = config.get(`${domain}<${key}>`);
    if (text !== '') properties[key] = text;
  }
  return properties;
}

/**
 * The properties of a client that the framework has for itself, to a registry or the node agent: those of the client section, but nobody is
 * reported to, since its calls are none of the application.
 */
export function ownClientProperties(config: TarsConfig): Record<string, string> {
  const { stat: _stat, property: _property, ...own } = Object.fromEntries(config.getDomainMap(CLIENT_DOMAIN));
  return own;
}
