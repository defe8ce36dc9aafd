import { declarationFault } from '../declare/declaration-fault.js';

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
