import { Buffer } from 'node:buffer';
import { LabError } from '../lab-error.js';
import type { MemoryNetwork } from '../network/memory-network.js';
import { memoryPlace } from './memory-place.js';
import { PeerScript } from './peer-script.js';
import { PeerSession } from './peer-session.js';
import type { PeerEvents, PeerPlace, PeerSocket } from './peer-socket.js';
import { realPlace } from './real-place.js';

/** Adds steps to an empty script. */
export type ScriptWriter = (script: PeerScript) => unknown;

/** What both kinds of fake peers may be given. */
export interface FakePeerOptions {
  /** Where it lives; on real sockets unless given. */
  readonly network?: MemoryNetwork;
  /** Milliseconds that `done()` waits, of the clock that counts there; 5000 unless given. */
  readonly timeoutMs?: number;
}

/** A peer for tests of clients. */
export interface FakeServerOptions extends FakePeerOptions {
  /** One script for every connection, or one for each in the order in which they come. */
  readonly script: ScriptWriter | readonly ScriptWriter[];
  /** Where it listens; `tcp -h 127.0.0.1 -p 0` unless given. */
  readonly endpoint?: string;
}

const DEFAULT_TIMEOUT_MS = 5000;

function scriptOf(write: ScriptWriter): PeerScript {
  const script = new PeerScript();
  write(script);
  return script;
}

/** A fake server or a fake client; see {@link fakeServer} and {@link fakeClient}. */
export class FakePeer {
  /** Where the server listens, or where the client has connected to. */
  endpoint = '';
  readonly #name: string;
  readonly #place: PeerPlace;
  readonly #timeoutMs: number;
  readonly #scripts: readonly PeerScript[];
  readonly #isForAll: boolean;
  readonly #sessions: PeerSession[] = [];
  #surplus: LabError | undefined;
  #closePort: (() => void) | undefined;
  #waiting: (() => void)[] = [];

  /** @internal */
  constructor(name: string, script: ScriptWriter | readonly ScriptWriter[], options: FakePeerOptions) {
    const { network, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    this.#name = name;
    this.#place = network === undefined ? realPlace : memoryPlace(network);
    this.#timeoutMs = timeoutMs;
    this.#isForAll = typeof script === 'function';
    this.#scripts = typeof script === 'function' ? [scriptOf(script)] : script.map(scriptOf);
  }

  /** Connections that came, those that are over included. */
  get connections(): number {
    return this.#sessions.length;
  }

  /** What a connection has received, by its number from 0. */
  received(connection = 0): Buffer {
    return Buffer.concat(this.#sessions[connection]?.received ?? []);
  }

  /**
   * Resolves when the script of every connection is done: of all scripts when each connection has its own, else of the connections
   * so far, one at least.
   *
   * @throws LabError as soon as a script was not followed, with what was expected and received; and after `timeoutMs`, with the step that
   *   waits.
   */
  async done(): Promise<void> {
    let isLate = false;
    const cancel = this.#place.after(this.#timeoutMs, () => {
      isLate = true;
      this.#changed();
    });
    try {
      for (;;) {
        const error = this.#surplus ?? this.#sessions.find((session) => session.error !== undefined)?.error;
        if (error !== undefined) throw error;
        const wanted = this.#isForAll ? Math.max(1, this.#sessions.length) : this.#scripts.length;
        const unfinished = this.#sessions.find((session) => !session.isDone);
        if (unfinished === undefined && this.#sessions.length >= wanted) return;
        if (isLate) {
          if (unfinished !== undefined) throw unfinished.unfinished();
          throw new LabError(`${this.#name}: ${this.#sessions.length} of ${wanted} connections came`);
        }
        await new Promise<void>((resolve) => {
          this.#waiting.push(resolve);
        });
      }
    } finally {
      cancel();
    }
  }

  /** Closes the port and every connection, wherever its script stands. */
  close(): void {
    this.#closePort?.();
    for (const session of this.#sessions) session.stop();
  }

  /** @internal */
  async listen(endpoint: string): Promise<this> {
    const listening = await this.#place.listen(endpoint, (socket) => this.#begin(socket));
    this.endpoint = listening.endpoint;
    this.#closePort = () => {
      listening.close();
    };
    return this;
  }

  /** @internal */
  async connect(endpoint: string): Promise<this> {
    this.endpoint = endpoint;
    await this.#place.connect(endpoint, (socket) => this.#begin(socket));
    return this;
  }

  #begin(socket: PeerSocket): PeerEvents {
    const number = this.#sessions.length;
    const script = this.#isForAll ? this.#scripts[0] : this.#scripts[number];
    const name = `${this.#name}, connection ${number + 1}`;
    if (script === undefined) this.#surplus = new LabError(`${name} has no script; there are ${this.#scripts.length}`);
    const session = new PeerSession(socket, this.#place, (script ?? new PeerScript().reset()).steps, name, () => {
      this.#changed();
    });
    this.#sessions.push(session);
    // Not from within: the first step may send.
    queueMicrotask(() => {
      void session.run();
    });
    return session;
  }

  #changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/**
 * A server that follows a script, for tests of clients.
 *
 * ```ts
 * const server = await fakeServer({
 *   script: (s) => s.expect(hex('00 00 00 08 00 00 00 01')).send('half an ans').stall(200).reset(),
 * });
 * const proxy = communicator.stringToProxy(`Test.Echo.EchoObj@${server.endpoint}`);
 * // … calls fail as they should …
 * await server.done();
 * server.close();
 * ```
 *
 * @throws what the system says when the port cannot be opened.
 */
export function fakeServer(options: FakeServerOptions): Promise<FakePeer> {
  const { script, endpoint = 'tcp -h 127.0.0.1 -p 0', ...rest } = options;
  return new FakePeer('fake server', script, rest).listen(endpoint);
}

/**
 * A client that follows a script, for tests of servers. Resolves when it is connected; on a network in memory let time run meanwhile.
 *
 * ```ts
 * const client = await fakeClient('tcp -h 127.0.0.1 -p 10099', (s) => s.send('GET').expect('200 OK').expectEnd().close());
 * await client.done();
 * client.close();
 * ```
 *
 * @throws what the system says when it is refused.
 */
export function fakeClient(endpoint: string, script: ScriptWriter, options: FakePeerOptions = {}): Promise<FakePeer> {
  return new FakePeer('fake client', script, options).connect(endpoint);
}
