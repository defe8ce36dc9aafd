import { Endpoint, type Logger, type ReqMessage, type TarsException } from '@tarsier/protocol';
import { idProtocol, packetsOf } from './call/id-protocol.testkit.js';
import { Communicator } from './communicator.js';
import type { PropertyValue } from './communicator-properties.js';
import type { Resolver, ResolveSession, ResolveTarget, ResolveWatcher } from './resolve/resolver.js';
import type { ServantProxy } from './servant-proxy.js';
import { ServantProxyCallback } from './servant-proxy-callback.js';
import { ManualTime } from './time/manual-time.testkit.js';
import { type MemoryConnection, MemoryTransport } from './transport/memory-transport.testkit.js';

/** Runs everything that waits for the end of the tick. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<TarsException> {
  try {
    await promise;
  } catch (error) {
    return error as TarsException;
  }
  throw new Error('the promise was expected to reject');
}

/** Keeps what it is given. */
export class Recorder extends ServantProxyCallback {
  readonly messages: ReqMessage[] = [];
  readonly log: string[] = [];

  override onDispatch(message: ReqMessage): number {
    this.messages.push(message);
    this.log.push(message.error?.code ?? message.response.sBuffer.toString());
    return 0;
  }

  override onConnect(endpoint: string): void {
    this.log.push(`connect ${endpoint}`);
  }

  override onClose(endpoint: string, error?: TarsException): void {
    this.log.push(`close ${endpoint} ${error?.code ?? 'wanted'}`);
  }
}

/** A logger that keeps its lines. */
export class LineLogger implements Logger {
  readonly lines: string[] = [];

  debug(message: string): void {
    this.lines.push(`debug ${message}`);
  }

  info(message: string): void {
    this.lines.push(`info ${message}`);
  }

  warn(message: string, fields?: object): void {
    this.lines.push(`warn ${message} ${JSON.stringify(fields)}`);
  }

  error(message: string): void {
    this.lines.push(`error ${message}`);
  }
}

/** A client without a network, whose time passes only when a test lets it. */
export interface MemoryClient {
  readonly time: ManualTime;
  readonly communicator: Communicator;
  readonly transport: MemoryTransport;
  readonly proxy: ServantProxy;
  readonly logger: LineLogger;
}

/** A communicator over memory, and a proxy of it with the protocol of ids. */
export function memoryClient(
  properties: Record<string, PropertyValue> = {},
  endpoints = 'tcp -h a -p 1',
  onAsked?: (connection: MemoryConnection) => void,
): MemoryClient {
  const transport = new MemoryTransport();
  transport.onAsked = onAsked;
  const [logger, time] = [new LineLogger(), new ManualTime()];
  const communicator = new Communicator(
    { timeoutcheckinterval: 1, ...properties },
    { logger, transports: [transport], time },
  );
  const proxy = communicator.stringToProxy(`Test.Echo.EchoObj@${endpoints}`);
  proxy.setProtocol(idProtocol);
  return { communicator, transport, proxy, logger, time };
}

/** One object being looked up, as a test sees it. */
export interface TestSession {
  readonly watcher: ResolveWatcher;
  refreshes: number;
  isStopped: boolean;
}

/** A resolver that says what the test says. */
export class TestResolver implements Resolver {
  readonly name = 'test';
  readonly sessions: TestSession[] = [];

  canResolve({ endpoints }: ResolveTarget): boolean {
    return endpoints.length === 0;
  }

  watch(_target: ResolveTarget, watcher: ResolveWatcher): ResolveSession {
    const session: TestSession = { watcher, refreshes: 0, isStopped: false };
    this.sessions.push(session);
    return {
      refresh: () => {
        session.refreshes++;
      },
      stop: () => {
        session.isStopped = true;
      },
    };
  }

  get current(): TestSession {
    const session = this.sessions.at(-1);
    if (session === undefined) throw new Error('nobody asked');
    return session;
  }

  update(...endpoints: string[]): void {
    this.current.watcher.update(endpoints.map((text) => Endpoint.parse(text)));
  }

  fail(message: string): void {
    this.current.watcher.failed(new Error(message));
  }
}

/** A client whose nodes the test tells. */
export interface ResolvedClient extends MemoryClient {
  readonly resolver: TestResolver;
}

/** A communicator over memory whose proxy has no node until `resolver.update`. */
export function resolvedClient(
  properties: Record<string, PropertyValue> = {},
  onAsked?: (connection: MemoryConnection) => void,
): ResolvedClient {
  const transport = new MemoryTransport();
  transport.onAsked = onAsked;
  const [logger, time, resolver] = [new LineLogger(), new ManualTime(), new TestResolver()];
  const communicator = new Communicator(
    { timeoutcheckinterval: 1, ...properties },
    { logger, transports: [transport], resolvers: [resolver], time },
  );
  const proxy = communicator.stringToProxy('Test.Echo.EchoObj');
  proxy.setProtocol(idProtocol);
  return { communicator, transport, proxy, logger, resolver, time };
}

/** A client whose only connection is established. */
export async function connectedClient(properties: Record<string, PropertyValue> = {}): Promise<MemoryClient> {
  const client = memoryClient(properties, 'tcp -h a -p 1', (connection) => {
    connection.accept();
  });
  await client.proxy.connect();
  return client;
}

/** The bodies of the requests that a connection was given since the last look. */
export function requestsOf(connection: MemoryConnection): string[] {
  return packetsOf(connection.take()).packets.map(({ body }) => body);
}
