import type { Definition, FileModel, InterfaceModel } from '../check/model.js';
import { NameTable } from './name-table.js';
import { capitalize, isTakenByCode, uncapitalize } from './reserved-names.js';

/** What the parts of an interface are called in TypeScript. */
export interface InterfaceNames {
  /** The servant: the name of the interface itself. */
  readonly servant: string;
  readonly functionsType: string;
  readonly functions: string;
  readonly constant: string;
  readonly proxy: string;
  readonly proxyAlias: string;
  readonly callback: string;
  /** By function; for those with out parameters. */
  readonly results: ReadonlyMap<string, string>;
}

/**
 * The names that a generated file exports. A file of one module uses those of the IDL; where there are several, each name gets its
 * module in front, as `Base_Point`.
 */
export class FileNames {
  readonly #names = new Map<Definition, string>();
  readonly #interfaces = new Map<InterfaceModel, InterfaceNames>();
  readonly #table = new NameTable(isTakenByCode);

  constructor(file: FileModel) {
    const prefixed = file.modules.length > 1;
    for (const definition of file.definitions) {
      const { module, name } = definition;
      this.#names.set(definition, this.#table.take(prefixed ? `${module}_${name}` : name));
    }
    for (const definition of file.definitions) {
      if (definition.kind === 'interface') this.#interfaces.set(definition, this.#interfaceNames(definition));
    }
  }

  of(definition: Definition): string {
    return this.#names.get(definition) ?? definition.name;
  }

  ofInterface(definition: InterfaceModel): InterfaceNames {
    return this.#interfaces.get(definition) as InterfaceNames;
  }

  /** For names that only one output needs. */
  fork(): NameTable {
    return this.#table.fork();
  }

  #interfaceNames(definition: InterfaceModel): InterfaceNames {
    const servant = this.of(definition);
    const take = (wanted: string): string => this.#table.take(wanted);
    const results = new Map<string, string>();
    for (const fn of definition.functions) {
      if (fn.params.some(({ isOut }) => isOut)) results.set(fn.name, take(`${servant}${capitalize(fn.name)}Result`));
    }
    return {
      servant,
      functionsType: take(`${servant}Functions`),
      functions: take(`${uncapitalize(servant)}Functions`),
      constant: take(`${servant}Interface`),
      proxy: take(`${servant}Proxy`),
      proxyAlias: take(`${servant}Prx`),
      callback: take(`${servant}PrxCallback`),
      results,
    };
  }
}
