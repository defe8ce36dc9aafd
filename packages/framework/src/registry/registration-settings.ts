import { parseObjectString, type TarsConfig } from '@tarsier/protocol';
import { configValueError, durationMsValue, lowerAscii } from '@tarsier/protocol/internal';
import { ownClientProperties } from '../config/client-properties.js';
import { CLIENT_DOMAIN, SERVER_DOMAIN } from '../config/server-domain.js';
import type { ServerBaseInfo } from '../server-config.js';
import type { Advertised } from './registered-servant.js';
import { setDivisionOf } from './set-division.js';

/** How a server registers itself. */
export interface RegistrationSettings extends Advertised {
  /** Object strings, one for each registry. */
  readonly registries: readonly string[];
  readonly application: string;
  readonly serverName: string;
  readonly nodeName: string;
  /** Empty when it is in none. */
  readonly setId: string;
  readonly station: string;
  readonly leaseMs: number;
  /** Of the client that calls the registry, as its certificates. */
  readonly properties: Readonly<Record<string, string>>;
}

const DEFAULT_LEASE_MS = 15_000;
const MIN_LEASE_MS = 300;
const MAX_LEASE_MS = 3_600_000;
const no: readonly string[] = ['', 'n', '0', 'false'];
const yes: readonly string[] = ['y', '1', 'true'];

/**
 * What the configuration says of registering; undefined when the server does not register.
 *
 * @throws ConfigException for values that cannot be used.
 */
export function registrationSettings(config: TarsConfig, info: ServerBaseInfo): RegistrationSettings | undefined {
  const text = (key: string): string => config.get(`${SERVER_DOMAIN}<${key}>`);
  const register = text('register');
  if (no.includes(lowerAscii(register))) return undefined;
  const isLocator = yes.includes(lowerAscii(register));
  const place = isLocator ? config.get(`${CLIENT_DOMAIN}<locator>`) : register;
  const registries = registriesOf(config, place, isLocator);
  return {
    registries,
    application: info.Application,
    serverName: info.ServerName,
    nodeName: info.NodeName,
    localIp: info.LocalIp,
    advertise: text('advertise') === 'localip' ? info.LocalIp : text('advertise'),
    station: text('station'),
    setId: setDivisionOf(config),
    leaseMs: durationMsValue(config, SERVER_DOMAIN, 'registerlease', DEFAULT_LEASE_MS, {
      min: MIN_LEASE_MS,
      max: MAX_LEASE_MS,
    }),
    properties: ownClientProperties(config, parseObjectString(registries[0] ?? '').name),
  };
}

/** Each registry has a table of its own, so each of them is told. */
function registriesOf(config: TarsConfig, text: string, isLocator: boolean): string[] {
  const expected = isLocator
    ? 'with y a locator in <client>, as tars.tarsregistry.QueryObj@tcp -h 10.0.0.1 -p 17890'
    : 'yes, no, or the object of a registry, as tars.tarsregistry.QueryObj@tcp -h 10.0.0.1 -p 17890';
  let object: ReturnType<typeof parseObjectString>;
  try {
    object = parseObjectString(text);
  } catch (error) {
    throw configValueError(config, SERVER_DOMAIN, 'register', expected, error);
  }
  if (object.endpoints.length === 0) throw configValueError(config, SERVER_DOMAIN, 'register', expected);
  return object.endpoints.map((endpoint) => `${object.name}@${endpoint.toString()}`);
}
