import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
const protocol = fileURLToPath(new URL('../../../protocol/src/index.ts', import.meta.url));

/** Runs a file of tests as `node --test` does, in a process of its own, without vitest. */
function nodeTest(contents: string): { status: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'check-protocol-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const outfile = join(folder, 'protocol.test.mjs');
  buildSync({
    stdin: { contents, resolveDir: here, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { '@tarsier/protocol': protocol },
    // The bundler must not read how the project is compiled: files of others are in it.
    tsconfigRaw: {},
  });
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', outfile], {
    encoding: 'utf8',
    env,
    timeout: 60_000,
  });
  return { status, output: stdout + stderr };
}

const head = `
  import test from 'node:test';
  import { lengthField, PacketType } from '@tarsier/protocol';
  import { checkProtocol } from './check-protocol.js';
  const frames = lengthField({ bytes: 2, includesHeader: true, max: 1000 });
  const samples = [frames.encode('hello'), frames.encode('')];
`;

describe('checkProtocol in node:test', () => {
  it('passes', () => {
    const { status, output } = nodeTest(`${head} test('frames', () => checkProtocol(frames, { samples }));`);
    expect(output).toContain('# pass 1');
    expect(status).toBe(0);
  });

  it('fails with the bytes that show the fault', () => {
    const { status, output } = nodeTest(`${head}
      test('a parser that forgets to consume', async () => {
        await checkProtocol((input, output) => {
          if (input.empty()) return PacketType.PACKET_LESS;
          input.getBuffers(output);
          return PacketType.PACKET_FULL;
        }, { samples });
      });
    `);
    expect(status).toBe(1);
    expect(output).toContain('# fail 1');
    expect(output).toContain('NO_PROGRESS: PACKET_FULL without taking a byte');
    expect(output).toMatch(/ {2}0000 {2}00 02 +\.\.\n +\^/);
  });
});
