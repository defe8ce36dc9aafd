import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);

/** Starts a server over TCP that logs nothing, ends it, and tells what the process has loaded by then. */
const SERVER = `
  import { createRequire } from 'node:module';
  import { Application, Servant } from '@tarsier/framework';
  class Echo extends Servant {
    doRequest(current, response) { response.assign(current.getRequestBuffer()); return 0; }
  }
  const app = new Application();
  app.initialize = () => app.addServant(Echo, 'EchoObj');
  await app.main({ app: 'T', server: 'S', loglevel: 'NONE', adapters: {
    A: { servant: 'T.S.EchoObj', endpoint: 'tcp -h 127.0.0.1 -p 0', protocol: 'not_tars' },
  } });
  await app.terminate();
  const own = process.moduleLoadList.filter((name) => name.startsWith('NativeModule '));
  const required = Object.keys(createRequire(import.meta.url).cache);
  gc(); gc();
  process.stdout.write(JSON.stringify({
    builtins: own.map((name) => name.slice('NativeModule '.length)),
    packages: required.map((file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1]),
    heapUsed: process.memoryUsage().heapUsed,
  }));
`;

describe('a server over TCP', () => {
  it('does not load what it does not use, and stays small', async () => {
    const { stdout } = await run(process.execPath, ['--expose-gc', '--input-type=module', '-e', SERVER], {
      cwd: new URL('.', import.meta.url),
    });
    const { builtins, packages, heapUsed } = JSON.parse(stdout) as Record<'builtins' | 'packages', string[]> & {
      heapUsed: number;
    };
    expect(builtins).toContain('net');
    for (const name of ['tls', 'http', 'https', 'http2', 'zlib']) expect(builtins).not.toContain(name);
    expect(new Set(packages)).toEqual(new Set(['reflect-metadata', 'eventemitter3']));
    // A source with one character beyond Latin-1 (a typographic ellipsis, an arrow) is kept with two bytes for each of its characters.
    // V8 collects the whole heap for buffers that come and go once 8 MB of it are in use: large packets would get slow.
    expect(heapUsed).toBeLessThan(7.75 * 1024 * 1024);
  });
});
