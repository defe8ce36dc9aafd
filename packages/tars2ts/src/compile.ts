import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { FileChecker } from './check/check-files.js';
import type { Definition, FileModel } from './check/model.js';
import type { CompileOptions } from './compile-options.js';
import { FileNames } from './generate/file-names.js';
import { generateMain, generateServants } from './generate/generate-file.js';
import { languageNameNotes } from './generate/language-names.js';
import type { GenerateOptions, Unit } from './generate/options.js';
import { readFromDisk } from './load/file-reader.js';
import { FileLoader, type LoadedFile } from './load/load-files.js';
import { type Problem, sortProblems, TarsIdlError } from './source/problem.js';
import type { SourceFile } from './source/source-file.js';

/** A file of TypeScript. */
export interface OutputFile {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
  /** The `.tars` file that it was made from, as absolute path. */
  readonly source: string;
  /** Whether it has the servants, or all the rest. */
  readonly kind: 'main' | 'servant';
}

/** What came of a run. */
export interface CompileResult {
  /** Empty when there are problems. */
  readonly files: readonly OutputFile[];
  readonly problems: readonly Problem[];
  /** What is worth knowing, and no fault: functions whose methods get another name. */
  readonly notes: readonly string[];
  /** Everything whose change may change the result: sources, what they include, and where that was looked for in vain. */
  readonly watched: readonly string[];
}

/**
 * Compiles `.tars` files and what they include to TypeScript, and writes nothing.
 *
 * `Hello.tars` becomes `Hello.ts` with types, proxies and callbacks, and `HelloServant.ts` with the servants, so that a web page that imports the
 * first does not get the server.
 *
 * @throws TarsIdlError with all faults that were found.
 */
export function compile(files: readonly string[], options: CompileOptions = {}): OutputFile[] {
  const result = tryCompile(files, options);
  if (result.problems.length === 0) return [...result.files];
  const cwd = resolve(options.cwd ?? '.');
  throw new TarsIdlError(result.problems, (file) => shortPath(file, cwd));
}

/** As {@link compile}, with the faults as a part of the result. */
export function tryCompile(files: readonly string[], options: CompileOptions = {}): CompileResult {
  const cwd = resolve(options.cwd ?? '.');
  const problems: Problem[] = [];
  const includeDirs = (options.include ?? []).map((dir) => resolve(cwd, dir));
  const loader = new FileLoader(options.readFile ?? readFromDisk, includeDirs, problems);
  const loaded: LoadedFile[] = [];
  for (const file of files) {
    const path = resolve(cwd, file);
    const one = loader.load(path);
    if (one === undefined) problems.push(missing(path));
    else loaded.push(one);
  }
  const checker = new FileChecker(problems, {
    withTars: options.withTars ?? false,
    isLongNumber: options.long === 'number',
  });
  // From the top, so that of files which include each other the same one comes first as in C++.
  for (const file of loaded) checker.check(file);
  const models = withIncludes(loaded).map((file) => checker.check(file));
  checker.finish();
  const places = outputPlaces(models, options.out === undefined ? undefined : resolve(cwd, options.out), problems);
  const watched = loader.watched;
  if (problems.length > 0) return { files: [], problems: sortProblems(problems), notes: [], watched };
  return { files: generateAll(models, places, options), problems, notes: languageNameNotes(models), watched };
}

/** A path for messages: from the folder that paths begin at, when it is not far. */
export function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short.startsWith(`..${sep}..${sep}`) || short === '' ? path : short;
}

function missing(path: string): Problem {
  return {
    file: path,
    line: 1,
    column: 1,
    length: 1,
    message: 'there is no such file; correct the path',
    sourceLine: '',
  };
}

/** Included files come first, each once. */
function withIncludes(files: readonly LoadedFile[]): LoadedFile[] {
  const all = new Set<LoadedFile>();
  const open = new Set<LoadedFile>();
  const visit = (file: LoadedFile): void => {
    if (all.has(file) || open.has(file)) return;
    open.add(file);
    for (const included of file.includes) visit(included.file);
    all.add(file);
  };
  for (const file of files) visit(file);
  return [...all];
}

interface OutputPlace {
  readonly main: string;
  readonly servant: string;
}

function outputPlaces(
  models: readonly FileModel[],
  out: string | undefined,
  problems: Problem[],
): Map<SourceFile, OutputPlace> {
  const places = new Map<SourceFile, OutputPlace>();
  const taken = new Map<string, string>();
  for (const { source } of models) {
    const stem = basename(source.path).replace(/\.tars$/, '');
    const base = join(out ?? dirname(source.path), stem);
    const place = { main: `${base}.ts`, servant: `${base}Servant.ts` };
    for (const path of [place.main, place.servant]) {
      const other = taken.get(path);
      if (other !== undefined && other !== source.path) {
        const message = `its output ${path} is that of ${other} too; rename one of the files`;
        problems.push({ ...missing(source.path), message });
        break;
      }
      taken.set(path, source.path);
    }
    places.set(source, place);
  }
  return places;
}

function generateOptionsOf({ plain, long, only }: CompileOptions): GenerateOptions {
  return { plain: plain ?? false, long: long ?? 'bigint', only: only ?? 'all' };
}

function generateAll(
  models: readonly FileModel[],
  places: ReadonlyMap<SourceFile, OutputPlace>,
  options: CompileOptions,
): OutputFile[] {
  const generateOptions = generateOptionsOf(options);
  const extension = options.importExtension ?? '.js';
  const names = new Map(models.map((file) => [file.source, new FileNames(file)]));
  const files: OutputFile[] = [];
  for (const file of models) {
    const place = places.get(file.source) as OutputPlace;
    const unit: Unit = {
      file,
      options: generateOptions,
      names: names.get(file.source) as FileNames,
      title: basename(file.source.path),
      namesOf: (definition: Definition) => names.get(definition.file) as FileNames,
      specifierOf: (definition: Definition) =>
        specifier(place.main, (places.get(definition.file) as OutputPlace).main, extension),
    };
    const source = file.source.path;
    files.push({ path: place.main, text: generateMain(unit), source, kind: 'main' });
    const servants = generateServants(unit);
    if (servants !== undefined) files.push({ path: place.servant, text: servants, source, kind: 'servant' });
  }
  return files;
}

/** How one output imports another. */
function specifier(from: string, to: string, extension: string): string {
  const path = relative(dirname(from), to).split(sep).join('/').replace(/\.ts$/, extension);
  return path.startsWith('.') ? path : `./${path}`;
}
