import { type ServantProxyInit, type TarsCallOptions, TarsProxy } from '@tarsier/proxy';
import type { AnyFunction } from './interface-declaration.js';
import { type ContractClass, interfaceOf } from './interface-of.js';
import type { FunctionNames, FunctionOf, MethodInputs, MethodResult } from './method-types.js';
import { checkFree } from './taken-name.js';

/** The methods of a proxy: the inputs, then the options of the call if there are any. */
export type ProxyMethods<Contract> = {
  readonly [K in FunctionNames<Contract>]: (
    ...args: [...inputs: MethodInputs<FunctionOf<Contract, K>>, options?: TarsCallOptions]
  ) => Promise<MethodResult<FunctionOf<Contract, K>>>;
};

/** A proxy of a contract. */
export type ProxyOf<Contract> = TarsProxy & ProxyMethods<Contract>;

/** Its class, for `communicator.stringToProxy`. */
export type ProxyClassOf<Contract> = new (init: ServantProxyInit) => ProxyOf<Contract>;

const classes = new WeakMap<object, new (init: ServantProxyInit) => TarsProxy>();
/** Members that are made by constructors, and the one that would make a promise of it. */
const ownMembers = ['communicator', 'name', 'fullName', 'setName', 'then'];

/**
 * The class of proxies of a contract, the same one each time.
 *
 * ```ts
 * const hello = communicator.stringToProxy(proxyOf(Hello), 'TestApp.HelloServer.HelloObj@tcp -h 127.0.0.1 -p 10000');
 * await hello.testHello('hi', { timeoutMs: 500 });
 * ```
 *
 * @throws TarsException when it is none, or a function has the name of a member of all proxies.
 */
export function proxyOf<Contract extends object>(contract: ContractClass<Contract>): ProxyClassOf<Contract> {
  let made = classes.get(contract);
  if (made === undefined) {
    made = makeClass(contract);
    classes.set(contract, made);
  }
  return made as ProxyClassOf<Contract>;
}

function makeClass(contract: ContractClass<object>): new (init: ServantProxyInit) => TarsProxy {
  const { functions } = interfaceOf(contract);
  class CodeFirstProxy extends TarsProxy {
    /** Gives what is protected to the methods that are made below. */
    static invokeOn(
      proxy: CodeFirstProxy,
      fn: AnyFunction,
      args: never,
      options: TarsCallOptions | undefined,
    ): Promise<unknown> {
      return proxy.invoke(fn, args, options);
    }
  }
  Object.defineProperty(CodeFirstProxy, 'name', { value: `${contract.name}Proxy` });
  for (const fn of functions.values()) {
    checkFree(fn.name, TarsProxy.prototype, 'proxy', ownMembers);
    const inputs = fn.params.filter((param) => !param.isOut).length;
    const method = function (this: CodeFirstProxy, ...args: unknown[]): Promise<unknown> {
      const options = args[inputs] as TarsCallOptions | undefined;
      return CodeFirstProxy.invokeOn(this, fn, args.slice(0, inputs) as never, options);
    };
    Object.defineProperty(CodeFirstProxy.prototype, fn.name, { value: method, writable: true, configurable: true });
  }
  return CodeFirstProxy;
}
