import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { compileGolden, goldenDir, goldenRuns, goldenText } from './golden.testkit.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The options that the packages of this repository are compiled with. */
function repositoryOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(`${root}tsconfig.base.json`, (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  return {
    ...ts.parseJsonConfigFileContent(config, ts.sys, root).options,
    noEmit: true,
    composite: false,
    incremental: false,
    types: ['node'],
    skipLibCheck: true,
    paths: {
      '@tarsier/*': ['./packages/*/src/index.ts'],
      '@tarsier/protocol/internal': ['./packages/protocol/src/internal.ts'],
      '@tarsier/proxy/internal': ['./packages/proxy/src/internal.ts'],
      '#default-transports': ['./packages/proxy/src/transport/default-transports.node.ts'],
    },
  };
}

describe.each(goldenRuns)('the output for $options', ({ files, options }) => {
  it('is what it was', () => {
    const outputs = compileGolden(files, options);
    for (const [path, text] of outputs)
      expect(text, `${path} is made by: npm run golden -w @tarsier/tars2ts`).toBe(goldenText(path));
    expect(outputs.size).toBeGreaterThan(2);
  });

  it('does not depend on the order of the files', () => {
    const outputs = compileGolden(files, options);
    const reversed = compileGolden(files.toReversed(), options);
    for (const [path, text] of outputs) expect(reversed.get(path)).toBe(text);
  });
});

describe('the output', () => {
  it('passes the compiler with all checks of this repository', { timeout: 180_000 }, () => {
    const paths = goldenRuns.flatMap(({ files, options }) => [...compileGolden(files, options).keys()]);
    const program = ts.createProgram(
      paths.map((path) => `${goldenDir}/${path}`),
      repositoryOptions(),
    );
    const sources = paths.map((path) => program.getSourceFile(`${goldenDir}/${path}`));
    expect(sources).not.toContain(undefined);
    const faults = sources.flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
      // With these come the faults of `isolatedDeclarations`.
      ...program.getDeclarationDiagnostics(source),
    ]);
    expect(faults.map((fault) => ts.flattenDiagnosticMessageText(fault.messageText, '\n'))).toEqual([]);
  });
});
