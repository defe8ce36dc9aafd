import { afterEach, describe, expect, it } from 'vitest';
import { needs } from '../../test/support/needs.js';
import { endPrograms, RunProgram } from '../run-program.testkit.js';

afterEach(endPrograms);

describe('npm run push-cluster', () => {
  const rest = 'everybody hears everybody, also when a server is killed';

  it(`over the embedded backplane: ${rest}`, () => hearsEverybody('local'));

  it(`over NATS: ${rest}`, needs('nats-server'), () => hearsEverybody('nats'));

  async function hearsEverybody(backplane: 'local' | 'nats'): Promise<void> {
    const args = ['--backplane', backplane, '--seconds', '3', '--every', '200'];
    const show = new RunProgram('push-cluster/dist/main.js', ...args);
    expect(await show.ended(), show.text()).toBe(0);
    expect(show.text()).toMatch(/ {2}all as expected$/);
    expect(show.matching(/^(ann|bob) +\| goes on where it was$/)).toHaveLength(2);
    expect(show.matching(/^ann +\| heard joe: /).length).toBeGreaterThan(5);
    expect(show.matching(/MISSED/)).toEqual([]);
  }
});
