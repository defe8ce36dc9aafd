import type { TableEntry } from './table-entry.js';

/** The parts of a set as `app.sz.1`; undefined when it is none. Only the last part may be `*`. */
export function partsOfSet(set: string): readonly [name: string, area: string, group: string] | undefined {
  const [name = '', area = '', group = '', ...more] = set.split('.');
  const isSet = name !== '' && area !== '' && group !== '' && more.length === 0 && name !== '*' && area !== '*';
  return isSet ? [name, area, group] : undefined;
}

/**
 * The nodes for a caller of a set, by the rules of TARS:
 *
 * - no node of the object is in a set of this name: the object does not take part, and all of its nodes are meant;
 * - group `*`: all nodes of the area;
 * - any other group: its nodes; when there are none at all, active or not, those whose group is `*`, which serve the whole area;
 * - otherwise none: a caller of a set does not leave it.
 */
export function entriesOfSet(
  entries: readonly TableEntry[],
  [name, area, group]: readonly [name: string, area: string, group: string],
): readonly TableEntry[] {
  const ofName = entries.filter(({ endpoint }) => endpoint.setId.startsWith(`${name}.`));
  if (ofName.length === 0) return entries;
  if (group === '*') return ofName.filter(({ endpoint }) => endpoint.setId.startsWith(`${name}.${area}.`));
  const ofGroup = ofName.filter(({ endpoint }) => endpoint.setId === `${name}.${area}.${group}`);
  return ofGroup.length > 0 ? ofGroup : ofName.filter(({ endpoint }) => endpoint.setId === `${name}.${area}.*`);
}
