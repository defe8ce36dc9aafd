import { accessSync, constants, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { delimiter, join } from 'node:path';

/** A program that some tests need, and that a machine with nothing but Node.js lacks. */
interface Program {
  /** Where it is, when it is there. */
  readonly path: () => string | undefined;
  /** What is to be done where it is not there. */
  readonly remedy: Remedy;
}

/** A package of Debian, or a sentence for what no package registry has. */
type Remedy = { readonly debian: string } | { readonly say: string };

const tarscpp = process.env['TARSCPP'];
const SAY_TARSCPP = 'set TARSCPP to an installation of TarsCpp, built with TLS; docs/interop.md says how';
/** Their packages are not in Debian, and too large to be installed with those that everybody needs. */
const SAY_RUNTIMES = { say: 'npm run runtimes' };
const isRoot = process.getuid?.() === 0;

/** All programs that tests may need. A test that needs one asks for it by {@link needs}, so that what was left out is said at the end. */
const programs = {
  chromium: { path: () => find('chromium'), remedy: { debian: 'chromium' } },
  openssl: { path: () => find('openssl'), remedy: { debian: 'openssl' } },
  microsocks: { path: () => find('microsocks'), remedy: { debian: 'microsocks' } },
  dnsmasq: { path: () => find('dnsmasq'), remedy: { debian: 'dnsmasq-base' } },
  'redis-server': { path: () => find('redis-server'), remedy: { debian: 'redis-server' } },
  'nats-server': { path: () => find('nats-server'), remedy: { debian: 'nats-server' } },
  ip: { path: () => find('ip'), remedy: { debian: 'iproute2' } },
  root: {
    path: () => (isRoot ? '/' : undefined),
    remedy: { say: 'run the tests as root, who alone can make network namespaces' },
  },
  users: {
    path: () => (process.getuid === undefined ? undefined : '/'),
    remedy: { say: 'run the tests on a system with users of POSIX, not on Windows' },
  },
  network: {
    path: () =>
      Object.values(networkInterfaces()).some((all) => all?.some((one) => one.family === 'IPv4' && !one.internal))
        ? '/'
        : undefined,
    remedy: { say: 'give this machine an IPv4 address besides loopback' },
  },
  bun: { path: () => find('bun'), remedy: SAY_RUNTIMES },
  deno: { path: () => find('deno'), remedy: SAY_RUNTIMES },
  TarsCpp: {
    path: () => tarscpp,
    remedy: { say: SAY_TARSCPP },
  },
  'TarsCpp with TLS': {
    path: () => (tarscpp && readFileSync(join(tarscpp, 'lib/libtarsutil.a')).includes('SSL_new') ? tarscpp : undefined),
    remedy: { say: SAY_TARSCPP },
  },
  TarsGo: {
    path: () => process.env['TARSGO'],
    remedy: { say: 'set TARSGO to the sources of TarsGo, with Go installed; docs/interop.md says how' },
  },
} satisfies Record<string, Program>;

/** The name of a program that tests may need. */
export type ProgramName = keyof typeof programs;

/** What no package registry has is left out also where everything else must be there. */
const peers: ReadonlySet<ProgramName> = new Set(['TarsCpp', 'TarsCpp with TLS', 'TarsGo']);

declare module 'vitest' {
  interface TaskMeta {
    /** The programs for want of which the test is left out. */
    lacks?: readonly ProgramName[];
  }
}

/** What `describe` and `it` take as their second argument. */
export interface Needs {
  readonly skip?: boolean;
  readonly meta?: { readonly lacks: readonly ProgramName[] };
}

/**
 * For `describe(name, needs('openssl'), …)` and `it(…)`: leaves out what is in it where a program is not there, and notes why.
 * With `TARSIER_TEST_ALL` leaving out is failing, but for the peers in C++ and Go.
 */
export function needs(...names: readonly ProgramName[]): Needs {
  const lacks = names.filter((name) => !programs[name].path());
  if (lacks.length === 0) return {};
  const missing = lacks.filter((name) => !peers.has(name));
  if (process.env['TARSIER_TEST_ALL'] && missing.length > 0) {
    throw new Error(`TARSIER_TEST_ALL is set, and not all is there:\n${remedies(missing).join('\n')}`);
  }
  return { skip: true, meta: { lacks } };
}

/** Where a program is; its bare name where it is not there, for tests that are left out then. */
export function programPath(name: 'chromium'): string {
  return programs[name].path() ?? name;
}

/** What is to be done to have these programs, a line each; what Debian has is one command. */
export function remedies(names: readonly ProgramName[]): string[] {
  const all = [...new Set(names)].map((name): Remedy => programs[name].remedy);
  const packages = all.flatMap((remedy) => ('debian' in remedy ? [remedy.debian] : []));
  const sentences = all.flatMap((remedy) => ('say' in remedy ? [remedy.say] : []));
  const install = packages.length > 0 ? [`apt-get install --no-install-recommends ${packages.join(' ')}`] : [];
  return [...install, ...new Set(sentences)];
}

function find(program: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
