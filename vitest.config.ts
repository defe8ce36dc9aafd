import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const src = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));

/** Across packages the tests run the sources, so that no build is needed while working. */
const alias = [
  {
    find: /^@tarsier\/(protocol|proxy|framework|servant-push|testing|code-first|tars2ts|registry)$/,
    replacement: src('$1/src/index.ts'),
  },
  {
    find: /^@tarsier\/(protocol|proxy|framework|servant-push|testing)\/internal$/,
    replacement: src('$1/src/internal.ts'),
  },
  { find: '@tarsier/code-first/servant', replacement: src('code-first/src/servant/index.ts') },
  { find: '@tarsier/servant-push/client', replacement: src('servant-push/src/client/index.ts') },
  { find: '@tarsier/servant-push/redis', replacement: src('servant-push/src/redis/index.ts') },
  { find: '@tarsier/servant-push/nats', replacement: src('servant-push/src/nats/index.ts') },
  { find: '#event-emitter', replacement: src('protocol/src/observe/event-emitter.node.ts') },
  { find: '#default-transports', replacement: src('proxy/src/transport/default-transports.node.ts') },
];

const setupFiles = [fileURLToPath(new URL('test/support/environment.ts', import.meta.url))];

/** The transformer does not read the compiler's options for files that a tsconfig leaves out of the build, as it does tests. */
const oxc = { decorator: { legacy: true } };

export default defineConfig({
  test: {
    // The last of them says what was left out, so that this stands at the very end.
    reporters: ['default', './test/support/left-out-reporter.ts'],
    projects: [
      {
        oxc,
        resolve: { alias },
        test: {
          name: 'unit',
          setupFiles,
          include: ['packages/*/src/**/*.test.ts'],
          testTimeout: 30_000,
          // Many short files: two at a time, after all that measures times.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        oxc,
        resolve: { alias },
        test: {
          name: 'faults',
          setupFiles,
          include: ['test/{faults,fuzz,soak}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          execArgv: ['--expose-gc'],
        },
      },
      {
        oxc,
        resolve: { alias },
        test: { name: 'lab', setupFiles, include: ['test/lab/**/*.test.ts'], testTimeout: 120_000 },
      },
      {
        // These start the built programs, as users do.
        test: {
          name: 'examples',
          setupFiles,
          include: ['examples/**/*.test.ts', 'test/{interop,runtimes}/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'docs',
          setupFiles,
          include: ['test/{docs,package,sources,support}/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
