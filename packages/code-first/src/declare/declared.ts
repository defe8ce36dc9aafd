/** A class, abstract or not. */
export type AnyClass = abstract new (...args: never[]) => object;

/** All that was declared in this program, by full names, for those who print it. */
export interface Declared {
  readonly structs: Map<string, AnyClass>;
  readonly interfaces: Map<string, AnyClass>;
  /** Members of enums: their values by their names. */
  readonly enums: Map<string, ReadonlyMap<string, number>>;
}

const place = Symbol.for('tarsier.code-first.declared');

/** One for all copies of this package: a command that is installed elsewhere finds what the program has declared. */
export const declared: Declared = ((globalThis as { [place]?: Declared })[place] ??= {
  structs: new Map(),
  interfaces: new Map(),
  enums: new Map(),
});
