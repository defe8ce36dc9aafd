import { Application, ServerConfig, type TarsConfig } from '@tarsier/framework';
import { parse } from './parse.js';
import { PushInfoThread } from './push-info-thread.js';
import { TestPushServantImp } from './test-push-servant-imp.js';

const SERVER = '/tars/application/server';

/** What may differ from the document. */
export interface TestPushServerOptions {
  /** Instead of the endpoints in the configuration. */
  readonly endpoint?: string | undefined;
  /** Time between two pushes. */
  readonly pushMs?: number | undefined;
}

/** The server of the document. */
export class TestPushServer extends Application {
  readonly #endpoint: string | undefined;
  readonly #pushThread: PushInfoThread;

  constructor(options: TestPushServerOptions = {}) {
    super();
    this.#endpoint = options.endpoint;
    this.#pushThread = new PushInfoThread(options.pushMs);
  }

  override onParseConfig(config: TarsConfig): void {
    if (this.#endpoint === undefined) return;
    for (const adapter of config.getDomainVector(SERVER)) config.set(`${SERVER}/${adapter}<endpoint>`, this.#endpoint);
  }

  override initialize(): void {
    const name = `${ServerConfig.Application}.${ServerConfig.ServerName}.TestPushServantObj`;
    this.addServant(TestPushServantImp, name);
    this.addServantProtocol(name, parse);
    this.#pushThread.start();
  }

  override async destroyApp(): Promise<void> {
    this.#pushThread.terminate();
    await this.#pushThread.join();
  }
}
