import type { TarsInterface } from '@tarsier/protocol';
import { declarationFault } from '../declare/declaration-fault.js';
import { declaredInterface } from './interface-declaration.js';

/** A class with `@TarsInterface`. */
export type ContractClass<Contract extends object> = abstract new (...args: never[]) => Contract;

/** The interface that a class, or one that it extends, is by `@TarsInterface`. @throws TarsException when it is none. */
export function interfaceOf(contract: ContractClass<object>): TarsInterface {
  const found = declaredInterface(contract);
  if (found === undefined) {
    throw declarationFault(`${contract.name} is no interface: give it @TarsInterface('Module.Name')`);
  }
  return found;
}
