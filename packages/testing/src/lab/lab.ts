import {
  Application,
  type ApplicationConfig,
  type ApplicationOptions,
  Communicator,
  type CommunicatorOptions,
  type PropertyValue,
} from '@tarsier/framework';
import { LabError } from '../lab-error.js';
import { MemoryNetwork, type MemoryNetworkOptions } from '../network/memory-network.js';
import { Random } from '../random.js';
import { type RunLimit, VirtualTime } from '../time/virtual-time.js';
import { seedMathRandom } from './seeded-math.js';

/** How a {@link Lab} is made. */
export interface LabOptions extends Omit<MemoryNetworkOptions, 'time'> {
  /** Address of the clients; 127.0.0.1 unless given. */
  readonly clientIp?: string;
}

/** The clock of a process is never at 0, and code may take that for never. */
const START_MS = 1000;
/** Lines of the trace that an error shows. */
const TRACE_LINES = 20;
/** Of the end: longer than any time that a client or a server gives itself. */
const END_LIMIT_MS = 120_000;

/**
 * A clock that begins at 1000 ms, a network, and the applications and communicators on them: see {@link lab}.
 *
 * While it is open, `Math.random` draws from the seed, so that backoffs are the same each time.
 */
export class Lab {
  readonly seed: number;
  readonly time: VirtualTime;
  readonly network: MemoryNetwork;
  /** For an application that you make yourself: `new MyServer(lab.serverOptions)`, then {@link Lab.start}. */
  readonly serverOptions: ApplicationOptions;
  /** For a communicator that you make yourself. */
  readonly clientOptions: CommunicatorOptions;
  readonly #applications = new Set<Application>();
  readonly #communicators = new Set<Communicator>();
  readonly #freeMathRandom: () => void;
  #isOver = false;

  /** @internal */
  constructor(options: LabOptions = {}) {
    const { seed = 1, clientIp, ...rest } = options;
    this.seed = seed;
    this.time = new VirtualTime({ startMs: START_MS, note: `seed ${seed}` });
    this.network = new MemoryNetwork({ ...rest, seed, time: this.time });
    const transport = clientIp === undefined ? this.network.transport : this.network.clientAt(clientIp);
    this.serverOptions = { transports: [this.network.serverTransport], time: this.time };
    this.clientOptions = { transports: [transport], time: this.time };
    this.#freeMathRandom = seedMathRandom(new Random(~seed));
  }

  /**
   * Makes and starts an application. It logs nothing unless the configuration says so.
   *
   * @param setup what `initialize()` would do: adds the servants and their protocols.
   * @throws what `main` throws.
   */
  application(config: ApplicationConfig, setup: (app: Application) => void): Promise<Application> {
    const app = new Application(this.serverOptions);
    setup(app);
    return this.start(app, config);
  }

  /** Starts an application that was made with {@link Lab.serverOptions}; the end of the lab terminates it. */
  async start<T extends Application>(app: T, config: ApplicationConfig): Promise<T> {
    this.#applications.add(app);
    await this.run(app.main({ loglevel: 'NONE', ...config }));
    return app;
  }

  /** Makes a communicator; the end of the lab terminates it. */
  communicator(
    properties: Readonly<Record<string, PropertyValue>> = {},
    options: CommunicatorOptions = {},
  ): Communicator {
    const communicator = new Communicator(properties, { ...this.clientOptions, ...options });
    this.#communicators.add(communicator);
    return communicator;
  }

  /** As {@link VirtualTime.runUntil}: lets time pass until the promise settles. */
  run<T>(until: Promise<T> | (() => T), limit?: RunLimit): Promise<T> {
    return this.time.runUntil(until, limit);
  }

  /**
   * Ends all communicators and applications, and checks that nothing is left: no connection, no port, no timer. Called again it does
   * nothing.
   *
   * @throws LabError that lists what is left, with the last lines of the trace and the seed.
   */
  async end(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      await this.#terminate();
      // Ends that cross a slow line, and the last handshakes.
      await this.time.advance(0);
      this.#checkNothingLeft();
    } finally {
      this.#freeMathRandom();
    }
  }

  async #terminate(): Promise<void> {
    const ends = [
      ...Array.from(this.#communicators, (one) => one.terminate()),
      ...Array.from(this.#applications, (app) => (app.isTerminate() ? app.waitForShutdown() : app.terminate())),
    ];
    const all = Promise.allSettled(ends);
    let results: PromiseSettledResult<void>[];
    try {
      results = await this.run(all, { limitMs: END_LIMIT_MS });
    } catch (cause) {
      throw this.#error('the applications and communicators do not end', [], cause);
    }
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw this.#error('the end of an application failed', [], failed.reason);
  }

  #checkNothingLeft(): void {
    const left = [
      ...this.network.links().filter((link) => link.isHeld),
      ...this.network.listening().map((endpoint) => `a port: ${endpoint.toString()}`),
      ...this.time.waiting().filter((line) => line.includes('a timer of every')),
    ];
    if (left.length > 0) throw this.#error('something is left open', left.map(String));
  }

  #error(text: string, lines: readonly string[], cause?: unknown): LabError {
    const reason = cause instanceof Error ? `: ${cause.message}` : '';
    const listed = lines.map((line) => `\n  ${line}`).join('');
    const trace = this.network.trace().slice(-TRACE_LINES);
    const seen = trace.length === 0 ? '' : `\nthe end of the trace:\n${trace.join('\n')}`;
    return new LabError(`${text}${reason} (seed ${this.seed})${listed}${seen}`, cause === undefined ? {} : { cause });
  }
}

/**
 * A network in memory with a virtual clock, and what a test puts on it.
 *
 * ```ts
 * const here = lab({ seed: 7 });
 * await here.application(config, (app) => app.addServant(EchoServant, 'Test.Echo.EchoObj'));
 * const echo = here.communicator().stringToProxy('Test.Echo.EchoObj@tcp -h a -p 1');
 * here.network.on().latency(5);
 * const answer = await here.run(echo.rpcCall(echo.genRequestId(), 'echo', bytes));
 * await here.end();
 * ```
 */
export function lab(options: LabOptions = {}): Lab {
  return new Lab(options);
}
