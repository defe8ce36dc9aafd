import type { TarsConfig } from '@tarsier/protocol';
import { booleanValue, configValueError } from '@tarsier/protocol/internal';
import type { CertificateFiles, ServerTlsConfig } from '../transport/server-tls-config.js';
import { HOSTS_DOMAIN, SERVER_DOMAIN } from './server-domain.js';

/**
 * The TLS keys of an adapter; those it lacks are taken from the server section.
 *
 * @throws ConfigException when there is no certificate, or no key for it.
 */
export function readTls(config: TarsConfig, domain: string): ServerTlsConfig {
  const text = (key: string): string => config.get(`${domain}<${key}>`) || config.get(`${SERVER_DOMAIN}<${key}>`);
  const domainOf = (key: string): string => (config.get(`${domain}<${key}>`) === '' ? SERVER_DOMAIN : domain);
  const needed = (key: 'cert' | 'key'): string => {
    const value = text(key);
    if (value === '')
      throw configValueError(config, domain, key, 'the path of a PEM file, because the endpoint uses TLS');
    return value;
  };
  return {
    cert: needed('cert'),
    key: needed('key'),
    ca: text('ca'),
    ciphers: text('ciphers'),
    verifyClient: booleanValue(config, domainOf('verifyclient'), 'verifyclient', false),
    hosts: readHosts(config, `${domain}/${HOSTS_DOMAIN}`),
  };
}

function readHosts(config: TarsConfig, domain: string): Map<string, CertificateFiles> {
  const hosts = new Map<string, CertificateFiles>();
  if (!config.hasDomainVector(domain)) return hosts;
  for (const name of config.getDomainVector(domain)) {
    const [cert, key] = [config.getRequired(`${domain}/${name}<cert>`), config.getRequired(`${domain}/${name}<key>`)];
    hosts.set(name.toLowerCase(), { cert, key });
  }
  return hosts;
}
