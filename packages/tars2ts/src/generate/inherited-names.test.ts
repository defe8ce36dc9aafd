import { TarsServant } from '@tarsier/framework';
import { Communicator, TarsProxy } from '@tarsier/proxy';
import { describe, expect, it } from 'vitest';
import { proxyMembers, servantMembers } from './inherited-names.js';

/** Names of all members that an object has of its own and of its classes. */
function membersOf(object: object): string[] {
  const names = new Set<string>();
  for (let level = object; level !== Object.prototype; level = Object.getPrototypeOf(level) as object) {
    for (const name of Object.getOwnPropertyNames(level)) names.add(name);
  }
  return [...names].toSorted();
}

describe('methods of generated classes do not override those of', () => {
  it('proxies', () => {
    const proxy = new Communicator().stringToProxy(TarsProxy, 'A.B.C@tcp -h 127.0.0.1 -p 1');
    expect([...proxyMembers].toSorted()).toEqual(membersOf(proxy));
  });

  it('servants', () => {
    class Servant extends TarsServant {
      override readonly tarsInterface = { name: 'm.I', functions: new Map() };
    }
    expect([...servantMembers].toSorted()).toEqual(membersOf(new Servant()));
  });
});
