import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A bare TCP client for tests: sends bytes, waits for so many bytes or for the end. */
export class RawClient {
  readonly socket: Socket;
  #chunks: Buffer[] = [];
  #length = 0;
  #waiting: (() => void)[] = [];
  isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  static async connect(port: number, host = '127.0.0.1'): Promise<RawClient> {
    const socket = connect({ port, host, noDelay: true });
    const client = new RawClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** What has come and was not taken. */
  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  send(bytes: Uint8Array | string): void {
    this.socket.write(bytes);
  }

  /** Resolves with the next `length` bytes; rejects when the connection ends before. */
  async take(length: number): Promise<Buffer> {
    await this.#until(() => this.#length >= length || this.isClosed);
    if (this.#length < length) throw new Error(`closed with ${this.#length} of ${length} bytes`);
    const all = this.received;
    this.#chunks = all.length > length ? [all.subarray(length)] : [];
    this.#length -= length;
    return all.subarray(0, length);
  }

  /** Resolves when the connection is closed. */
  async closed(): Promise<void> {
    await this.#until(() => this.isClosed);
  }

  destroy(): void {
    this.socket.destroy();
  }

  async #until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

const opened: RawClient[] = [];

/** A client that {@link destroyClients} ends. */
export async function client(port: number): Promise<RawClient> {
  const made = await RawClient.connect(port);
  opened.push(made);
  return made;
}

/** Ends every client that a test has opened; for `afterEach`. */
export function destroyClients(): void {
  for (const each of opened.splice(0)) each.destroy();
}

/** `| length: u32 BE, counts itself | id: u32 BE | body |` */
export function frame(id: number, body: string | Uint8Array): Buffer {
  const bytes = Buffer.from(body as string);
  const out = Buffer.alloc(8 + bytes.length);
  out.writeUInt32BE(out.length, 0);
  out.writeUInt32BE(id, 4);
  bytes.copy(out, 8);
  return out;
}
