import { ConfigException, type TarsConfig } from '@tarsier/protocol';
import { booleanValue } from '@tarsier/protocol/internal';
import { CLIENT_DOMAIN } from '../config/server-domain.js';

const APPLICATION_DOMAIN = '/tars/application';

/**
 * The set of this server, as `app.sz.1`; empty when it is in none.
 *
 * @throws ConfigException when it is no set.
 * Source: Application::initializeClient (TarsCpp): what stands in `<client>` wins when both keys do.
 */
export function setDivisionOf(config: TarsConfig): string {
  const isOfClient = ['enableset', 'setdivision'].every((key) => config.has(`${CLIENT_DOMAIN}<${key}>`));
  const domain = isOfClient ? CLIENT_DOMAIN : APPLICATION_DOMAIN;
  if (!booleanValue(config, domain, 'enableset', false)) return '';
  const set = config.get(`${domain}<setdivision>`);
  const parts = set.split('.');
  if (parts.length === 3 && !parts.includes('') && parts[0] !== '*' && parts[1] !== '*') return set;
  throw new ConfigException(
    `${domain}<setdivision>: expected a set as app.sz.1, its first two parts no *, found "${set}"; or leave enableset out`,
    { where: { key: 'setdivision' } },
  );
}
