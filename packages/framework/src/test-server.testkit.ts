import { type ByteVector, lengthField, type PacketParser } from '@tarsier/protocol';
import { Application } from './application.js';
import type { AdapterSection, ApplicationConfig } from './config/application-config.js';
import type { HandlerResult } from './connection/handler-result.js';
import type { Current } from './current.js';
import { Servant } from './servant.js';

export const framing = lengthField({
  bytes: 4,
  includesHeader: true,
  max: 1_000_000,
  requestId: { offset: 4, bytes: 4 },
});

/** What a test servant does, and what it has seen. */
export interface Behaviour {
  doRequest?: (current: Current, response: ByteVector) => HandlerResult;
  doClose?: (current: Current) => HandlerResult;
  goaway?: (current: Current) => void;
  onOverload?: (current: Current, response: ByteVector) => void;
  initialize?: () => void | Promise<void>;
  destroy?: () => void | Promise<void>;
}

export class TestServant extends Servant {
  readonly #behaviour: Behaviour;

  constructor(behaviour: Behaviour) {
    super();
    this.#behaviour = behaviour;
    // Not a method: a servant that has no words for it is ended without waiting for its peers.
    const { goaway } = behaviour;
    if (goaway !== undefined) {
      this.goaway = (current) => {
        goaway(current);
      };
    }
  }

  override initialize(): void | Promise<void> {
    return this.#behaviour.initialize?.();
  }

  override destroy(): void | Promise<void> {
    return this.#behaviour.destroy?.();
  }

  override doRequest(current: Current, response: ByteVector): HandlerResult {
    if (this.#behaviour.doRequest !== undefined) return this.#behaviour.doRequest(current, response);
    response.assign(current.getRequestVector());
    return 0;
  }

  override doClose(current: Current): HandlerResult {
    return this.#behaviour.doClose?.(current);
  }

  override onOverload(current: Current, response: ByteVector): void {
    this.#behaviour.onOverload?.(current, response);
  }
}

/** A running server with one servant `T.S.Obj` on a port that the system chose. */
export interface TestServer {
  readonly app: Application;
  readonly port: number;
}

const running = new Set<Application>();

export async function startServer(
  behaviour: Behaviour = {},
  adapter: Partial<AdapterSection> & { idle?: number } = {},
  config: ApplicationConfig = {},
  parser: PacketParser = framing,
): Promise<TestServer> {
  const { idle = 60_000, ...section } = adapter;
  const app = new Application();
  running.add(app);
  app.addServant(TestServant, 'T.S.Obj', behaviour);
  app.addServantProtocol('T.S.Obj', parser);
  await app.main({
    app: 'T',
    server: 'S',
    loglevel: 'NONE',
    ...config,
    adapters: {
      ObjAdapter: {
        servant: 'T.S.Obj',
        endpoint: `tcp -h 127.0.0.1 -p 0 -t ${idle}`,
        protocol: 'not_tars',
        maxconns: 10_000,
        ...section,
      },
    },
  });
  return { app, port: app.getBindAdapter('Obj')?.getEndpoint().port ?? 0 };
}

/** Ends every server that a test has started; for `afterEach`. */
export async function stopServers(): Promise<void> {
  const apps = [...running];
  running.clear();
  await Promise.all(apps.map((app) => app.terminate()));
}

/** Resolves with the `count`-th call of the function that it gives out. */
export function calls<T>(count: number): { readonly call: (value: T) => void; readonly all: Promise<T[]> } {
  const seen: T[] = [];
  let finish: (all: T[]) => void = () => {};
  const all = new Promise<T[]>((resolve) => {
    finish = resolve;
  });
  return {
    call: (value) => {
      seen.push(value);
      if (seen.length === count) finish(seen);
    },
    all,
  };
}
