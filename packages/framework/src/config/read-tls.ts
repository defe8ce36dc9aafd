import type { TarsConfig } from '@tarsier/protocol';
import { lowerAscii } from '@tarsier/protocol/internal';
import type { CertificateFiles, ServerTlsConfig } from '../transport/server-tls-config.js';
import type { AdapterKeysSection } from './config-sections.js';
import { HOSTS_DOMAIN } from './server-domain.js';

/**
 * The TLS keys of an adapter; those it lacks are taken from the server section.
 *
 * @throws ConfigException when there is no certificate, or no key for it; and when clients are to be verified, and nobody is named who
 * signs them: those that Node.js trusts are the authorities of the web, which sign for everybody.
 */
export function readTls(section: AdapterKeysSection): ServerTlsConfig {
  const needed = (key: 'cert' | 'key'): string => {
    if (section.has(key)) return section.text(key);
    throw section.error(key, 'the path of a PEM file, because the endpoint uses TLS');
  };
  const verifyClient = section.flag('verifyclient');
  const ca = section.text('ca');
  if (verifyClient && ca === '') {
    throw section.error('ca', 'the certificates that may sign those of clients, because verifyclient is set');
  }
  if (ca !== '' && !section.has('verifyclient')) {
    throw section.error(
      'ca',
      'verifyclient beside it: y asks clients for a certificate that it has signed, n lets everybody in',
    );
  }
  return {
    cert: needed('cert'),
    key: needed('key'),
    ca,
    ciphers: section.text('ciphers'),
    verifyClient,
    hosts: readHosts(section.config, `${section.domain}/${HOSTS_DOMAIN}`),
  };
}

function readHosts(config: TarsConfig, domain: string): Map<string, CertificateFiles> {
  const hosts = new Map<string, CertificateFiles>();
  if (!config.hasDomainVector(domain)) return hosts;
  for (const name of config.getDomainVector(domain)) {
    const [cert, key] = [config.getRequired(`${domain}/${name}<cert>`), config.getRequired(`${domain}/${name}<key>`)];
    hosts.set(lowerAscii(name), { cert, key });
  }
  return hosts;
}
