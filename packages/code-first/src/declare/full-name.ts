import { declarationFault } from './declaration-fault.js';

const identifier = /^[A-Za-z_]\w*$/;

/** Whether an IDL and JavaScript can have such a name: what is called `__proto__` would be the prototype of an object, and no member. */
export function isIdentifier(name: string): boolean {
  return identifier.test(name) && name !== '__proto__';
}

/** Splits `TestApp.User`. @throws TarsException for anything else. */
export function splitFullName(fullName: string): { readonly module: string; readonly name: string } {
  const parts = fullName.split('.');
  const [module, name] = parts;
  if (parts.length !== 2 || module === undefined || name === undefined || !parts.every(isIdentifier)) {
    throw declarationFault(`'${fullName}' is no name of TARS; give the module and the name, as 'TestApp.User'`);
  }
  return { module, name };
}
