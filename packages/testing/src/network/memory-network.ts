import { isIP } from 'node:net';
import type {
  Acceptor,
  Listening,
  ServerTransport,
  Transport,
  TransportConnection,
  TransportHandlers,
} from '@tarsier/framework';
import { Endpoint } from '@tarsier/protocol';
import { Random } from '../random.js';
import type { VirtualTime } from '../time/virtual-time.js';
import { DatagramLink } from './datagram-link.js';
import { FaultScript, type Faults, mergeFaults } from './faults.js';
import { type LinkContext, systemError } from './link-context.js';
import { type ClientHandlers, type LinkHost, type LinkPlace, MemoryLink } from './memory-link.js';
import { connectionOf, StreamClient } from './stream-client.js';
import { Trace, type TraceEvent } from './trace.js';

/** What a {@link MemoryNetwork} is made of. */
export interface MemoryNetworkOptions {
  /** The clock of everything that uses the network. */
  readonly time: VirtualTime;
  /** Of all that is drawn: latencies, sizes of pieces, losses. The same seed gives the same run. 1 unless given. */
  readonly seed?: number;
  /** What a kernel buffers for a socket in each direction; 65,536 unless given. */
  readonly kernelBytes?: number;
  /** `writableHighWaterMark` of the sockets; 16,384 unless given, as in Node 20. */
  readonly highWaterMark?: number;
  /** Events that the trace keeps at least; 100,000 unless given. */
  readonly traceLimit?: number;
}

/** Which connections a rule is for; what is left out matches any. */
export interface LinkFilter {
  /** Where they go, as `tcp -h a -p 1`. */
  readonly to?: string;
  /** Address of the client. */
  readonly from?: string;
}

/** A connection of the network, for streams or datagrams. */
export type NetworkLink = MemoryLink | DatagramLink;

/** What becomes of a server that crashes. */
export interface CrashOptions {
  /** True as when the machine loses its power: nobody is told. Otherwise as when the process is killed: its peers get a reset. */
  readonly silent?: boolean;
}

interface Listener {
  readonly endpoint: Endpoint;
  readonly acceptor: Acceptor;
  state: 'up' | 'crashed' | 'silent';
}

const DEFAULT_IP = '127.0.0.1';
const FIRST_CHOSEN_PORT = 30_000;
const FIRST_CLIENT_PORT = 40_000;
const CLIENT_PORTS = 25_000;

/** Where an endpoint is, whatever path a WebSocket has. */
function placeOf({ type, host, port }: { type: string; host: string; port: number }): string {
  return `${type}:${host}:${port}`;
}

/** A {@link FaultScript} for every connection, those to come included, that a filter matches. */
class FaultRule extends FaultScript {
  readonly #to: string | undefined;
  readonly #from: string | undefined;

  constructor(filter: LinkFilter, changed: () => void) {
    super(changed);
    this.#to = filter.to === undefined ? undefined : placeOf(Endpoint.parse(filter.to));
    this.#from = filter.from;
  }

  matches({ endpoint, from }: LinkPlace): boolean {
    return (
      (this.#to === undefined || this.#to === placeOf(endpoint)) && (this.#from === undefined || this.#from === from.ip)
    );
  }
}

/**
 * A network in memory, between communicators and applications of one process. Bytes, connects and closes are events of a
 * {@link VirtualTime}, so that a run takes no time, and is the same run for the same seed.
 *
 * Endpoints of all types are served: `udp` as datagrams, all others as streams. Names need no resolver: an endpoint is found by its
 * type, host and port as they are written; `0.0.0.0` and `::` listen on every host. Nothing is encrypted or framed.
 *
 * ```ts
 * const time = new VirtualTime();
 * const network = new MemoryNetwork({ time, seed: 7 });
 * const app = new MyServer({ time, transports: [network.serverTransport] });
 * const communicator = new Communicator({}, { time, transports: [network.transport] });
 * network.on({ to: 'tcp -h 127.0.0.1 -p 10099' }).latency([5, 20]).cut(1);
 * ```
 */
export class MemoryNetwork {
  /** For `CommunicatorOptions.transports`; its client has the address 127.0.0.1. */
  readonly transport: Transport;
  /** For `ApplicationOptions.transports`. Port 0 with an IP address chooses a port. */
  readonly serverTransport: ServerTransport;
  readonly seed: number;
  /** Its clock. */
  readonly time: VirtualTime;
  readonly #context: LinkContext;
  readonly #host: LinkHost;
  readonly #trace: Trace;
  readonly #links = new Map<number, NetworkLink>();
  readonly #listeners = new Map<string, Listener>();
  readonly #rules: FaultRule[] = [];
  #partitions: { a: string; b: string | undefined }[] = [];
  #linkCount = 0;
  #chosenPorts = 0;

  constructor(options: MemoryNetworkOptions) {
    const { time, seed = 1, kernelBytes = 65_536, highWaterMark = 16_384, traceLimit = 100_000 } = options;
    this.seed = seed;
    this.time = time;
    this.#context = { time, random: new Random(seed), kernelBytes, highWaterMark, note: `seed ${seed}` };
    this.#trace = new Trace(traceLimit);
    this.#host = {
      faultsOf: (link) => this.#faultsOf(link),
      acceptorAt: (at) => {
        const listener = this.#find(at);
        return listener?.state === 'up' ? listener.acceptor : undefined;
      },
      over: (link) => {
        this.#links.delete(link.id);
      },
      note: (link, what, direction, bytes = 0) => {
        this.#trace.add({ atMs: time.now(), link: link.id, direction, bytes, what });
      },
    };
    this.transport = this.clientAt(DEFAULT_IP);
    this.serverTransport = {
      name: 'memory',
      canListen: () => true,
      listen: (acceptor) => this.#listen(acceptor),
    };
  }

  /** The transport of a client with that address, for rules, partitions and access lists. */
  clientAt(ip: string): Transport {
    return {
      name: 'memory',
      canConnect: () => true,
      connect: (endpoint, handlers) => this.#connect(ip, endpoint, handlers),
    };
  }

  /**
   * Faults for all connections that the filter matches, now and later. Of several rules that set the same the newest counts.
   *
   * @throws EndpointParseException for an endpoint that does not parse.
   */
  on(filter: LinkFilter = {}): FaultScript {
    const rule = new FaultRule(filter, () => {
      this.#changed();
    });
    this.#rules.push(rule);
    return rule;
  }

  /** The stream connections that are not over, oldest first. */
  connections(filter: LinkFilter = {}): MemoryLink[] {
    const rule = new FaultRule(filter, () => {});
    return this.links().filter((link) => link instanceof MemoryLink && rule.matches(link)) as MemoryLink[];
  }

  /** Everything that is not over, datagram sockets included. */
  links(): NetworkLink[] {
    return [...this.#links.values()];
  }

  /** Where somebody listens. */
  listening(): Endpoint[] {
    return Array.from(this.#listeners.values(), ({ endpoint }) => endpoint);
  }

  /**
   * Separates two hosts: nothing gets through either way, and nobody is told. A host is the `-h` of an endpoint or the address of a
   * client; without `b` it is separated from all others.
   */
  partition(a: string, b?: string): void {
    this.#partitions.push({ a, b });
    this.#note('partition', `${a} from ${b ?? 'all others'}`);
    this.#changed();
  }

  /** Ends all partitions. What TCP would have repeated meanwhile arrives now. */
  heal(): void {
    this.#partitions = [];
    this.#note('heal', '');
    this.#changed();
  }

  /**
   * The server at an endpoint crashes: its port is gone, and so are all its connections. The application itself lives on and sees
   * each connection reset; {@link MemoryNetwork.restart} opens its port again.
   *
   * @throws RangeError when nobody listens there.
   */
  crash(endpoint: string, { silent = false }: CrashOptions = {}): void {
    const listener = this.#listenerAt(endpoint);
    listener.state = silent ? 'silent' : 'crashed';
    this.#note(silent ? 'crash in silence' : 'crash', endpoint);
    this.#changed();
    for (const link of this.connections()) {
      if (this.#find(link.endpoint) === listener) link.crash(silent);
    }
  }

  /**
   * The server that crashed is back, and knows nothing of its old connections: what comes on one of them is answered with a reset.
   *
   * @throws RangeError when it has closed its port meanwhile.
   */
  restart(endpoint: string): void {
    this.#listenerAt(endpoint).state = 'up';
    this.#note('restart', endpoint);
    this.#changed();
  }

  /** What happened, oldest first. */
  get events(): readonly TraceEvent[] {
    return this.#trace.events;
  }

  /** What happened, one line each: `time  #link direction what bytes`; of one link when its number is given. */
  trace(link?: number): string[] {
    return this.#trace.lines(link);
  }

  /** @internal A stream for somebody who is no communicator. */
  open(ip: string, endpoint: Endpoint, handlers: ClientHandlers): MemoryLink {
    const link = new MemoryLink(this.#place(ip, endpoint), this.#context, this.#host, handlers, (changed) => {
      changed.changed();
    });
    this.#links.set(link.id, link);
    link.connect();
    return link;
  }

  #connect(ip: string, endpoint: Endpoint, handlers: TransportHandlers): TransportConnection {
    if (endpoint.type === 'udp') {
      const link = new DatagramLink(this.#place(ip, endpoint), this.#context, this.#host, handlers);
      this.#links.set(link.id, link);
      return link;
    }
    return connectionOf(this.open(ip, endpoint, new StreamClient(handlers)).client);
  }

  #place(ip: string, endpoint: Endpoint): LinkPlace {
    const id = ++this.#linkCount;
    return { id, endpoint, from: { ip, port: FIRST_CLIENT_PORT + ((id - 1) % CLIENT_PORTS) } };
  }

  async #listen(acceptor: Acceptor): Promise<Listening> {
    const endpoint = this.#withPort(acceptor.config.endpoint);
    const key = placeOf(endpoint);
    // The port of a server that has crashed is free for its successor.
    const holder = this.#listeners.get(key);
    if (holder !== undefined && holder.state !== 'crashed')
      throw systemError(this.#context, `listen ${key}`, 'EADDRINUSE');
    const listener: Listener = { endpoint, acceptor, state: 'up' };
    this.#listeners.set(key, listener);
    this.#note('listen', key);
    return {
      endpoint,
      close: () => {
        if (this.#listeners.get(key) !== listener) return;
        this.#listeners.delete(key);
        this.#note('close port', key);
        // A machine that was down without a word is up again, as far as its peers can see.
        if (listener.state !== 'up') this.#changed();
      },
    };
  }

  #withPort(endpoint: Endpoint): Endpoint {
    // With a name it is the path of a Unix socket, as for TCP.
    if (endpoint.port !== 0 || isIP(endpoint.host) === 0) return endpoint;
    const { type, host, timeoutMs, grid, qos, weight, weightType, authType, path } = endpoint;
    let port = FIRST_CHOSEN_PORT + this.#chosenPorts++;
    while (this.#listeners.has(placeOf({ type, host, port }))) port = FIRST_CHOSEN_PORT + this.#chosenPorts++;
    return Endpoint.of({ type, host, port, timeoutMs, grid, qos, weight, weightType, authType, path });
  }

  #find({ type, host, port }: Endpoint): Listener | undefined {
    return (
      this.#listeners.get(placeOf({ type, host, port })) ??
      this.#listeners.get(placeOf({ type, host: '0.0.0.0', port })) ??
      this.#listeners.get(placeOf({ type, host: '::', port }))
    );
  }

  #listenerAt(text: string): Listener {
    const listener = this.#find(Endpoint.parse(text));
    if (listener !== undefined) return listener;
    const known = this.listening().map(placeOf).join(', ');
    throw new RangeError(`nobody listens at ${text}; the network (${this.#context.note}) knows: ${known || 'nobody'}`);
  }

  #faultsOf(link: FaultScript & LinkPlace): Faults {
    const faults = mergeFaults([...this.#rules.filter((rule) => rule.matches(link)), link]);
    if (!this.#isCutOff(link) && this.#find(link.endpoint)?.state !== 'silent') return faults;
    const { toServer, toClient } = faults;
    return { ...faults, toServer: { ...toServer, isSilent: true }, toClient: { ...toClient, isSilent: true } };
  }

  #isCutOff({ endpoint, from }: LinkPlace): boolean {
    const hosts = [endpoint.host, from.ip];
    return this.#partitions.some(({ a, b }) => {
      if (!hosts.includes(a)) return false;
      return b === undefined ? endpoint.host !== from.ip : a !== b && hosts.includes(b);
    });
  }

  #changed(): void {
    for (const link of this.#links.values()) link.changed();
  }

  /** What is not about one link is written as of link 0. */
  #note(what: string, about: string): void {
    const text = about === '' ? what : `${what} ${about}`;
    this.#trace.add({ atMs: this.#context.time.now(), link: 0, direction: undefined, bytes: 0, what: text });
  }
}
