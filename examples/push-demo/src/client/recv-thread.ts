import { Communicator, type ProxyStatistics, ServantProxy } from '@tarsier/framework';
import { PushThread } from '@tarsier/servant-push';
import { pushProtocol } from './push-protocol.js';
import { TestPushCallBack } from './test-push-call-back.js';

/** Whom the client calls, and how often. */
export interface RecvThreadOptions {
  /** As `Test.TestPushServer.TestPushServantObj`. */
  readonly object: string;
  /** As `tcp -h 127.0.0.1 -t 60000 -p 10099`. */
  readonly endpoint: string;
  /** Time between two heartbeats. */
  readonly heartbeatMs?: number;
}

/**
 * Sends heartbeats, and receives what the server pushes.
 *
 * The first heartbeat makes the server know this client; the others keep it from closing the connection as idle.
 */
export class RecvThread extends PushThread {
  readonly #comm = new Communicator();
  readonly #prx: ServantProxy;
  readonly #heartbeatMs: number;

  /** @throws EndpointParseException when the object or the endpoint does not parse. */
  constructor({ object, endpoint, heartbeatMs = 5000 }: RecvThreadOptions) {
    super();
    this.#heartbeatMs = heartbeatMs;
    this.#prx = this.#comm.stringToProxy(ServantProxy, `${object}@${endpoint}`);
    this.#prx.setProtocol(pushProtocol);
  }

  /** What was sent and what came. */
  statistics(): ProxyStatistics {
    return this.#prx.statistics();
  }

  override async run(): Promise<void> {
    this.#prx.setPushCallback(new TestPushCallBack());
    try {
      let last: Promise<void> | undefined;
      while (!this.isTerminated) {
        last = this.#heartbeat();
        await this.timedWait(this.#heartbeatMs);
      }
      // It may be under way: the end of the communicator would fail it.
      await last;
    } finally {
      // Or the connection would keep the program alive.
      await this.#comm.terminate();
    }
  }

  /** Resolves when it is answered or has failed, which the callback prints. */
  #heartbeat(): Promise<void> {
    const callback = new TestPushCallBack();
    return new Promise((resolve) => {
      this.#prx.rpcCallAsync(this.#prx.genRequestId(), 'printResult', 'heartbeat', {
        onDispatch: (message) => {
          callback.onDispatch(message);
          resolve();
        },
      });
    });
  }
}
