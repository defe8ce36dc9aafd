import type { CodeWriter } from './layout.js';

interface ImportedName {
  readonly name: string;
  readonly alias: string;
  isValue: boolean;
}

/** The imports of a generated file, gathered while its code is written. */
export class Imports {
  readonly #modules = new Map<string, Map<string, ImportedName>>();

  /** @returns the name to use. */
  value(from: string, name: string, alias: string = name): string {
    return this.#add(from, name, alias, true);
  }

  /** For types only. */
  type(from: string, name: string, alias: string = name): string {
    return this.#add(from, name, alias, false);
  }

  #add(from: string, name: string, alias: string, isValue: boolean): string {
    let names = this.#modules.get(from);
    if (names === undefined) {
      names = new Map();
      this.#modules.set(from, names);
    }
    const known = names.get(name);
    if (known === undefined) names.set(name, { name, alias, isValue });
    else known.isValue ||= isValue;
    return known?.alias ?? alias;
  }

  /** In the order in which the formatter sorts them. */
  write(writer: CodeWriter): void {
    for (const [from, names] of [...this.#modules].toSorted(([a], [b]) => byDistance(a, b))) {
      const sorted = [...names.values()].toSorted((a, b) => naturally(a.name, b.name));
      const typesOnly = sorted.every(({ isValue }) => !isValue);
      const items = sorted.map(({ name, alias, isValue }) => {
        const text = alias === name ? name : `${name} as ${alias}`;
        return isValue || typesOnly ? text : `type ${text}`;
      });
      writer.list(`import ${typesOnly ? 'type ' : ''}{`, items, `} from '${from}';`, { spaced: true });
    }
  }
}

function byDistance(a: string, b: string): number {
  const distance = (from: string): number => (from.startsWith('../') ? 1 : from.startsWith('./') ? 2 : 0);
  return distance(a) - distance(b) || naturally(a, b);
}

/** As the formatter sorts: A, a, B, b, and numbers by their value. */
function naturally(a: string, b: string): number {
  const left = a.match(/\d+|./g) ?? [];
  const right = b.match(/\d+|./g) ?? [];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    const order = Number(part) - Number(other) || compare(part.toLowerCase(), other.toLowerCase());
    return order || compare(part, other);
  }
  return left.length - right.length;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
