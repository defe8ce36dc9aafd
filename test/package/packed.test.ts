import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = ['protocol', 'proxy', 'framework', 'servant-push', 'tars2ts', 'code-first', 'registry', 'testing'];

/** A project elsewhere in which the packages are installed as npm would: unpacked, with their dependencies beside them. */
let project = '';
const packed = new Map<string, string[]>();

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'tarsier-packed-'));
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, '@tarsier'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '@tarsier' || name === '@types' || name.startsWith('.')) continue;
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  mkdirSync(join(modules, '@types'));
  for (const name of readdirSync(join(root, 'node_modules/@types'))) {
    if (name !== 'node') symlinkSync(join(root, 'node_modules/@types', name), join(modules, '@types', name));
  }
  for (const name of packages) {
    const from = join(root, 'packages', name);
    const [tarball] = JSON.parse(run('npm', 'pack', from, '--dry-run', '--json', '--silent', '--ignore-scripts')) as {
      files: { path: string }[];
    }[];
    const paths = (tarball?.files ?? []).map(({ path }) => path);
    packed.set(name, paths);
    for (const path of paths) cpSync(join(from, path), join(modules, '@tarsier', name, path));
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
}, 120_000);

afterAll(() => {
  rmSync(project, { recursive: true });
});

describe.each(packages)('@tarsier/%s as it is published', (name) => {
  it('holds code, types, sources, readme and licence, and no tests', () => {
    const files = packed.get(name) ?? [];
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'package.json',
        'dist/index.js',
        'dist/index.d.ts',
        'src/index.ts',
      ]),
    );
    expect(files.filter((file) => /\.test\b|testkit|tsbuildinfo/.test(file))).toEqual([]);
  });

  it('can be imported and required, and is one copy', () => {
    const script = `
      import { createRequire } from 'node:module';
      const imported = await import('@tarsier/${name}');
      const required = createRequire(import.meta.url)('@tarsier/${name}');
      console.log(Object.keys(imported).length > 0, Object.keys(imported).every((key) => imported[key] === required[key]));`;
    writeFileSync(join(project, `${name}.mjs`), script);
    expect(run(process.execPath, '--no-warnings', `${name}.mjs`).trim()).toBe('true true');
  });

  it('lets nobody in by another path', () => {
    writeFileSync(join(project, 'deep.mjs'), `await import('@tarsier/${name}/dist/index.js');`);
    expect(() => run(process.execPath, 'deep.mjs')).toThrow(/ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });
});

/** Every entry of every package that is published, so that all its types are checked. */
const entries = packages.flatMap((name) => {
  const { exports } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  return Object.keys(exports)
    .filter((path) => path !== './package.json')
    .map((path) => `@tarsier/${name}${path.slice(1)}`);
});

/** The types of Node.js of each line that is supported; each line has others. */
const nodeTypes = { 20: '@types/node', 22: 'types-node-22', 24: 'types-node-24', 26: 'types-node-26' };

describe('a strict consumer', () => {
  it.each(Object.entries(nodeTypes))('compiles against the published types and those of Node.js %s', (line, types) => {
    const link = join(project, 'node_modules/@types/node');
    rmSync(link, { force: true });
    symlinkSync(join(root, 'node_modules', types), link);
    expect(JSON.parse(readFileSync(join(link, 'package.json'), 'utf8'))).toMatchObject({
      name: '@types/node',
      version: expect.stringMatching(new RegExp(`^${line}\\.`)),
    });
    writeFileSync(
      join(project, 'consumer.ts'),
      `import { Application, type ByteVector, type Current, Communicator, lengthField, Servant } from '@tarsier/framework';
import { PushRegister, type PushReport } from '@tarsier/servant-push';
${entries.map((entry, i) => `import * as all${i} from '${entry}';`).join('\n')}
export const all = [${entries.map((_, i) => `all${i}`).join(', ')}];
const users = new PushRegister();
class Echo extends Servant {
  override async doRequest(current: Current, response: ByteVector): Promise<number> {
    users.add(current);
    response.assign(current.getRequestBuffer());
    return 0;
  }
}
export const app = new Application();
app.addServant(Echo, 'EchoObj');
export const report: PushReport = users.pushAll(new Uint8Array(1));
const prx = new Communicator().stringToProxy('A.B.C@tcp -h 127.0.0.1 -p 1');
prx.setProtocol(lengthField({ bytes: 4, includesHeader: true, max: 100, requestId: { offset: 4, bytes: 4 } }).proxyProtocol);
prx.on('push', (msg) => msg.response.sBuffer.toString());
// @ts-expect-error: a servant is a class of servants
app.addServant(class {}, 'X');
// @ts-expect-error: there is no such event
prx.on('pushed', () => {});
`,
    );
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          target: 'ES2022',
          module: 'NodeNext',
          noEmit: true,
          skipLibCheck: false,
          // What the packages refer to is found here too, and not beside the files that the links lead to.
          preserveSymlinks: true,
          exactOptionalPropertyTypes: true,
          types: ['node'],
        },
        files: ['consumer.ts'],
      }),
    );
    expect(compile()).toBe('');
  });
});

/** What the compiler says of the project. */
function compile(): string {
  const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project]);
  return String(stdout);
}
