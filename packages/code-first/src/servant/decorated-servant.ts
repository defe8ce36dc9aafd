import { TarsServant } from '@tarsier/framework';
import type { TarsInterface } from '@tarsier/protocol';
import { type ContractClass, interfaceOf } from '../interface/interface-of.js';

/**
 * The base of servants that are their own contract: they have `@TarsInterface`, and `@TarsMethod` before their methods.
 *
 * ```ts
 * @TarsInterface('TestApp.Echo')
 * class EchoServant extends DecoratedServant {
 *   @TarsMethod({ returns: tars.string, params: { text: tars.string } })
 *   echo(text: string, current: Current): string {
 *     return text;
 *   }
 * }
 * ```
 */
export abstract class DecoratedServant extends TarsServant {
  /** What the decorators of its class say. @throws TarsException when there are none. */
  get tarsInterface(): TarsInterface {
    return interfaceOf(this.constructor as ContractClass<object>);
  }
}
