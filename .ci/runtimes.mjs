// The other runtimes that Tarsier is tried with: Node.js of each supported line, Bun and Deno, of exact versions, from the npm registry.
// They are installed once, into a folder outside of the repository; `bin` of it has a link to each: node20, node22, …, bun, deno.
// usage: npm run runtimes [NAME...]     prints that folder
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
const node = (version) => ({ package: `node-linux-${arch}@${version}`, program: 'bin/node' });
const runtimes = {
  node20: node('20.19.6'),
  node22: node('22.23.5'),
  node24: node('24.22.3'),
  node26: node('26.12.1'),
  bun: { package: `@oven/bun-linux-${arch === 'x64' ? 'x64' : 'aarch64'}@1.4.5`, program: 'bin/bun' },
  deno: { package: `@deno/linux-${arch}-glibc@2.9.6`, program: 'deno' },
};

if (process.platform !== 'linux') throw new Error('the runtimes are for Linux only');
const folder = process.env.TARSIER_RUNTIMES ?? join(homedir(), '.cache/tarsier-runtimes');
const bin = join(folder, 'bin');
mkdirSync(bin, { recursive: true });
for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(runtimes)) {
  const { package: wanted, program } = runtimes[name];
  // A folder for each version, so that another one is never taken for it.
  const place = join(folder, wanted.replaceAll('/', '+'));
  const path = join(place, 'node_modules', wanted.slice(0, wanted.lastIndexOf('@')), program);
  if (!existsSync(path)) {
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place);
    writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--silent', wanted];
    execFileSync('npm', args, { cwd: place, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  rmSync(join(bin, name), { force: true });
  symlinkSync(path, join(bin, name));
}
process.stdout.write(`${bin}\n`);
