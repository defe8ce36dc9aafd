import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '@tarsier/tars2ts';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** All generated code that is kept in the repository, with the options of `npm run tars`. */
const sources = [
  { source: 'examples/hello/Hello.tars', out: 'examples/hello/src/generated' },
  { source: 'examples/push-callback/Push.tars', out: 'examples/push-callback/src/generated' },
  { source: 'bench/src/NodeTars.tars', out: 'bench/src/generated' },
  { source: 'test/interop/NodeTars.tars', out: 'test/interop/generated', withTars: true },
  { source: 'test/interop/tarscpp/Peer.tars', out: 'test/interop/generated' },
];

describe('generated code', () => {
  it.each(sources)('of $source is what tars2ts makes of it', async ({ source, out, withTars = false }) => {
    const files = compile([source], { cwd: root, out, withTars });
    expect(files).toHaveLength(2);
    for (const { path, text } of files) {
      expect(await readFile(path, 'utf8'), `${relative(root, path)} is old: npm run tars`).toBe(text);
    }
  });
});
