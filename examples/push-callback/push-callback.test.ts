import { afterEach, describe, expect, it } from 'vitest';
import { endPrograms, RunProgram } from '../run-program.testkit.js';

afterEach(endPrograms);

describe('the push callback example', () => {
  it('pushes ten typed messages to each of two clients', async () => {
    const program = new RunProgram('push-callback/dist/main.js');
    expect(await program.ended(), program.text()).toBe(0);
    for (const name of ['ann', 'bob']) {
      expect(program.lines.filter((line) => line === `${name}: 0, push message`).length).toBeGreaterThanOrEqual(10);
    }
    expect(program.lines.at(-1)).toBe('all as expected');
  });
});
