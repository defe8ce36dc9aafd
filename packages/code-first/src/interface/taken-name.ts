import { declarationFault } from '../declare/declaration-fault.js';

/** What promises have: an object with a method `then` is taken for one wherever it is awaited or returned. */
const ofPromises: ReadonlySet<string> = new Set(['then', 'catch', 'finally']);

/**
 * Fails for the names that JavaScript calls by itself, or takes for a method that every object has. tars2ts, in whose IDL files they may
 * stand, gives the methods of such functions an underscore.
 */
export function checkLanguageName(name: string, where: string): void {
  if (!ofPromises.has(name) && name !== 'toJSON' && !(name in Object.prototype)) return;
  throw declarationFault(
    `the function ${where} has the name ${name}, which JavaScript uses itself; take another, or where a server has it already have its IDL compiled by tars2ts`,
  );
}

/**
 * Fails when a function would take the place of something that its proxy or servant needs.
 *
 * @param more names that prototypes do not show.
 */
export function checkFree(name: string, prototype: object, what: string, more: readonly string[]): void {
  if (name in prototype || more.includes(name)) {
    throw declarationFault(`no ${what} can have the function ${name}: it has a member of that name; take another`);
  }
}
