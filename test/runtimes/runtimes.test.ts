import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CertificatePair, LOCAL_NAMES, TestAuthority } from '../support/certificates.js';
import { needs } from '../support/needs.js';

const script = fileURLToPath(new URL('smoke.mjs', import.meta.url));
const TRANSPORTS = ['tcp', 'ssl', 'ws', 'wss', 'udp', 'unix'];

let authority: TestAuthority;
let pair: CertificatePair;

beforeAll(async () => {
  authority = await TestAuthority.create();
  pair = await authority.issue({ name: 'localhost', names: LOCAL_NAMES });
});

afterAll(() => authority.remove());

/** What the smoke test prints in a runtime. */
async function smoke(program: string, ...args: string[]): Promise<string> {
  const all = [...args, script, pair.cert, pair.key, authority.ca, authority.folder];
  const { stdout } = await promisify(execFile)(program, all, { timeout: 50_000 }).catch((error: unknown) => {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program}:\n${stdout}\n${stderr}`, { cause: error });
  });
  return stdout;
}

const allOk = TRANSPORTS.map((name) => `ok ${name}\n`).join('');

describe('a call, a push and the end over every transport', () => {
  it('in Node.js', async () => {
    expect(await smoke(process.execPath)).toBe(allOk);
  });

  it('in Bun', needs('bun'), async () => {
    expect(await smoke('bun', 'run')).toBe(allOk);
  });

  it('in Deno', needs('deno'), async () => {
    expect(await smoke('deno', 'run', '--no-prompt', '-A')).toBe(allOk);
  });
});
