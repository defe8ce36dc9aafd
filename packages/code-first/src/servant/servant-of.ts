import { type Current, TarsServant } from '@tarsier/framework';
import { declareInterface } from '../interface/interface-declaration.js';
import { type ContractClass, interfaceOf } from '../interface/interface-of.js';
import type { FunctionNames, FunctionOf, MethodInputs, MethodResult } from '../interface/method-types.js';
import { checkFree } from '../interface/taken-name.js';
import { CodeFirstServant } from './code-first-servant.js';

/** The methods that a servant of a contract has: they take the inputs and the Current, and give the result or a promise of it. */
export type ServantMethods<Contract> = {
  [K in FunctionNames<Contract>]: (
    ...args: [...inputs: MethodInputs<FunctionOf<Contract, K>>, current: Current]
  ) => MethodResult<FunctionOf<Contract, K>> | Promise<MethodResult<FunctionOf<Contract, K>>>;
};

/** The base of the servants of a contract. */
export type ServantBase = abstract new () => CodeFirstServant;

const classes = new WeakMap<object, ServantBase>();
/** Members that are made by constructors, and the one that would make a promise of it. */
const ownMembers = ['tarsInterface', 'then'];

/**
 * The base class of the servants of a contract, the same one each time. With `implements` the compiler says what is missing; without it,
 * the constructor does.
 *
 * ```ts
 * class HelloServant extends servantOf(Hello) implements ServantMethods<Hello> {
 *   testHello(sReq: string, current: Current) {
 *     return { _ret: 0, sRsp: `hello ${sReq}` };
 *   }
 * }
 * ```
 *
 * @throws TarsException when the class is no interface, or a function has the name of a member of all servants.
 */
export function servantOf(contract: ContractClass<object>): ServantBase {
  let made = classes.get(contract);
  if (made === undefined) {
    const found = interfaceOf(contract);
    for (const name of found.functions.keys()) checkFree(name, TarsServant.prototype, 'servant', ownMembers);
    abstract class ContractServant extends CodeFirstServant {}
    declareInterface(ContractServant, found);
    made = ContractServant;
    classes.set(contract, made);
  }
  return made;
}
