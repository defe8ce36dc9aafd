import { type Problem, problemAt } from '../source/problem.js';
import type { SourceFile, Span } from '../source/source-file.js';
import type { NameNode, ReferenceNode } from '../syntax/tree.js';
import type { Definition, EnumModel, StructModel } from './model.js';

/**
 * The names that a file can use: its own so far, and those of what it includes. As in C++ a name has to be defined above its use.
 */
export class Scope {
  readonly source: SourceFile;
  readonly #problems: Problem[];
  readonly #names = new Map<string, Definition>();
  readonly #modules = new Set<string>();
  /** Every definition of the run, for hints. */
  readonly #all: ReadonlyMap<string, Definition>;

  constructor(source: SourceFile, problems: Problem[], all: ReadonlyMap<string, Definition>) {
    this.source = source;
    this.#problems = problems;
    this.#all = all;
  }

  report(span: Span, message: string): void {
    this.#problems.push(problemAt(span, message));
  }

  openModule(name: string): void {
    this.#modules.add(name);
  }

  isModule(name: string): boolean {
    return this.#modules.has(name);
  }

  /** Takes over what an included file has. */
  include(other: Scope, span: Span): void {
    for (const name of other.#modules) this.#modules.add(name);
    for (const [key, definition] of other.#names) {
      const known = this.#names.get(key);
      if (known === undefined) this.#names.set(key, definition);
      else if (known !== definition) {
        this.report(span, `${key} is defined here and in ${placeOf(known.span)}; rename one of them`);
      }
    }
  }

  define(definition: Definition): boolean {
    const key = `${definition.module}::${definition.name}`;
    const known = this.#names.get(key);
    if (known !== undefined) {
      this.report(definition.span, `${key} is defined already, in ${placeOf(known.span)}; choose another name`);
      return false;
    }
    this.#names.set(key, definition);
    return true;
  }

  /** @param module the one that the reference stands in. */
  find(reference: ReferenceNode, module: string): Definition | undefined {
    const [first, second, ...more] = reference.parts;
    if (first === undefined || more.length > 0) return undefined;
    return this.#names.get(second === undefined ? `${module}::${first.text}` : `${first.text}::${second.text}`);
  }

  /** A type by its name. Reports when there is none. */
  findType(reference: ReferenceNode, module: string): EnumModel | StructModel | undefined {
    const found = this.find(reference, module);
    if (found?.kind === 'enum' || found?.kind === 'struct') return found;
    const name = reference.parts.map(({ text }) => text).join('::');
    if (found !== undefined) {
      const what = found.kind === 'const' ? 'a constant' : 'an interface';
      this.report(reference, `${name} is ${what} and no type; use a struct, an enum or a builtin type`);
      return undefined;
    }
    this.report(reference, `there is no type ${name}${this.#hint(reference, module)}`);
    return undefined;
  }

  /** All enums of a module, for enumerators that are used without the name of their enum. */
  enumsOf(module: string): EnumModel[] {
    return [...this.#names.values()].filter((known) => known.kind === 'enum' && known.module === module) as EnumModel[];
  }

  #hint(reference: ReferenceNode, module: string): string {
    const [first, second] = reference.parts as [NameNode, NameNode | undefined];
    const name = (second ?? first).text;
    const elsewhere = second === undefined ? [...this.#names.values()].filter((known) => known.name === name) : [];
    if (elsewhere[0] !== undefined) return `; write ${elsewhere[0].module}::${name}`;
    const later = this.#all.get(second === undefined ? `${module}::${name}` : `${first.text}::${name}`);
    if (later === undefined) {
      const similar = this.#similar(name, module);
      return similar === undefined ? '; define it above, or include its file' : `; did you mean ${similar}?`;
    }
    if (later.file === this.source) return `; it is defined below, in line ${lineOf(later.span)}: move it up`;
    return `; it is defined in ${placeOf(later.span)}, which has to be included`;
  }

  #similar(name: string, module: string): string | undefined {
    const wanted = name.toLowerCase();
    return [...this.#names.values()].find(
      (known) => known.module === module && known.kind !== 'const' && known.name.toLowerCase() === wanted,
    )?.name;
  }
}

function lineOf({ source, start }: Span): number {
  return source.placeOf(start).line;
}

/** `Base.tars, line 3`, for messages. */
export function placeOf(span: Span): string {
  const name = span.source.path.replace(/^.*[\\/]/, '');
  return `${name}, line ${lineOf(span)}`;
}
