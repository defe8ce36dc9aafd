import { ConfigException, type TarsConfig } from '@tarsier/protocol';
import { configKeyError, nearestName } from '@tarsier/protocol/internal';
import { checkProperty, unknownProperty } from '@tarsier/proxy/internal';
import { LOG } from '../log/log.js';
import type { ConfigKey } from './config-key.js';
import { adapterKeys, serverKeys } from './config-keys.js';
import {
  adapterKeysRefused,
  adapterKeysWithoutEffect,
  type KeysWithoutEffect,
  serverKeysWithoutEffect,
} from './keys-without-effect.js';
import { APPLICATION_DOMAIN, CLIENT_DOMAIN, HOSTS_DOMAIN, SERVER_DOMAIN } from './server-domain.js';

/** What is known of the keys of a domain: those with an effect, and those of TARS without one. */
interface KnownKeys {
  readonly keys: Readonly<Record<string, Pick<ConfigKey, 'protects'>>>;
  readonly withoutEffect: KeysWithoutEffect;
}

const applicationKnown: KnownKeys = { keys: { enableset: {}, setdivision: {} }, withoutEffect: {} };
const serverKnown: KnownKeys = { keys: { ...serverKeys, logLevel: {} }, withoutEffect: serverKeysWithoutEffect };
const adapterKnown: KnownKeys = {
  keys: adapterKeys,
  withoutEffect: { ...adapterKeysWithoutEffect, ...adapterKeysRefused },
};
const hostKnown: KnownKeys = { keys: { cert: {}, key: {} }, withoutEffect: {} };
const nothingKnown: KnownKeys = { keys: {}, withoutEffect: {} };

/**
 * Looks at every key and domain of the server and adapter sections: none is ignored in silence. Those of TARS that have no effect
 * here are named at DEBUG, since a node agent writes them for every server; those that are not known in a warning.
 *
 * @throws ConfigException for a key that is most likely meant to be one that protects: without it the server would be open.
 */
export function checkKeys(config: TarsConfig): void {
  check(config, APPLICATION_DOMAIN, applicationKnown);
  check(config, SERVER_DOMAIN, serverKnown);
  checkClient(config, CLIENT_DOMAIN);
  for (const name of config.getDomainVector(CLIENT_DOMAIN)) {
    checkClient(config, `${CLIENT_DOMAIN}/${name}`);
    warnOfDomains(config, `${CLIENT_DOMAIN}/${name}`, []);
  }
  for (const name of config.getDomainVector(SERVER_DOMAIN)) checkAdapter(config, `${SERVER_DOMAIN}/${name}`);
}

/**
 * The properties of the client section and of its objects: each value is one, and none of them is ignored in silence.
 *
 * @throws ConfigException for a value that is none.
 */
function checkClient(config: TarsConfig, domain: string): void {
  for (const [key, value] of config.getDomainMap(domain)) {
    const reason = unknownProperty(key);
    const path = `${domain}<${key}>`;
    if (reason !== undefined) {
      LOG.warn('a configuration key has no effect', { key: path, reason, ...config.positionOf(path) });
      continue;
    }
    try {
      checkProperty(key, value);
    } catch (error) {
      if (!(error instanceof ConfigException)) throw error;
      throw configKeyError(config, domain, key, `cannot be used: ${error.message}`);
    }
  }
}

/** The same for one adapter, as `@servant` declares it. */
export function checkAdapter(config: TarsConfig, adapter: string): void {
  check(config, adapter, adapterKnown);
  warnOfDomains(config, adapter, [HOSTS_DOMAIN]);
  const hosts = `${adapter}/${HOSTS_DOMAIN}`;
  check(config, hosts, nothingKnown);
  for (const name of config.getDomainVector(hosts)) {
    check(config, `${hosts}/${name}`, hostKnown);
    warnOfDomains(config, `${hosts}/${name}`, []);
  }
}

function warnOfDomains(config: TarsConfig, parent: string, known: readonly string[]): void {
  for (const name of config.getDomainVector(parent)) {
    if (known.includes(name)) continue;
    const domain = `${parent}/${name}`;
    const reason = 'no such domain is known here';
    LOG.warn('a configuration domain has no effect', { domain, reason, ...config.positionOf(domain) });
  }
}

function check(config: TarsConfig, domain: string, { keys, withoutEffect }: KnownKeys): void {
  for (const key of config.getDomainKey(domain)) {
    if (Object.hasOwn(keys, key)) continue;
    const fields = { key: `${domain}<${key}>`, ...config.positionOf(`${domain}<${key}>`) };
    if (Object.hasOwn(withoutEffect, key)) {
      LOG.debug('a configuration key of TARS has no effect', { ...fields, reason: withoutEffect[key] });
      continue;
    }
    const meant = nearestName(key, [...Object.keys(keys), ...Object.keys(withoutEffect)]);
    const reason = meant === undefined ? 'no such key is known' : `no such key is known; did you mean ${meant}?`;
    if (meant !== undefined && keys[meant]?.protects === true) {
      throw configKeyError(
        config,
        domain,
        key,
        `is not known; ${meant} is, and it protects the server: write it so, or leave the key out`,
      );
    }
    LOG.warn('a configuration key has no effect', { ...fields, reason });
  }
}
