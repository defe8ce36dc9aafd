import type { Where } from '@tarsier/protocol';
import type { RegistrySettings } from './registry/registry-settings.js';
import type { ReportSettings } from './report/report-settings.js';
import type { DnsSettings } from './resolve/dns-settings.js';
import type { ConnectOptions, ForwardProxy } from './transport/connect-options.js';

/** What the properties say that not every environment can use. */
export interface EnvironmentSettings extends Pick<ConnectOptions, 'forwardProxy' | 'tls'> {
  /** Absent where programs cannot look names up. */
  readonly dns?: DnsSettings;
  /** Absent where there is no registry, or none is told of. */
  readonly registry?: RegistrySettings | undefined;
  /** Absent where nobody takes reports. */
  readonly report?: ReportSettings | undefined;
}

/** What an environment may be told: the properties for it, and `ServantProxy.setProxy`. */
export interface EnvironmentOptions {
  /** The default of a property; '' for none. */
  initial(name: string): string;
  /**
   * Checks the text of a property; those that it does not know are fine.
   *
   * @throws ConfigException that names it.
   */
  check(name: string, text: string): void;
  /** What the properties say. */
  read(text: (name: string) => string): EnvironmentSettings;
  /**
   * Checks a forward proxy given by the program.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT`.
   */
  forwardProxy(proxy: ForwardProxy, where: Where): ForwardProxy;
}
