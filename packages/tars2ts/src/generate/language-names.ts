import type { FileModel } from '../check/model.js';

/** What promises have: an object with a method `then` is taken for one wherever it is awaited or returned. */
const ofPromises: ReadonlySet<string> = new Set(['then', 'catch', 'finally']);

/**
 * Whether JavaScript calls a method of this name by itself, or takes it for one that every object has: `then` when an object is returned from an
 * async function, `toJSON` when it is made JSON, `toString` and `valueOf` when it is compared or put into a text. The package
 * code-first refuses the same names.
 */
export function isLanguageName(name: string): boolean {
  return ofPromises.has(name) || name === 'toJSON' || name in Object.prototype;
}

/** A sentence for each function whose methods get another name because of the language. */
export function languageNameNotes(models: readonly FileModel[]): string[] {
  return models.flatMap(({ definitions }) =>
    definitions.flatMap((definition) => {
      if (definition.kind !== 'interface') return [];
      const found = definition.functions.filter(({ name }) => isLanguageName(name));
      return found.map(({ name }) => {
        return `the methods of ${definition.name}::${name} are called ${name}_, because JavaScript uses ${name} itself; on the wire it stays ${name}`;
      });
    }),
  );
}
