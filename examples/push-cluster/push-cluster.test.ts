import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { endPrograms, RunProgram } from '../run-program.testkit.js';

afterEach(endPrograms);

const hasNats = spawnSync('nats-server', ['--version']).status === 0;

describe('npm run push-cluster', () => {
  it.for([
    ['the embedded backplane', 'local'],
    ['NATS', 'nats'],
  ] as const)('over %s: everybody hears everybody, also when a server is killed', async ([, backplane], ctx) => {
    ctx.skip(backplane === 'nats' && !hasNats, 'nats-server is not installed');
    const args = ['--backplane', backplane, '--seconds', '3', '--every', '200'];
    const show = new RunProgram('push-cluster/dist/main.js', ...args);
    expect(await show.ended(), show.text()).toBe(0);
    expect(show.text()).toMatch(/ {2}all as expected$/);
    expect(show.matching(/^(ann|bob) +\| goes on where it was$/)).toHaveLength(2);
    expect(show.matching(/^ann +\| heard joe: /).length).toBeGreaterThan(5);
    expect(show.matching(/MISSED/)).toEqual([]);
  });
});
