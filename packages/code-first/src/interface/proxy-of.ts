import { type ServantProxyInit, type TarsCallOptions, TarsProxy, type TarsPrxCallback } from '@tarsier/proxy';
import type { AnyFunction } from './interface-declaration.js';
import { type ContractClass, interfaceOf } from './interface-of.js';
import type { FunctionNames, FunctionOf, MethodInputs, MethodResult } from './method-types.js';
import { checkFree } from './taken-name.js';

/** The inputs of a call, then its options if there are any. */
type CallArgs<Contract, K extends keyof Contract> = [
  ...inputs: MethodInputs<FunctionOf<Contract, K>>,
  options?: TarsCallOptions,
];

/**
 * The methods of a proxy; those with `Async` take a callback, as `callbackOf` makes it, or null for a one-way call. Where a function has that
 * name itself, there is no such form.
 */
export type ProxyMethods<Contract> = {
  readonly [K in FunctionNames<Contract>]: (
    ...args: CallArgs<Contract, K>
  ) => Promise<MethodResult<FunctionOf<Contract, K>>>;
} & {
  readonly [K in FunctionNames<Contract> as Exclude<`${K}Async`, FunctionNames<Contract>>]: (
    callback: TarsPrxCallback | null,
    ...args: CallArgs<Contract, K>
  ) => void;
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
 * hello.testHelloAsync(null, 'one-way');
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

    /** The same, for a callback or none. */
    static invokeAsyncOn(
      proxy: CodeFirstProxy,
      fn: AnyFunction,
      args: never,
      callback: TarsPrxCallback | null,
      options: TarsCallOptions | undefined,
    ): void {
      proxy.invokeAsync(fn, args, callback, options);
    }
  }
  Object.defineProperty(CodeFirstProxy, 'name', { value: `${contract.name}Proxy` });
  const names = new Set([...functions.values()].map(({ name }) => name));
  for (const fn of functions.values()) {
    checkFree(fn.name, TarsProxy.prototype, 'proxy', ownMembers);
    const inputs = fn.params.filter((param) => !param.isOut).length;
    const method = function (this: CodeFirstProxy, ...args: unknown[]): Promise<unknown> {
      const options = args[inputs] as TarsCallOptions | undefined;
      return CodeFirstProxy.invokeOn(this, fn, args.slice(0, inputs) as never, options);
    };
    const withCallback = function (this: CodeFirstProxy, callback: TarsPrxCallback | null, ...args: unknown[]): void {
      const options = args[inputs] as TarsCallOptions | undefined;
      CodeFirstProxy.invokeAsyncOn(this, fn, args.slice(0, inputs) as never, callback, options);
    };
    define(CodeFirstProxy.prototype, fn.name, method);
    if (!names.has(`${fn.name}Async`)) define(CodeFirstProxy.prototype, `${fn.name}Async`, withCallback);
  }
  return CodeFirstProxy;
}

function define(prototype: object, name: string, value: (...args: never[]) => unknown): void {
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
}
