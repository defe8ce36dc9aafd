import {
  Application,
  type ApplicationConfig,
  type Current,
  LogLevel,
  setLogLevel,
  TarsServant,
} from '@tarsier/framework';
import {
  encodeResponse,
  ProtocolVersion,
  ResponsePacket,
  type TarsFunction,
  type TarsInterface,
  tars,
  tarsFunction,
} from '@tarsier/protocol';
import { type TarsCallOptions, TarsProxy } from '@tarsier/proxy';
import { type RegistryOptions, type RunningRegistry, startRegistry } from './start-registry.js';

const whoAreYou: TarsFunction<[], string> = tarsFunction('whoAreYou', tars.string, []);

/** Says its name. */
export class NameServant extends TarsServant {
  readonly tarsInterface: TarsInterface = { name: 'T.Name', functions: new Map([['whoAreYou', whoAreYou]]) };
  readonly #name: string;

  constructor(name: string) {
    super();
    this.#name = name;
  }

  whoAreYou(): string {
    return this.#name;
  }

  /** As servers of TarsGo do: clients take their next calls elsewhere. */
  override goaway(current: Current): void {
    const goodbye = new ResponsePacket();
    goodbye.iVersion = ProtocolVersion.TARSVERSION;
    goodbye.sResultDesc = '_reconnect_';
    current.sendResponse(encodeResponse(goodbye));
  }
}

export class NameProxy extends TarsProxy {
  whoAreYou(options?: TarsCallOptions): Promise<string> {
    return this.invoke(whoAreYou, [], options);
  }
}

export const OBJECT = 'T.S.NameObj';

setLogLevel(LogLevel.NONE);

const open = new Set<() => Promise<void>>();

/** Ends what a test has started; for `afterEach`. */
export async function endAll(): Promise<void> {
  const all = [...open].toReversed();
  open.clear();
  for (const end of all) await end();
}

export function atEnd(end: () => Promise<void>): void {
  open.add(end);
}

export async function registry(options: RegistryOptions = {}): Promise<RunningRegistry> {
  const running = await startRegistry(options);
  atEnd(() => running.stop());
  return running;
}

/** A server of `T.S.NameObj` on a port that the system chose. */
export async function server(name: string, config: ApplicationConfig = {}, host = '127.0.0.1'): Promise<Application> {
  const app = new Application();
  atEnd(() => app.terminate());
  app.addServant(NameServant, OBJECT, name);
  await app.main({
    app: 'T',
    server: 'S',
    loglevel: 'NONE',
    adapters: { NameAdapter: { servant: OBJECT, endpoint: `tcp -h ${host} -p 0 -t 60000`, protocol: 'tars' } },
    ...config,
  });
  return app;
}

export function portOf(app: Application): number {
  return app.getBindAdapter(OBJECT)?.getEndpoint().port ?? 0;
}

/** Waits for something that nobody tells of. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (;;) {
    if (await holds()) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
