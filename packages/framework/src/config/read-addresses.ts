import { AccessList } from '../adapter/access-list.js';
import type { ConfigSection } from './config-section.js';

/**
 * A list of addresses, as `allow` has it; checked, because a pattern that matches nobody would let nobody in, or everybody.
 *
 * @throws ConfigException that quotes the pattern.
 */
export function readAddresses<K extends string, Section extends { readonly [key in K]?: string }>(
  section: ConfigSection<Section>,
  key: K,
): string {
  const text = section.config.get(`${section.domain}<${key}>`);
  try {
    AccessList.check(text);
    return text;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const forms = 'addresses such as 10.1.2.3, 10.0.0.0/8, 10.1.*.*, fd00::/8 or thismachine, separated by ;';
    throw section.error(key, `${forms} (${why})`, cause);
  }
}
