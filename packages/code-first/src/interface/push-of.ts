import { type ByteVector, encodePush, type PushOptions } from '@tarsier/protocol';
import { type ContractClass, interfaceOf } from './interface-of.js';
import type { FunctionNames, FunctionOf, MethodResult } from './method-types.js';

/** By function: makes the packet of a push of its result. */
export type Pushes<Contract> = {
  readonly [K in FunctionNames<Contract>]: (
    result: MethodResult<FunctionOf<Contract, K>>,
    options?: PushOptions,
  ) => ByteVector;
};

const made = new WeakMap<object, object>();

/**
 * Encodes pushes: results of functions that nobody has called, as whole packets, for `current.sendResponse(packet)` and for hubs.
 *
 * ```ts
 * current.sendResponse(pushOf(Hello).testHello({ _ret: 0, sRsp: 'news' }));
 * ```
 *
 * @throws TarsException when the class is no interface.
 */
export function pushOf<Contract extends object>(contract: ContractClass<Contract>): Pushes<Contract> {
  let pushes = made.get(contract);
  if (pushes === undefined) {
    const { functions } = interfaceOf(contract);
    pushes = Object.fromEntries(
      [...functions.values()].map((fn) => [
        fn.name,
        (result: unknown, options?: PushOptions): ByteVector => encodePush(fn, result, options),
      ]),
    );
    made.set(contract, pushes);
  }
  return pushes as Pushes<Contract>;
}
