import { connect, type Socket } from 'node:net';
import { HEADER_BYTES } from '../protocol.js';

/** A client by hand: node:net, a Map of promises, and nothing else; no deadlines, no reconnecting, no limits. */
export class BareClient {
  readonly #socket: Socket;
  readonly #calls = new Map<number, { readonly resolve: (body: Buffer) => void }>();
  readonly #joins: boolean;
  #lastId = 0;
  #rest: Buffer | undefined;
  #isCorked = false;
  readonly #uncork = (): void => {
    this.#isCorked = false;
    this.#socket.uncork();
  };

  /** @param joins whether what is written in a tick leaves together; otherwise each call is written by itself. */
  constructor(port: number, joins: boolean, onFailure: (error: Error) => void) {
    this.#joins = joins;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk: Buffer) => this.#received(chunk));
    this.#socket.on('error', onFailure);
  }

  call(body: Uint8Array): Promise<Buffer> {
    const id = ++this.#lastId;
    const packet = Buffer.allocUnsafe(HEADER_BYTES + body.length);
    packet.writeUInt32BE(packet.length, 0);
    packet.writeUInt32BE(id, 4);
    packet.set(body, HEADER_BYTES);
    if (this.#joins && !this.#isCorked) {
      this.#isCorked = true;
      this.#socket.cork();
      process.nextTick(this.#uncork);
    }
    this.#socket.write(packet);
    return new Promise((resolve) => {
      this.#calls.set(id, { resolve });
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #received(chunk: Buffer): void {
    const block = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (block.length - at >= HEADER_BYTES) {
      const size = block.readUInt32BE(at);
      if (block.length - at < size) break;
      const id = block.readUInt32BE(at + 4);
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      call?.resolve(block.subarray(at + HEADER_BYTES, at + size));
      at += size;
    }
    this.#rest = at === block.length ? undefined : block.subarray(at);
  }
}
