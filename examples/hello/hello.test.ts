import { afterEach, describe, expect, it } from 'vitest';
import { endPrograms, RunProgram } from '../run-program.testkit.js';

afterEach(endPrograms);

describe('the hello example', () => {
  it('calls servers and clients of both kinds, each by each', async () => {
    const program = new RunProgram('hello/dist/main.js');
    expect(await program.ended(), program.text()).toBe(0);
    expect(program.lines.at(-1)).toBe('all as expected');
    expect(program.lines.filter((line) => line.startsWith('✓'))).toHaveLength(18);
  });

  it('has a server that runs by itself, and says where', async () => {
    const program = new RunProgram('hello/dist/server-main.js', '--port', '0', '--code-first-port', '0');
    await program.until(/^Demo\.HelloServer\.HelloCodeFirstObj@tcp -h 127\.0\.0\.1 -p [1-9]/);
    program.signal('SIGTERM');
    expect(await program.ended(), program.text()).toBe(0);
  });
});
