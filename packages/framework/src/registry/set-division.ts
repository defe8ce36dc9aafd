import { ConfigException, type TarsConfig } from '@tarsier/protocol';
import { booleanValue } from '@tarsier/protocol/internal';
import { setDomainOf } from '../config/client-properties.js';

/**
 * The set of this server, as `app.sz.1`; empty when it is in none.
 *
 * @throws ConfigException when it is no set.
 * Source: Application::initializeClient (TarsCpp): what stands in `<client>` wins when both keys do.
 */
export function setDivisionOf(config: TarsConfig): string {
  const domain = setDomainOf(config);
  if (!booleanValue(config, domain, 'enableset', false)) return '';
  const set = config.get(`${domain}<setdivision>`);
  const parts = set.split('.');
  if (parts.length === 3 && !parts.includes('') && parts[0] !== '*' && parts[1] !== '*') return set;
  throw new ConfigException(
    `${domain}<setdivision>: expected a set as app.sz.1, its first two parts no *, found "${set}"; or leave enableset out`,
    { where: { key: 'setdivision' } },
  );
}
