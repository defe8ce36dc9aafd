import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Format } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Peers that are optional: nobody has them who does not use what needs them. */
const missing = ['socks', '@redis', '@nats-io'];

/** A server that logs, calls itself, and ends; `top` runs it, for formats without `await` at the top. */
const program = `
import { Application, Communicator, lengthField, LOG, Servant } from '@tarsier/framework';
import { PushHub } from '@tarsier/servant-push';
const frames = lengthField({ bytes: 4, includesHeader: true, max: 1000, requestId: { offset: 4, bytes: 4 } });
class S extends Servant { doRequest(current, response) { response.assign(current.getRequestVector()); return 0; } }
class A extends Application { initialize() { this.addServant(S, 'Obj'); this.addServantProtocol('Obj', frames); } }
async function top() {
  const app = new A();
  await app.main({ app: 'T', server: 'S', loglevel: 'WARN', adapters: { A: { servant: 'Obj', endpoint: 'tcp -h 127.0.0.1 -p 0 -t 60000' } } });
  const communicator = new Communicator();
  const prx = communicator.stringToProxy('T.S.Obj@' + app.getBindAdapter('Obj').getEndpoint()).setProtocol(frames.proxyProtocol);
  const { sBuffer } = await prx.rpcCall(prx.genRequestId(), 'f', 'hi');
  LOG.warn('it logs');
  const socks = communicator.stringToProxy('T.S.Two@tcp -h 127.0.0.1 -p 1').setProtocol(frames.proxyProtocol);
  socks.setProxy({ type: 'socks5', host: '127.0.0.1', port: 1 });
  const why = await socks.rpcCall(socks.genRequestId(), 'f', 'hi').catch((error) => error.message);
  console.log(JSON.stringify({ answer: sBuffer.toString(), hub: typeof PushHub, why }));
  await communicator.terminate();
  await app.terminate();
}
top();
`;

let here = '';

beforeAll(() => {
  here = mkdtempSync(join(tmpdir(), 'tarsier-bundled-'));
  const modules = join(here, 'node_modules');
  for (const name of ['protocol', 'proxy', 'framework', 'servant-push']) {
    for (const part of ['package.json', 'dist']) {
      const to = join(modules, '@tarsier', name, part);
      mkdirSync(dirname(to), { recursive: true });
      cpSync(join(root, 'packages', name, part), to, { recursive: true });
    }
  }
  for (const name of readdirSync(join(root, 'node_modules'))) {
    const from = join(root, 'node_modules', name);
    const isLeftOut = name.startsWith('.') || missing.includes(name) || existsSync(join(modules, name));
    if (!isLeftOut && lstatSync(from).isDirectory()) symlinkSync(from, join(modules, name));
  }
});

afterAll(() => {
  rmSync(here, { recursive: true });
});

describe.each(['esm', 'cjs'] satisfies Format[])('a server in one file, as %s', (format) => {
  it('is built where optional packages are missing, and runs where there are none at all', async () => {
    const extension = format === 'esm' ? 'mjs' : 'cjs';
    const elsewhere = mkdtempSync(join(tmpdir(), 'tarsier-bundle-'));
    try {
      const outfile = join(elsewhere, `server.${extension}`);
      const require = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
      await build({
        stdin: { contents: program, resolveDir: here },
        bundle: true,
        platform: 'node',
        format,
        outfile,
        minify: true,
        banner: format === 'esm' ? { js: require } : {},
        logLevel: 'silent',
      });
      writeFileSync(join(elsewhere, 'package.json'), '{}');
      const lines = execFileSync(process.execPath, [outfile], { cwd: elsewhere, encoding: 'utf8' }).trim().split('\n');
      const [logged, result] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(logged).toMatchObject({ level: 'warn', msg: 'it logs' });
      expect(result).toMatchObject({ answer: 'hi', hub: 'function' });
      expect(result?.['why']).toContain('npm install socks');
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});
