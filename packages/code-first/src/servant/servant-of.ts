import { type Current, TarsServant } from '@tarsier/framework';
import { TarsException, type TarsInterface } from '@tarsier/protocol';
import { type ContractClass, interfaceOf } from '../interface/interface-of.js';
import type { FunctionNames, FunctionOf, MethodInputs, MethodResult } from '../interface/method-types.js';
import { checkFree } from '../interface/taken-name.js';

/** The methods that a servant of a contract has: they take the inputs and the Current, and give the result or a promise of it. */
export type ServantMethods<Contract> = {
  [K in FunctionNames<Contract>]: (
    ...args: [...inputs: MethodInputs<FunctionOf<Contract, K>>, current: Current]
  ) => MethodResult<FunctionOf<Contract, K>> | Promise<MethodResult<FunctionOf<Contract, K>>>;
};

/** The base of the servants of a contract. */
export type ServantBase = abstract new () => TarsServant;

const classes = new WeakMap<object, ServantBase>();
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
    made = makeClass(contract);
    classes.set(contract, made);
  }
  return made;
}

function makeClass(contract: ContractClass<object>): ServantBase {
  const found = interfaceOf(contract);
  for (const name of found.functions.keys()) checkFree(name, TarsServant.prototype, 'servant', ownMembers);
  abstract class ContractServant extends TarsServant {
    readonly tarsInterface: TarsInterface = found;

    constructor() {
      super();
      checkComplete(this, found);
    }
  }
  return ContractServant;
}

/** @throws TarsException when a function has no method. */
function checkComplete(servant: object, { name, functions }: TarsInterface): void {
  for (const fn of functions.keys()) {
    if (typeof Reflect.get(servant, fn) === 'function') continue;
    throw new TarsException(
      `${servant.constructor.name} has no method ${fn}, which ${name} has; methods that are made by the constructor come too late`,
      { code: 'TARSIER_SERVANT_INVALID', where: { func: fn } },
    );
  }
}
