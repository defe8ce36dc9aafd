import { Application, type ApplicationConfig, type Current } from '@tarsier/framework';
import { PushHub } from '@tarsier/servant-push';
import { Hello, Push } from './generated/PushServant.js';

export const OBJECT = 'TestApp.PushCallbackServer.PushObj';
const SUBSCRIBERS = 'subscribers';

/** Lets callers into the group that is pushed to. */
export class HelloImp extends Hello {
  readonly #hub: PushHub;

  constructor(hub: PushHub) {
    super();
    this.#hub = hub;
  }

  override registerPush(current: Current): number {
    this.#hub.join(current, { groups: [SUBSCRIBERS] });
    return 0;
  }

  override doClose(current: Current): number {
    this.#hub.leave(current);
    return 0;
  }
}

/** Pushes a typed message to all that have registered, each `intervalMs`. */
export class PushServer extends Application {
  readonly hub: PushHub = new PushHub();
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(intervalMs: number) {
    super();
    this.#intervalMs = intervalMs;
  }

  override initialize(): void {
    this.addServant(HelloImp, OBJECT, this.hub);
    this.#timer = setInterval(() => {
      // Encoded once, however many there are.
      this.hub.group(SUBSCRIBERS).push(Push.encodePushPushMsg({ _ret: 0, sRsp: 'push message' }));
    }, this.#intervalMs);
  }

  override async destroyApp(): Promise<void> {
    clearInterval(this.#timer);
    await this.hub.close();
  }
}

/** @param port 0: the system chooses. */
export function pushConfig(port: number): ApplicationConfig {
  const endpoint = `tcp -h 127.0.0.1 -p ${port} -t 10000`;
  return {
    app: 'TestApp',
    server: 'PushCallbackServer',
    loglevel: 'WARN',
    adapters: { PushAdapter: { servant: OBJECT, endpoint, protocol: 'tars' } },
  };
}
