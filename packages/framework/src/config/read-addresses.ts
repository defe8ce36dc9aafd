import type { TarsConfig } from '@tarsier/protocol';
import { configValueError } from '@tarsier/protocol/internal';
import { AccessList } from '../adapter/access-list.js';

/**
 * A list of addresses, as `allow` has it; checked, because a pattern that matches nobody would let nobody in, or everybody.
 *
 * @throws ConfigException that quotes the pattern.
 */
export function readAddresses(config: TarsConfig, domain: string, key: string): string {
  const text = config.get(`${domain}<${key}>`);
  try {
    AccessList.check(text);
    return text;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const forms = 'addresses such as 10.1.2.3, 10.0.0.0/8, 10.1.*.*, fd00::/8 or thismachine, separated by ;';
    throw configValueError(config, domain, key, `${forms} (${why})`, cause);
  }
}
