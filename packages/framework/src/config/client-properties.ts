import type { TarsConfig } from '@tarsier/protocol';
import { Communicator } from '@tarsier/proxy';
import { knownProperties } from '@tarsier/proxy/internal';
import { LOG } from '../log/log.js';
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

/** The properties of single objects: those of the sub-domains of the client section, by the name of the object. */
export function objectProperties(config: TarsConfig): Map<string, Map<string, string>> {
  const names = config.getDomainVector(CLIENT_DOMAIN);
  return new Map(names.map((name) => [name, config.getDomainMap(`${CLIENT_DOMAIN}/${name}`)]));
}

/**
 * The server's own communicator.
 *
 * Source: Communicator::setProperty(TC_Config&), which reads the sub-domains of the client section too (TarsCpp).
 */
export function clientOf(config: TarsConfig, info: ServerBaseInfo): Communicator {
  const objects = objectProperties(config);
  const told = new Set([
    ...config.getDomainKey(CLIENT_DOMAIN),
    ...Array.from(objects.values(), (one) => [...one.keys()]).flat(),
  ]);
  const communicator = new Communicator(clientProperties(config, info), {
    logger: LOG,
    onUnknownProperty: (property, reason) => {
      // The start has told of those, with their place.
      if (!told.has(property)) LOG.warn('a property has no effect', { property, reason });
    },
  });
  for (const [object, properties] of objects) {
    for (const [name, value] of properties) communicator.setServantProperty(object, name, value);
  }
  return communicator;
}

/**
 * The properties of a client that the framework has for itself, to a registry or the node agent: those of the client section and of the
 * object, but nobody is reported to, since its calls are none of the application.
 */
export function ownClientProperties(config: TarsConfig, object: string): Record<string, string> {
  const all = [...config.getDomainMap(CLIENT_DOMAIN), ...config.getDomainMap(`${CLIENT_DOMAIN}/${object}`)];
  const { stat: _stat, property: _property, ...own } = Object.fromEntries(all);
  return Object.fromEntries(Object.entries(own).filter(([name]) => knownProperties.has(name)));
}
