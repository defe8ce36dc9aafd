import { connect, type Socket } from 'node:net';
import { HEADER_BYTES } from '../protocol.js';

/**
 * How the packets of a tick leave: each by itself; as packets of their own in one corked write; or written one behind the other
 * into a block, which is the best that can be done by hand.
 */
export type Joining = 'each' | 'cork' | 'block';

const BLOCK_BYTES = 65_536;

/** A client by hand: node:net, a Map of promises, and nothing else; no deadlines, no reconnecting, no limits. */
export class BareClient {
  readonly #socket: Socket;
  readonly #calls = new Map<number, { readonly resolve: (body: Buffer) => void }>();
  readonly #joining: Joining;
  #lastId = 0;
  #rest: Buffer | undefined;
  #isScheduled = false;
  /** Where packets are written one behind the other; what lies between `start` and `end` is not sent yet. */
  #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #start = 0;
  #end = 0;
  readonly #flush = (): void => {
    this.#isScheduled = false;
    if (this.#joining === 'cork') this.#socket.uncork();
    else this.#sendBlock();
  };

  constructor(port: number, joining: Joining, onFailure: (error: Error) => void) {
    this.#joining = joining;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk: Buffer) => this.#received(chunk));
    this.#socket.on('error', onFailure);
  }

  call(body: Uint8Array): Promise<Buffer> {
    const id = ++this.#lastId;
    const size = HEADER_BYTES + body.length;
    if (this.#joining === 'block') {
      this.#schedule();
      const at = this.#reserve(size);
      write(this.#block, at, id, body);
    } else {
      if (this.#joining === 'cork') this.#schedule();
      const packet = Buffer.allocUnsafe(size);
      write(packet, 0, id, body);
      this.#socket.write(packet);
    }
    return new Promise((resolve) => {
      this.#calls.set(id, { resolve });
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    if (this.#joining === 'cork') this.#socket.cork();
    process.nextTick(this.#flush);
  }

  #reserve(size: number): number {
    if (this.#end + size > this.#block.length) {
      this.#sendBlock();
      this.#block = Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, size));
      this.#start = 0;
      this.#end = 0;
    }
    const at = this.#end;
    this.#end += size;
    return at;
  }

  #sendBlock(): void {
    if (this.#end > this.#start) this.#socket.write(this.#block.subarray(this.#start, this.#end));
    this.#start = this.#end;
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

function write(block: Buffer, at: number, id: number, body: Uint8Array): void {
  block.writeUInt32BE(HEADER_BYTES + body.length, at);
  block.writeUInt32BE(id, at + 4);
  block.set(body, at + HEADER_BYTES);
}
