import { Application } from '@tarsier/framework';
import { framing } from './protocol.js';
import { Subscribers } from './subscribers.js';
import { TickerServant, TickerThread } from './ticker.js';

/** Object names of the two adapters: the same servant class behind WebSocket for pages and TCP for programs. */
export const WEB_OBJECT = 'Example.BrowserPush.WebObj';
export const TCP_OBJECT = 'Example.BrowserPush.TcpObj';

/** The server of this example; which transports carry it is a matter of its configuration alone. */
export class BrowserPushServer extends Application {
  readonly #subscribers = new Subscribers();
  readonly #thread = new TickerThread(this.#subscribers);

  override initialize(): void {
    for (const name of [WEB_OBJECT, TCP_OBJECT]) {
      this.addServant(TickerServant, name, this.#subscribers);
      this.addServantProtocol(name, framing);
    }
    this.#thread.start();
  }

  override async destroyApp(): Promise<void> {
    this.#thread.terminate();
    await this.#thread.join();
  }
}
