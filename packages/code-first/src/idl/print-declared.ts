import { type AnyClass, declared } from '../declare/declared.js';
import { splitFullName } from '../declare/full-name.js';
import { printIdl } from './print-idl.js';

/**
 * The IDL of all structs and interfaces that the program has declared so far; empty when there are none.
 *
 * @param module only those of this module, and what they need.
 * @throws TarsException as {@link printIdl}.
 */
export function printDeclaredIdl(module?: string): string {
  const isWanted = ([name]: readonly [string, AnyClass]): boolean =>
    module === undefined || splitFullName(name).module === module;
  return printIdl([...declared.structs, ...declared.interfaces].filter(isWanted).map(([, target]) => target));
}
