import { type Bytes, ByteVector } from '@tarsier/protocol';
import type { ByteSink } from '@tarsier/protocol/internal';

/** What a connection puts its packets into: a `SendQueue`, or this for datagrams. */
export interface PacketQueue {
  /** Whether the transport has said that it has enough. */
  readonly isBlocked: boolean;
  push(bytes: Bytes): void;
  /** Hands everything to the transport, unless it is blocked. */
  flush(): void;
  /** The transport takes bytes again: hands it what has come meanwhile. */
  drained(): void;
  /** Drops everything. */
  clear(): void;
}

/** Packets that are datagrams: each leaves in one write of its own, neither joined with another nor split. */
export class DatagramQueue implements PacketQueue {
  readonly #sink: ByteSink;
  #packets: Uint8Array[] = [];
  #isBlocked = false;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  push(bytes: Bytes): void {
    this.#packets.push(bytes instanceof ByteVector ? bytes.buffer.subarray(bytes.start, bytes.end) : bytes);
  }

  flush(): void {
    if (this.#isBlocked || this.#packets.length === 0) return;
    const packets = this.#packets;
    this.#packets = [];
    // A datagram socket that has enough drops what is more, so the ones that are ready go together.
    for (const packet of packets) if (!this.#sink.write(packet)) this.#isBlocked = true;
  }

  drained(): void {
    this.#isBlocked = false;
    this.flush();
  }

  clear(): void {
    this.#packets = [];
  }
}
