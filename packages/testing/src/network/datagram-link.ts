import { Buffer } from 'node:buffer';
import type { Endpoint, TransportConnection, TransportHandlers } from '@tarsier/framework';
import { type Direction, FaultScript, type Faults } from './faults.js';
import { type LinkContext, latencyOf } from './link-context.js';
import type { ClientAddress, LinkHost, LinkPlace } from './memory-link.js';

/** What IPv4 can carry. */
const MAX_BYTES = 65_507;

/** A client's socket for datagrams to one endpoint. Nothing tells whether anybody is there. */
export class DatagramLink extends FaultScript implements LinkPlace, TransportConnection {
  readonly isDatagram = true;
  readonly maxDatagramBytes: number = MAX_BYTES;
  readonly id: number;
  readonly endpoint: Endpoint;
  readonly from: ClientAddress;
  readonly #context: LinkContext;
  readonly #host: LinkHost;
  readonly #handlers: TransportHandlers;
  #faults: Faults | undefined;
  #isGone = false;
  #isClosed = false;

  /** @internal */
  constructor(place: LinkPlace, context: LinkContext, host: LinkHost, handlers: TransportHandlers) {
    super(() => {
      this.changed();
    });
    this.id = place.id;
    this.endpoint = place.endpoint;
    this.from = place.from;
    this.#context = context;
    this.#host = host;
    this.#handlers = handlers;
    context.time.schedule(0, () => {
      if (this.#isGone) return;
      host.note(this, `open ${this.from.ip}:${this.from.port} to ${this.endpoint.key}`);
      handlers.onConnect();
    });
  }

  /** Whether the client has it open. */
  get isHeld(): boolean {
    return !this.#isClosed;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isGone) return false;
    this.#carry('toServer', bytes, (copy) => {
      const { ip, port } = this.from;
      const acceptor = this.#host.acceptorAt(this.endpoint);
      if (acceptor === undefined) this.#host.note(this, 'nobody is there', 'toServer', copy.length);
      else acceptor.datagram(copy, ip, port, (answer) => this.#reply(answer));
    });
    return true;
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    for (const part of parts) this.write(part);
    return !this.#isGone;
  }

  close(): void {
    this.destroy();
  }

  destroy(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#context.time.schedule(0, () => {
      this.#isClosed = true;
      this.#host.note(this, 'closed');
      this.#handlers.onClose();
      this.#host.over(this);
    });
  }

  /** @internal */
  changed(): void {
    this.#faults = undefined;
  }

  /** How it stands, for messages. */
  override toString(): string {
    return `#${this.id} ${this.from.ip}:${this.from.port} to ${this.endpoint.key}: ${this.isHeld ? 'open' : 'closed'}`;
  }

  #reply(bytes: Uint8Array): boolean {
    if (bytes.length > MAX_BYTES) return false;
    this.#carry('toClient', bytes, (copy) => {
      if (!this.#isGone) this.#handlers.onData(copy);
    });
    return true;
  }

  #carry(direction: Direction, bytes: Uint8Array, arrive: (copy: Buffer) => void): void {
    this.#faults ??= this.#host.faultsOf(this);
    const { random, time } = this.#context;
    const faults = this.#faults[direction];
    this.#host.note(this, 'write', direction, bytes.length);
    if (bytes.length > MAX_BYTES) {
      this.#host.note(this, 'too large', direction, bytes.length);
      return;
    }
    const copies = random.isHit(faults.duplicate) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      if (random.isHit(faults.drop)) {
        this.#host.note(this, 'lost', direction, bytes.length);
        continue;
      }
      const lateMs = random.isHit(faults.reorder) ? random.between(0, faults.reorderMs) : 0;
      const copy = Buffer.from(bytes);
      time.schedule(
        latencyOf(this.#context, faults) + lateMs,
        () => {
          this.#faults ??= this.#host.faultsOf(this);
          const isLost = this.#faults[direction].isSilent;
          this.#host.note(this, isLost ? 'lost' : 'deliver', direction, copy.length);
          if (!isLost) arrive(copy);
        },
        `a datagram of #${this.id}`,
      );
    }
  }
}
