import { connect, type Socket } from 'node:net';
import { HEADER_BYTES, packets } from '../protocol.js';

/** Bytes that one read takes at most. */
const READ_BYTES = 262_144;
/** The prepared requests take about so many bytes. */
const RING_BYTES = 1_048_576;
/** Of a longer chunk only so many bytes are compared: else comparing would be the work of this process. */
const COMPARE_BYTES = 4096;

/** What all connections of a load send, prepared once: packets whose answers are known byte by byte. */
export class Requests {
  readonly depth: number;
  readonly packetBytes: number;
  /** A round of packets, and what comes next once more, so that a chunk never has to be compared in two pieces. */
  readonly block: Buffer;
  readonly roundBytes: number;

  constructor(depth: number, bodyBytes: number) {
    this.depth = depth;
    this.packetBytes = HEADER_BYTES + bodyBytes;
    const count = Math.max(2 * depth, Math.ceil(RING_BYTES / this.packetBytes));
    this.roundBytes = count * this.packetBytes;
    const round = packets(count, bodyBytes, 1);
    this.block = Buffer.concat([round, round.subarray(0, Math.max(READ_BYTES, depth * this.packetBytes))]);
  }
}

/**
 * One connection that keeps `depth` requests in flight: for n complete answers the next n prepared requests are sent in one write.
 *
 * An echo is a stream equal to what was sent, so it is compared as bytes, without an object or a view for each packet.
 */
export class EchoConnection {
  /** Answers that came, over all. */
  answered = 0;
  readonly #requests: Requests;
  readonly #socket: Socket;
  readonly #ready: Promise<void>;
  readonly #onFailure: (error: Error) => void;
  /** Places in the round of packets: of the next byte to come, and of the next to send. */
  #receiveAt = 0;
  #sendAt = 0;
  /** Bytes that came of a packet that is not complete. */
  #partial = 0;
  /** True while every byte is compared. */
  #isCareful = true;
  #isStopped = false;
  #inFlight = 0;
  #onIdle: (() => void) | undefined;

  constructor(port: number, requests: Requests, onFailure: (error: Error) => void) {
    this.#requests = requests;
    this.#onFailure = onFailure;
    const onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback: (size: number, buffer: Uint8Array) => this.#received(size, buffer),
    };
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.#ready = new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve).once('error', reject);
    });
    this.#socket.on('error', onFailure);
    this.#socket.on('close', () => {
      if (!this.#isStopped) onFailure(new Error('the server has closed a connection'));
    });
  }

  ready(): Promise<void> {
    return this.#ready;
  }

  /** Has one full load of requests answered, and every byte of it compared; then goes on until `close`. */
  async start(): Promise<void> {
    const first = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    this.#send(this.#requests.depth);
    await first;
    this.#isCareful = false;
    this.#send(this.#requests.depth);
  }

  close(): void {
    this.#isStopped = true;
    this.#socket.destroy();
  }

  #received(size: number, buffer: Uint8Array): boolean {
    if (this.#isStopped) return false;
    const { block, packetBytes, roundBytes } = this.#requests;
    const at = this.#receiveAt;
    const compared = this.#isCareful ? size : Math.min(size, COMPARE_BYTES);
    if (block.compare(buffer, 0, compared, at, at + compared) !== 0 || !this.#isLastRight(size, buffer)) {
      this.#fail(`an answer is wrong within ${size} bytes at ${at}`);
      return false;
    }
    this.#receiveAt = (at + size) % roundBytes;
    const partial = this.#partial + size;
    const complete = Math.floor(partial / packetBytes);
    this.#partial = partial - complete * packetBytes;
    this.answered += complete;
    this.#inFlight -= complete;
    if (this.#inFlight < 0) this.#fail('more answers came than requests were sent');
    if (this.#onIdle === undefined) {
      if (complete > 0) this.#send(complete);
    } else if (this.#inFlight === 0) {
      const onIdle = this.#onIdle;
      this.#onIdle = undefined;
      onIdle();
    }
    return true;
  }

  /** Whether the header of the last packet that begins in a long chunk is what was sent. */
  #isLastRight(size: number, buffer: Uint8Array): boolean {
    const { block, packetBytes } = this.#requests;
    if (size <= COMPARE_BYTES) return true;
    const begin = size - ((this.#partial + size) % packetBytes);
    if (begin < 0) return true;
    const end = Math.min(size, begin + HEADER_BYTES);
    const at = this.#receiveAt;
    return block.compare(buffer, begin, end, at + begin, at + end) === 0;
  }

  #send(count: number): void {
    const { block, packetBytes, roundBytes } = this.#requests;
    const at = this.#sendAt;
    const end = at + count * packetBytes;
    this.#inFlight += count;
    this.#sendAt = end % roundBytes;
    this.#socket.write(block.subarray(at, end));
  }

  #fail(problem: string): void {
    this.#isStopped = true;
    this.#socket.destroy();
    this.#onFailure(new Error(problem));
  }
}
