import type { Where } from '@tarsier/protocol';
import type { ConnectOptions, ForwardProxy } from './connect-options.js';

/** What the transports of an environment may be given: the properties for it, and `ServantProxy.setProxy`. */
export interface TransportOptions {
  /** The default of a property; '' for none. */
  initial(name: string): string;
  /**
   * Checks the text of a property; those that it does not know are fine.
   *
   * @throws ConfigException that names it.
   */
  check(name: string, text: string): void;
  /** What the properties say. */
  read(text: (name: string) => string): Pick<ConnectOptions, 'forwardProxy' | 'tls'>;
  /**
   * Checks a forward proxy given by the program.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT`.
   */
  forwardProxy(proxy: ForwardProxy, where: Where): ForwardProxy;
}
