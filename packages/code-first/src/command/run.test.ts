import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run } from './run.js';

const fileOf = (name: string): string => fileURLToPath(new URL(`../${name}.testkit.ts`, import.meta.url));

it('prints what modules declare', async () => {
  const { output, error, code } = await run([fileOf('hello'), fileOf('vec')]);
  expect({ error, code }).toEqual({ error: '', code: 0 });
  expect(output).toMatch(/module TestApp[^]*interface Hello/);
  expect(output).toContain('module vec');
});

it('prints one module', async () => {
  const { output } = await run(['--module', 'vec', fileOf('hello'), fileOf('vec')]);
  expect(output).toMatch(/^module vec\n/);
  expect(output).not.toContain('TestApp');
});

it.each<[string[], RegExp, number]>([
  [[], /no files are given[^]*usage/, 2],
  [['--no-such'], /--no-such[^]*usage/, 2],
  [['/no/such/file.js'], /tarsier-idl: .*file\.js/, 1],
  [['--module', 'None', fileOf('vec')], /declare nothing of the module None/, 1],
])('says what is wrong: %j', async (args, error, code) => {
  const outcome = await run(args);
  expect(outcome.error).toMatch(error);
  expect(outcome).toMatchObject({ output: '', code });
});

it('explains itself', async () => {
  expect(await run(['--help'])).toMatchObject({ output: expect.stringContaining('usage: tarsier-idl'), code: 0 });
});
