import { Communicator } from '@tarsier/framework';
import {
  adapterKeys,
  adapterKeysRefused,
  adapterKeysWithoutEffect,
  type ConfigKey,
  serverKeys,
  serverKeysWithoutEffect,
} from '@tarsier/framework/internal';
import { describe, expect, it } from 'vitest';
import { CommunicatorProperties } from '../../packages/proxy/src/communicator-properties.js';
import { knownProperties } from '../../packages/proxy/src/known-properties.js';
import { nameIn, rowsOf, sectionOf } from './markdown.js';

const page = 'docs/reference/configuration.md';

function namesUnder(heading: string): string[] {
  return rowsOf(sectionOf(page, heading)).map(([name]) => nameIn(name));
}

describe.each<[string, Readonly<Record<string, ConfigKey>>, Readonly<Record<string, string>>]>([
  ['Server', serverKeys, serverKeysWithoutEffect],
  ['Adapter', adapterKeys, adapterKeysWithoutEffect],
])(`${page}: %s keys`, (section, keys, withoutEffect) => {
  it('lists exactly the keys that have an effect', () => {
    expect(namesUnder(`### ${section} keys`)).toEqual(Object.keys(keys));
  });

  it.each(Object.entries(keys))('gives default and form of %s', (name, key) => {
    const row = rowsOf(sectionOf(page, `### ${section} keys`)).find(([cell]) => nameIn(cell) === name);
    expect(row?.slice(1, 3)).toEqual([key.default === '' ? '–' : key.default, key.form]);
    expect(row?.[3]).not.toBe('');
  });

  it('lists exactly the keys that have none, with the reason', () => {
    const rows = rowsOf(sectionOf(page, `### ${section} keys without effect`));
    expect(rows.map(([name, reason]) => [nameIn(name), reason])).toEqual(Object.entries(withoutEffect));
  });
});

it(`${page}: lists exactly the keys that stop the start`, () => {
  const rows = rowsOf(sectionOf(page, '### Keys that stop the start'));
  expect(rows.map(([name, reason]) => [nameIn(name), reason])).toEqual(Object.entries(adapterKeysRefused));
});

it(`${page}: says which keys protect`, () => {
  const protecting = [serverKeys, adapterKeys].flatMap((keys) =>
    Object.entries<ConfigKey>(keys).flatMap(([name, key]) => (key.protects ? [name] : [])),
  );
  const [said = ''] = sectionOf(page, '## Keys that protect').match(/^Keys that protect: .*$/m) ?? [];
  expect([...said.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual([...new Set(protecting)]);
});

/** Notes which properties the client reads. */
class Recorder extends CommunicatorProperties {
  readonly names = new Set<string>();

  override get(name: string, otherwise?: string): string {
    this.names.add(name);
    return super.get(name, otherwise);
  }
}

describe(`${page}: communicator properties`, () => {
  const rows = rowsOf(sectionOf(page, '### Properties'));
  const recorder = new Recorder();
  recorder.settings();

  it('lists exactly the properties that the client reads', () => {
    const texts = rowsOf(sectionOf(page, '### Text properties'));
    expect([...rows, ...texts].map(([name]) => nameIn(name)).toSorted()).toEqual([...recorder.names].toSorted());
  });

  it('lists exactly those that are known: of others a warning is given', () => {
    expect([...knownProperties].toSorted()).toEqual([...recorder.names].toSorted());
  });

  it.each(rows)('gives default, unit and smallest value of %s', (cell, initial, unit, smallest) => {
    const name = nameIn(cell);
    const communicator = new Communicator();
    expect(communicator.getProperty(name)).toBe(initial);
    expect(unit).toMatch(/^(ms|calls|bytes|units)$/);
    communicator.setProperty(name, Number(smallest));
    expect(() => communicator.setProperty(name, Number(smallest) - 1)).toThrow(`property ${name}`);
  });
});
