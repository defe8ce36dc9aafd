import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplicationConfig } from '@tarsier/framework';
import { Communicator, type PropertyValue } from '@tarsier/proxy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atEnd, endAll, NameProxy, OBJECT, registry, server, until } from './name-server.testkit.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tarsier-circle-'));
});
afterEach(async () => {
  await endAll();
  await rm(folder, { recursive: true });
});

function client(locator: string, more: Readonly<Record<string, PropertyValue>> = {}): NameProxy {
  const communicator = new Communicator({ locator, 'refresh-endpoint-interval': 5000, ...more });
  atEnd(() => communicator.terminate());
  return communicator.stringToProxy(NameProxy, OBJECT);
}

const registering = (locator: string): ApplicationConfig => ({ register: true, client: { locator } });

describe('servers, registry and client', () => {
  it('lose no call when a server ends and another comes', async () => {
    const { locator } = await registry();
    const a = await server('a', registering(locator));
    await server('b', registering(locator));
    const proxy = client(locator);
    const seen = new Map<string, number>();
    const faults: unknown[] = [];
    let isCalling = true;
    const caller = async (): Promise<void> => {
      while (isCalling) {
        try {
          const name = await proxy.whoAreYou();
          seen.set(name, (seen.get(name) ?? 0) + 1);
        } catch (error) {
          faults.push(error);
        }
        await new Promise(setImmediate);
      }
    };
    const callers = Array.from({ length: 8 }, caller);
    await until(() => (seen.get('a') ?? 0) > 50 && (seen.get('b') ?? 0) > 50);
    await a.terminate();
    seen.clear();
    await until(() => (seen.get('b') ?? 0) > 50);
    await server('c', registering(locator));
    await until(() => (seen.get('c') ?? 0) > 50);
    isCalling = false;
    await Promise.all(callers);
    expect(faults).toEqual([]);
    expect([...seen.keys()].toSorted()).toEqual(['b', 'c']);
  });

  it('go on without the registry, and a new client takes the nodes from the file of the one before', async () => {
    const running = await registry();
    const { locator } = running;
    await server('a', registering(locator));
    const file = join(folder, 'nodes.tarsdat');
    const proxy = client(locator, { 'cache-file': file });
    expect(await proxy.whoAreYou()).toBe('a');
    await until(async () => (await readFile(file, 'utf8').catch(() => '')).includes(OBJECT));
    await running.stop();
    expect(await proxy.whoAreYou()).toBe('a');
    expect(await client(locator, { 'cache-file': file }).whoAreYou()).toBe('a');
  });

  it('keep to their sets', async () => {
    const { locator } = await registry();
    const ofSet = (set: string): ApplicationConfig => ({
      register: true,
      client: { locator, enableset: 'y', setdivision: set },
    });
    await server('one', ofSet('app.sz.1'));
    await server('any', ofSet('app.sz.*'));
    await server('none', registering(locator));
    const namesOf = async (set: string): Promise<string[]> => {
      const proxy = client(locator, { enableset: 'y', setdivision: set });
      const names = new Set<string>();
      for (let i = 0; i < 12; i++) names.add(await proxy.whoAreYou());
      return [...names].toSorted();
    };
    expect(await namesOf('app.sz.1')).toEqual(['one']);
    expect(await namesOf('app.sz.2')).toEqual(['any']);
    expect(await namesOf('other.sz.1')).toEqual(['any', 'none', 'one']);
  });
});
