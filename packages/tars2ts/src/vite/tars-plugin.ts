import { dirname, isAbsolute, resolve } from 'node:path';
import { shortPath, tryCompile } from '../compile.js';
import type { CompileOptions } from '../compile-options.js';
import { formatProblem, type Problem, sortProblems } from '../source/problem.js';
import type { PluginContext, TarsPlugin } from './plugin-types.js';

/** How imports of `.tars` files are compiled. */
export interface TarsPluginOptions extends Pick<CompileOptions, 'include' | 'plain' | 'long' | 'only' | 'withTars'> {
  /** Folder that relative paths of `include` begin at; that of the process unless told. */
  readonly root?: string;
}

/** The modules get names that end in `.ts`, so that the bundler's own transformer takes the types out of them. */
const MAIN = '.tars.ts';
const SERVANT = '.tars.servant.ts';

/**
 * Lets a bundler import `.tars` files: `import { HelloProxy } from './Hello.tars'`, and `./Hello.tars?servant` for its servants. Files that
 * change are compiled again.
 *
 * In Vite it stands among the plugins as it is; Rollup needs one for TypeScript behind it.
 */
export function tarsPlugin(options: TarsPluginOptions = {}): TarsPlugin {
  return {
    name: 'tars2ts',
    enforce: 'pre',
    resolveId(source, importer) {
      const [, path, query] = /^(.*)\.tars(\?servant)?$/.exec(source) ?? [];
      if (path === undefined) return undefined;
      const suffix = query === undefined ? MAIN : SERVANT;
      if (isAbsolute(path)) return path + suffix;
      if (!path.startsWith('.') || importer === undefined) return undefined;
      return resolve(dirname(importer.split('?', 1)[0] as string), path) + suffix;
    },
    load(id) {
      const isServant = id.endsWith(SERVANT);
      if (!isServant && !id.endsWith(MAIN)) return undefined;
      const path = `${id.slice(0, -(isServant ? SERVANT : MAIN).length)}.tars`;
      return compileModule(this, path, isServant ? 'servant' : 'main', options);
    },
  };
}

function compileModule(
  context: PluginContext,
  path: string,
  kind: 'main' | 'servant',
  options: TarsPluginOptions,
): string {
  const { root, only, ...rest } = options;
  const result = tryCompile([path], {
    ...rest,
    ...(root === undefined ? {} : { cwd: root }),
    // Where servants are wanted is said by the import, so that a page never gets them by chance.
    only: kind === 'servant' ? 'server' : (only ?? 'client'),
    importExtension: '.tars',
  });
  for (const file of result.watched) context.addWatchFile(file);
  const [problem] = sortProblems(result.problems);
  if (problem !== undefined) return fail(context, problem, resolve(root ?? '.'));
  const output = result.files.find((file) => file.source === path && file.kind === kind);
  return output?.text ?? 'export {};\n';
}

function fail(context: PluginContext, problem: Problem, root: string): never {
  const [, ...frame] = formatProblem(problem).split('\n');
  const { file, line, column, message } = problem;
  return context.error({
    message: `${shortPath(file, root)}:${line}:${column}: ${message}`,
    id: file,
    loc: { file, line, column: column - 1 },
    frame: frame.join('\n'),
  });
}
