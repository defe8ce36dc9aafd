import { basename, extname, join } from 'node:path';
import { ConfigException } from '@tarsier/protocol';
import type { NumberProperty } from '../number-property.js';
import type { RegistrySettings } from './registry-settings.js';

/** How often the registry is asked for the nodes of an object. TarsCpp raises what is below 5 s to it. */
export const registryRefresh: NumberProperty = ['refresh-endpoint-interval', 60_000, 5000];

/** Whether this client belongs to a set. */
export const ENABLE_SET = 'enableset';

/**
 * What the properties say of the registry; undefined when there is no `locator`.
 *
 * Source: EndpointManager, ClientConfig (servant/libservant, TarsCpp).
 */
export function registrySettings(
  text: (name: string) => string,
  isYes: (text: string) => boolean,
): RegistrySettings | undefined {
  const settings = {
    locator: text('locator'),
    refreshMs: Number(text(registryRefresh[0])),
    cacheFile: cacheFile(text('cache-file'), text('datapath'), text('modulename')),
    setDivision: setDivision(isYes(text(ENABLE_SET)), text('setdivision')),
    nodeName: text('nodename'),
  };
  return settings.locator === '' ? undefined : settings;
}

function cacheFile(file: string, dataPath: string, moduleName: string): string {
  if (file !== '' || dataPath === '') return file;
  const { 1: script = 'client' } = process.argv;
  return join(dataPath, `${moduleName || basename(script, extname(script))}.tarsdat`);
}

/** The set of this client; empty unless it is in one. @throws ConfigException for a set that has not three parts. */
export function setDivision(isEnabled: boolean, division: string): string {
  if (!isEnabled) return '';
  const parts = division.split('.');
  if (parts.length === 3 && !parts.includes('') && parts[0] !== '*' && parts[1] !== '*') return division;
  throw new ConfigException(
    `property setdivision: expected a set as app.sz.1, its first two parts no *, found "${division}"; or leave enableset out`,
    { where: { key: 'setdivision' } },
  );
}
