import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TestModule } from 'vitest/node';
import LeftOutReporter from './left-out-reporter.js';
import { needs, type ProgramName } from './needs.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('what a test needs', () => {
  it('is there, or the test is left out with the reason', () => {
    vi.stubEnv('TARSIER_TEST_ALL', '');
    vi.stubEnv('PATH', '');
    expect(needs('chromium', 'openssl')).toEqual({ skip: true, meta: { lacks: ['chromium', 'openssl'] } });
    expect(needs()).toEqual({});
  });

  it('must be there where nothing may be left out, but for peers that no package registry has', () => {
    vi.stubEnv('TARSIER_TEST_ALL', '1');
    vi.stubEnv('PATH', '');
    expect(() => needs('dnsmasq')).toThrow(/not all is there:\napt-get install .*dnsmasq-base$/);
    if (!process.env['TARSGO']) expect(needs('TarsGo').skip).toBe(true);
  });

  it('is asked for in this one way', () => {
    const own = ['test/support/needs.test.ts', 'test/support/needs.ts'];
    const files = ['packages', 'examples', 'test'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.test.ts') && !/node_modules|dist/.test(file))
        .map((file) => `${folder}/${file}`),
    );
    expect(files.length).toBeGreaterThan(150);
    const others = files
      .filter((file) => !own.includes(file))
      .filter((file) =>
        /\b(skipIf|runIf)\b|\b(it|test|describe|ctx|context)\.skip\(/.test(readFileSync(join(root, file), 'utf8')),
      );
    expect(others).toEqual([]);
  });
});

/** A module as the reporter sees it, with a test for each list of programs. */
function moduleWith(file: string, ...tests: readonly (readonly ProgramName[])[]): TestModule {
  const module = { relativeModuleId: file };
  const cases = tests.map((lacks) => ({ module, meta: () => (lacks.length > 0 ? { lacks } : {}) }));
  return { ...module, children: { allTests: () => cases } } as unknown as TestModule;
}

describe('the end of a test run', () => {
  it('says what was left out, why, and the one command that installs it', () => {
    let said = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
    new LeftOutReporter().onTestRunEnd([
      moduleWith('a.test.ts', ['openssl'], [], ['ip', 'root']),
      moduleWith('b.test.ts', ['openssl'], ['TarsGo']),
    ]);
    expect(said).toBe(`
LEFT OUT: 4 tests, whose programs are not on this machine
     2  without openssl: a.test.ts, b.test.ts
     1  without ip and root: a.test.ts
     1  without TarsGo: b.test.ts
To run them:
  apt-get install --no-install-recommends openssl iproute2
  run the tests as root, who alone can make network namespaces
  set TARSGO to the sources of TarsGo, with Go installed; docs/interop.md says how

`);
  });

  it('says nothing where nothing was left out', () => {
    const write = vi.spyOn(process.stdout, 'write');
    new LeftOutReporter().onTestRunEnd([moduleWith('a.test.ts', [])]);
    expect(write).not.toHaveBeenCalled();
  });
});
