import type { TarsException, TarsInterface } from '@tarsier/protocol';
import { TarsPrxCallback } from '@tarsier/proxy';
import type { AnyFunction } from './interface-declaration.js';
import { type ContractClass, interfaceOf } from './interface-of.js';
import type { FunctionNames, FunctionOf, MethodResult } from './method-types.js';

/** By function: what takes its results. */
export type ResultHandlers<Contract> = {
  readonly [K in FunctionNames<Contract>]?: (
    result: MethodResult<FunctionOf<Contract, K>>,
    context: ReadonlyMap<string, string>,
  ) => void;
};

class CodeFirstCallback extends TarsPrxCallback {
  readonly tarsInterface: TarsInterface;

  constructor(tarsInterface: TarsInterface) {
    super();
    this.tarsInterface = tarsInterface;
  }
}

/**
 * A callback that takes what servers push: for `proxy.setPushCallback`.
 *
 * ```ts
 * hello.setPushCallback(callbackOf(Hello, { testHello: ({ sRsp }) => show(sRsp) }));
 * ```
 *
 * @param failed gets the failures, as of a push that does not decode; without it they are `error` events of the proxy.
 * @throws TarsException when the class is no interface.
 */
export function callbackOf<Contract extends object>(
  contract: ContractClass<Contract>,
  handlers: ResultHandlers<Contract>,
  failed?: (error: TarsException) => void,
): TarsPrxCallback {
  const found = interfaceOf(contract);
  const callback = new CodeFirstCallback(found);
  for (const fn of found.functions.values()) {
    const handler = Reflect.get(handlers, fn.name) as ((result: unknown, context: unknown) => void) | undefined;
    const method = `callback${fn.name.charAt(0).toUpperCase()}${fn.name.slice(1)}`;
    if (handler !== undefined) {
      Reflect.set(callback, method, (...values: unknown[]) => {
        handler.call(handlers, resultOf(fn, values), callback.getResponseContext());
      });
    }
    if (failed !== undefined)
      Reflect.set(callback, `${method}Exception`, (_iRet: number, error: TarsException) => failed(error));
  }
  return callback;
}

/** The values in the order of the IDL, as the function's result. */
function resultOf(fn: AnyFunction, values: readonly unknown[]): unknown {
  const outs = fn.params.filter((param) => param.isOut).map(({ name }) => name);
  if (outs.length === 0) return values[0];
  const names = fn.result === undefined ? outs : ['_ret', ...outs];
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}
