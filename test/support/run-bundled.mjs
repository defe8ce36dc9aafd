// Runs a program in TypeScript of this folder's siblings against the sources, as the tests do: bundled in memory, with the collector in reach.
// usage: node --expose-gc run-bundled.mjs FILE [ARGUMENT...]
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [file] = process.argv.splice(2, 1);
// Below the repository, so that packages of others are found.
const folder = mkdtempSync(join(root, 'node_modules/.tarsier-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const outfile = join(folder, 'main.mjs');
await build({
  entryPoints: [join(root, file)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  tsconfig: join(root, 'tsconfig.test.json'),
  // Those of others stay where they are; ours are their sources.
  packages: 'external',
  plugins: [
    {
      name: 'sources',
      setup: ({ onResolve }) => {
        onResolve({ filter: /^#(default-transports|event-emitter)$/ }, ({ path }) => ({
          path: join(
            root,
            'packages/proxy/src',
            path === '#event-emitter' ? 'observe/event-emitter.node.ts' : 'transport/default-transports.node.ts',
          ),
        }));
        onResolve({ filter: /^@tarsier\// }, ({ path }) => {
          const [, name, sub = 'index'] = path.split('/');
          const place = ['index', 'internal'].includes(sub) ? `${sub}.ts` : `${sub}/index.ts`;
          return { path: join(root, 'packages', name, 'src', place) };
        });
      },
    },
  ],
});
await import(pathToFileURL(outfile).href);
