import type { TarsConfig } from '@tarsier/protocol';
import type { Communicator } from '@tarsier/proxy';
import type { BindAdapter } from './adapter/bind-adapter.js';
import type { ServerBaseInfo } from './server-config.js';

/** An application as its servants see it. */
export interface ApplicationContext {
  /** The client side of the application; see `Application.getCommunicator`. */
  getCommunicator(): Communicator;
  /** The configuration as it was read. */
  getConfig(): TarsConfig;
  /** The values of the server section. */
  getServerBaseInfo(): Readonly<ServerBaseInfo>;
  /** The adapter of a servant, by full name or by the name within this server. */
  getBindAdapter(servant: string): BindAdapter | undefined;
  /** Whether the end has begun. */
  isTerminate(): boolean;
  /** Ends the application; see `Application.terminate`. */
  terminate(): Promise<void>;
}
