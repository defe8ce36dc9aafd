import type { LoadedFile } from '../load/load-files.js';
import type { Problem } from '../source/problem.js';
import type { SourceFile, Span } from '../source/source-file.js';
import type { DefinitionNode, ModuleNode } from '../syntax/tree.js';
import { checkEnum } from './check-enum.js';
import { checkInterface } from './check-interface.js';
import { checkName } from './check-name.js';
import { checkKey, checkStruct } from './check-struct.js';
import { mapKeysOf, resolveType } from './check-type.js';
import { resolveValue } from './check-value.js';
import type { ConstModel, Definition, FileModel, Type } from './model.js';
import { Scope } from './scope.js';

/** What a run knows of a file. */
interface CheckedFile {
  readonly scope: Scope;
  readonly model: FileModel;
}

/** Looks up all names and checks what the grammar cannot; each file once. */
export class FileChecker {
  readonly #problems: Problem[];
  readonly #withTars: boolean;
  readonly #checked = new Map<LoadedFile, CheckedFile>();
  readonly #open = new Set<LoadedFile>();
  readonly #all = new Map<string, Definition>();
  readonly #mapKeys: { readonly type: Type; readonly span: Span }[] = [];

  constructor(problems: Problem[], withTars: boolean) {
    this.#problems = problems;
    this.#withTars = withTars;
  }

  check(file: LoadedFile): FileModel {
    return this.#file(file).model;
  }

  /** What can be said only when every file has been read. */
  finish(): void {
    for (const { type, span } of this.#mapKeys) {
      if (type.kind !== 'struct' || type.struct.keys !== undefined) continue;
      const { name } = type.struct;
      const example = type.struct.fields[0]?.name ?? 'member';
      const message = `${name} is the key of a map and has no order; add key[${name}, ${example}]; behind the struct`;
      new Scope(span.source, this.#problems, this.#all).report(span, message);
    }
  }

  #file(file: LoadedFile): CheckedFile {
    const known = this.#checked.get(file);
    if (known !== undefined) return known;
    this.#open.add(file);
    const { source, modules } = file.tree;
    this.#foresee(source, modules);
    const scope = new Scope(source, this.#problems, this.#all);
    for (const included of file.includes) {
      // Of two files that include each other the one read last cannot use the names of the other, as in C++.
      if (!this.#open.has(included.file)) scope.include(this.#file(included.file).scope, included.span);
    }
    const definitions = modules.flatMap((module) => this.#module(scope, module));
    const names = [...new Set(modules.map(({ name }) => name.text))];
    const checked = { scope, model: { source, modules: names, definitions } };
    this.#open.delete(file);
    this.#checked.set(file, checked);
    return checked;
  }

  /** Notes where names will be defined, for the hint that one is used too early. */
  #foresee(file: SourceFile, modules: readonly ModuleNode[]): void {
    for (const module of modules) {
      for (const node of module.definitions) {
        if (node.kind === 'key') continue;
        const { text: name } = node.name;
        const key = `${module.name.text}::${name}`;
        const base = { module: module.name.text, name, file, span: node.name, doc: [] };
        if (!this.#all.has(key)) this.#all.set(key, { ...base, kind: 'interface', functions: [] });
      }
    }
  }

  #module(scope: Scope, module: ModuleNode): Definition[] {
    checkName(scope, module.name, this.#withTars);
    scope.openModule(module.name.text);
    const definitions: Definition[] = [];
    for (const node of module.definitions) {
      const definition = this.#definition(scope, node, module.name.text);
      if (definition !== undefined) definitions.push(definition);
    }
    return definitions;
  }

  #definition(scope: Scope, node: DefinitionNode, module: string): Definition | undefined {
    switch (node.kind) {
      case 'key':
        checkKey(scope, node, module);
        return undefined;
      case 'struct': {
        const struct = checkStruct(scope, node, module, this.#withTars);
        for (const { name, type } of node.members) {
          const field = struct.fields.find((known) => known.name === name.text);
          if (field !== undefined) this.#noteMapKeys(field.type, type);
        }
        return struct;
      }
      case 'enum': {
        const model = checkEnum(scope, node, module, this.#withTars);
        scope.define(model);
        return model;
      }
      case 'const': {
        checkName(scope, node.name, this.#withTars);
        const type = resolveType(scope, node.type, module);
        const value = type === undefined ? undefined : resolveValue(scope, node.value, type, module);
        if (type === undefined || value === undefined) return undefined;
        const { text: name, source: file } = node.name;
        const model: ConstModel = { kind: 'const', module, name, file, span: node.name, doc: node.doc, type, value };
        scope.define(model);
        return model;
      }
      case 'interface': {
        const model = checkInterface(scope, node, module, this.#withTars);
        scope.define(model);
        for (const fn of node.functions) {
          const checked = model.functions.find(({ name }) => name === fn.name.text);
          if (checked?.result !== undefined && fn.result !== undefined) this.#noteMapKeys(checked.result, fn.result);
          for (const param of checked?.params ?? []) {
            this.#noteMapKeys(param.type, fn.params[param.tag - 1]?.type ?? fn.name);
          }
        }
        return model;
      }
    }
  }

  #noteMapKeys(type: Type, span: Span): void {
    for (const key of mapKeysOf(type)) this.#mapKeys.push({ type: key, span });
  }
}
