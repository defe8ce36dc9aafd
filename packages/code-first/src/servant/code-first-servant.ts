import { TarsServant } from '@tarsier/framework';
import { TarsException, type TarsInterface } from '@tarsier/protocol';
import { type ContractClass, interfaceOf } from '../interface/interface-of.js';

/**
 * The base of servants whose interface is that of decorators: their own, when they have `@TarsInterface` themselves, or those of a contract
 * (see {@link servantOf}).
 *
 * ```ts
 * @TarsInterface('TestApp.Echo')
 * class EchoServant extends CodeFirstServant {
 *   @TarsMethod({ returns: tars.string, params: { text: tars.string } })
 *   echo(text: string, current: Current): string {
 *     return text;
 *   }
 * }
 * ```
 */
export abstract class CodeFirstServant extends TarsServant {
  /** What the decorators say. */
  readonly tarsInterface: TarsInterface;

  /** @throws TarsException when there are no decorators, or a function has no method. */
  constructor() {
    super();
    this.tarsInterface = interfaceOf(new.target as ContractClass<object>);
    const { name, functions } = this.tarsInterface;
    for (const fn of functions.keys()) {
      if (typeof Reflect.get(this, fn) === 'function') continue;
      throw new TarsException(
        `${new.target.name} has no method ${fn}, which ${name} has; one that is made by its constructor comes too late`,
        { code: 'TARSIER_SERVANT_INVALID', where: { func: fn } },
      );
    }
  }
}
