import { declarationFault } from '../declare/declaration-fault.js';
import { type AnyClass, declared } from '../declare/declared.js';
import { splitFullName } from '../declare/full-name.js';
import { declaredMethods, declareInterface } from './interface-declaration.js';

/**
 * Makes a class an interface of TARS: its members with `@TarsMethod` are the functions.
 *
 * ```ts
 * @TarsInterface('TestApp.Hello')
 * abstract class Hello {
 *   @TarsMethod({ returns: tars.string, params: { name: tars.string } })
 *   greet!: (name: string) => Promise<string>;
 * }
 * ```
 *
 * @param name module and name.
 * @throws TarsException when there is no function.
 */
export function TarsInterface(name: string): (target: AnyClass) => void {
  splitFullName(name);
  return (target) => {
    // A class that extends another may describe a function again.
    const functions = new Map(declaredMethods(target.prototype as object).map((fn) => [fn.name, fn]));
    if (functions.size === 0) {
      throw declarationFault(
        `${name} has no functions; put @TarsMethod(…) before members that are not abstract, as some compilers drop it there: name!: (…) => Promise<…>`,
      );
    }
    declareInterface(target, { name, functions });
    declared.interfaces.set(name, target);
  };
}
