import { type Bytes, ByteVector } from '@tarsier/protocol';
import type { TransportConnection } from '../transport/transport.js';
import type { PacketQueue } from './packet-queue.js';

/** Hands all packets of a tick to the transport at once, for one that joins them itself. */
export class PieceQueue implements PacketQueue {
  readonly #connection: TransportConnection;
  #pieces: Uint8Array[] = [];
  isBlocked = false;

  constructor(connection: TransportConnection) {
    this.#connection = connection;
  }

  push(bytes: Bytes): void {
    if (bytes.length > 0) this.#pieces.push(bytes instanceof ByteVector ? bytes.data() : bytes);
  }

  flush(): void {
    if (this.isBlocked || this.#pieces.length === 0) return;
    const pieces = this.#pieces;
    this.#pieces = [];
    this.isBlocked = !this.#connection.writeAll(pieces);
  }

  drained(): void {
    this.isBlocked = false;
    this.flush();
  }

  clear(): void {
    this.#pieces = [];
  }
}
