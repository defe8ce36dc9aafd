import type { Acceptor, Endpoint, WireHandlers } from '@tarsier/framework';
import { type Direction, FaultScript, type Faults } from './faults.js';
import { type LinkContext, latencyOf, systemError } from './link-context.js';
import { Pipe, type PipeHost } from './pipe.js';
import { StreamEnd } from './stream-end.js';

/** Where a client is. */
export interface ClientAddress {
  readonly ip: string;
  readonly port: number;
}

/** What a link asks of its network. @internal */
export interface LinkHost {
  faultsOf(link: FaultScript & LinkPlace): Faults;
  /** Who listens there now. */
  acceptorAt(endpoint: Endpoint): Acceptor | undefined;
  over(link: LinkPlace): void;
  note(link: LinkPlace, what: string, direction?: Direction, bytes?: number): void;
}

/** Where a link goes. */
export interface LinkPlace {
  /** 1 for the first link of the network. */
  readonly id: number;
  /** Where the client connects to. */
  readonly endpoint: Endpoint;
  readonly from: ClientAddress;
}

/** What the client of a link is told, besides what a wire tells. @internal */
export interface ClientHandlers extends WireHandlers {
  /** Whether it goes on sending when the server has ended. */
  readonly allowsHalfOpen: boolean;
  connected(): void;
}

/**
 * One connection of a {@link MemoryNetwork}, as the network sees it. It is a {@link FaultScript} of its own: what it sets counts for
 * this connection, and more than what rules say.
 */
export class MemoryLink extends FaultScript implements LinkPlace {
  readonly id: number;
  readonly endpoint: Endpoint;
  readonly from: ClientAddress;
  /** @internal */
  readonly client: StreamEnd;
  /** @internal */
  readonly server: StreamEnd;
  readonly #context: LinkContext;
  readonly #host: LinkHost;
  readonly #toServer: Pipe;
  readonly #toClient: Pipe;
  readonly #clientHandlers: ClientHandlers;
  #faults: Faults | undefined;
  #isConnected = false;
  #isAccepted = false;
  /** The client is connected, and the server's program has not heard of it yet. */
  #isAcceptDue = false;
  #isOver = false;
  /** Parts of the handshake that were lost, to be sent again. */
  #lost: { direction: Direction; arrive: () => void }[] = [];

  /** @internal */
  constructor(
    place: LinkPlace,
    context: LinkContext,
    host: LinkHost,
    clientHandlers: ClientHandlers,
    changed: (link: MemoryLink) => void,
  ) {
    super(() => {
      changed(this);
    });
    this.id = place.id;
    this.endpoint = place.endpoint;
    this.from = place.from;
    this.#context = context;
    this.#host = host;
    this.#clientHandlers = clientHandlers;
    const ends = {
      reset: (end: StreamEnd) => {
        this.#resetFrom(end);
      },
      closed: () => {
        this.#checkOver();
      },
      note: (end: StreamEnd, what: string, bytes: number) => {
        host.note(this, what, end === this.client ? 'toServer' : 'toClient', bytes);
      },
    };
    this.client = new StreamEnd(context, ends, !clientHandlers.allowsHalfOpen);
    this.server = new StreamEnd(context, ends, false);
    this.#toServer = new Pipe(context, this.#pipeHost('toServer'), this.client, this.server);
    this.#toClient = new Pipe(context, this.#pipeHost('toClient'), this.server, this.client);
    this.client.join(this.#toServer, this.#toClient);
    this.server.join(this.#toClient, this.#toServer);
    this.client.start(clientHandlers);
  }

  /** Established, and neither side was told that it is over. */
  get isOpen(): boolean {
    return this.#isConnected && !this.client.isClosed && !this.server.isClosed;
  }

  /** Whether a program at either side has it open: the server's from accept on, the client's until it was told of the end. */
  get isHeld(): boolean {
    return !this.client.isClosed || (this.#isAccepted && !this.server.isClosed);
  }

  /** Bytes that the server has read. */
  get bytesToServer(): number {
    return this.#toServer.deliveredBytes;
  }

  /** Bytes that the client has read. */
  get bytesToClient(): number {
    return this.#toClient.deliveredBytes;
  }

  /** The network breaks the connection: both sides get ECONNRESET, and what is under way is lost. */
  reset(): this {
    this.#host.note(this, 'reset by the network');
    this.#cutOff();
    return this;
  }

  /** @internal The client begins to connect. */
  connect(): void {
    const { ip, port } = this.from;
    this.#host.note(this, `connect ${ip}:${port} to ${this.endpoint.key}`, 'toServer');
    this.#send('toServer', () => {
      this.#arriveAtPort();
    });
  }

  /** @internal Faults of this link have changed. */
  changed(): void {
    this.#faults = undefined;
    const { toServer, toClient } = this.faults;
    for (const { direction, arrive } of this.#lost.splice(0)) {
      if ((direction === 'toServer' ? toServer : toClient).isSilent) this.#lost.push({ direction, arrive });
      else this.#send(direction, arrive);
    }
    this.#toServer.changed();
    this.#toClient.changed();
  }

  /** @internal The server's machine is gone: its program loses the connection, the client is told unless it happens in silence. */
  crash(isSilent: boolean): void {
    this.#toClient.kill();
    if (!isSilent) this.#resetFrom(this.server);
    if (!this.#isAccepted) this.server.destroy();
    // Not from within: it may be a handler that lets the server crash.
    const reason = systemError(this.#context, 'read', 'ECONNRESET');
    this.#context.time.schedule(
      0,
      () => {
        this.server.fail(reason);
      },
      `a crash of link #${this.id}`,
    );
  }

  /** @internal */
  get faults(): Faults {
    return (this.#faults ??= this.#host.faultsOf(this));
  }

  /** How it stands, for messages. */
  override toString(): string {
    const state = (end: StreamEnd) => (end.isClosed ? 'closed' : end.isGone ? 'closing' : 'open');
    const server = this.#isAccepted ? state(this.server) : 'not accepted';
    const { ip, port } = this.from;
    return `#${this.id} ${ip}:${port} to ${this.endpoint.key}: client ${state(this.client)}, server ${server}`;
  }

  #pipeHost(direction: Direction): PipeHost {
    return {
      faults: () => this.faults[direction],
      bounced: () => {
        this.#bounced(direction);
      },
      cutOff: () => {
        this.#host.note(this, 'reset at this byte', direction);
        this.#cutOff();
      },
      note: (what, bytes) => {
        this.#host.note(this, what, direction, bytes);
      },
    };
  }

  #arriveAtPort(): void {
    if (this.client.isGone) return;
    const acceptor = this.#host.acceptorAt(this.endpoint);
    const { refuses, acceptsThenSilent } = this.faults;
    if (acceptor === undefined || refuses) {
      this.#host.note(this, 'refused', 'toClient');
      this.#send('toClient', () => {
        const { host, port } = this.endpoint;
        this.client.fail(systemError(this.#context, `connect ${host}:${port}`, 'ECONNREFUSED'));
      });
      return;
    }
    this.#send('toClient', () => {
      this.#established(acceptsThenSilent ? undefined : acceptor);
    });
  }

  #established(acceptor: Acceptor | undefined): void {
    if (this.client.isGone) return;
    this.#isConnected = true;
    this.#toServer.open();
    this.#toClient.open();
    this.#host.note(this, 'connected', 'toClient');
    this.#clientHandlers.connected();
    if (acceptor === undefined) return;
    this.#isAcceptDue = true;
    this.#send('toServer', () => {
      this.#accept(acceptor);
    });
  }

  #accept(acceptor: Acceptor): void {
    this.#isAcceptDue = false;
    if (this.server.isGone) {
      this.#checkOver();
      return;
    }
    // The port may have closed meanwhile: then nobody takes it out of the kernel's queue.
    if (this.#host.acceptorAt(this.endpoint) !== acceptor) {
      this.server.resetAndDestroy();
      return;
    }
    this.#isAccepted = true;
    const handlers = acceptor.accept(this.server, this.from.ip, this.from.port);
    this.#host.note(this, handlers === undefined ? 'refused by the adapter' : 'accepted', 'toServer');
    if (handlers === undefined) this.server.destroy();
    else this.server.start(handlers);
  }

  /** Carries what is not part of the stream; it is sent again after a silence. */
  #send(direction: Direction, arrive: () => void): void {
    this.#context.time.schedule(
      latencyOf(this.#context, this.faults[direction]),
      () => {
        if (this.faults[direction].isSilent) this.#lost.push({ direction, arrive });
        else arrive();
      },
      `a handshake of link #${this.id}`,
    );
  }

  #resetFrom(end: StreamEnd): void {
    const [direction, out, peer] =
      end === this.client
        ? (['toServer', this.#toServer, this.server] as const)
        : (['toClient', this.#toClient, this.client] as const);
    out.kill();
    this.#host.note(this, 'reset', direction);
    this.#sendReset(direction, peer);
  }

  #sendReset(direction: Direction, peer: StreamEnd): void {
    this.#context.time.schedule(
      latencyOf(this.#context, this.faults[direction]),
      () => {
        // Nobody repeats a reset that was lost.
        if (!this.faults[direction].isSilent) this.#failed(peer);
      },
      `a reset of link #${this.id}`,
    );
  }

  #failed(end: StreamEnd): void {
    (end === this.client ? this.#toServer : this.#toClient).kill();
    end.fail(systemError(this.#context, 'read', 'ECONNRESET'));
    if (end === this.server && !this.#isAccepted) this.#checkOver();
  }

  /** Bytes came to a side that is gone: its kernel says so. */
  #bounced(direction: Direction): void {
    const back = direction === 'toServer' ? 'toClient' : 'toServer';
    this.#host.note(this, 'reset, nobody is there', back);
    this.#sendReset(back, direction === 'toServer' ? this.client : this.server);
  }

  #cutOff(): void {
    this.#toServer.kill();
    this.#toClient.kill();
    this.#context.time.schedule(
      0,
      () => {
        this.#failed(this.client);
        this.#failed(this.server);
      },
      `a reset of link #${this.id}`,
    );
  }

  #checkOver(): void {
    if (this.#isOver || this.isHeld || this.#isAcceptDue) return;
    this.#isOver = true;
    this.#host.over(this);
  }
}
