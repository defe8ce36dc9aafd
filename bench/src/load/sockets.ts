import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { serveParent, sharedNowMs } from '../child.js';
import { packets } from '../protocol.js';

/** Holds many connections: it opens them, has each send one request, and checks what is pushed to them. */

/** Connections to a port of this machine. */
export interface OpenSockets {
  readonly port: number;
  readonly count: number;
  /** Path of a WebSocket, whose handshake is made then. */
  readonly upgrade?: string;
  /** What each sends then, in hex. */
  readonly greeting?: string;
  /** How many bytes come before anything that is expected. */
  readonly preambleBytes?: number;
  /** So many addresses of this machine are connected from; 1 unless told. */
  readonly sources?: number;
}

/** Pushes that are to come on every socket. */
export type Pushes = { readonly count: number; readonly bodyBytes: number } | { readonly hex: string };

/** Connects that are under way at a time: beyond the backlog of the kernel they would be tried again after a second. */
const CONNECTING = 256;
/** One buffer takes what all sockets read: it is looked at before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(262_144);
const END_OF_HEAD = '\r\n\r\n';

let sockets: HeldSocket[] = [];
let failure: Error | undefined;
let isIgnoring = false;
/** Bytes that have to come on each socket, and in all. */
let expected = packets(1, 0, 0);
let missing = 0;
let onComplete: ((atMs: number) => void) | undefined;
let onBroken: ((error: Error) => void) | undefined;
let completed: Promise<number> | undefined;

function onFailure(error: Error): void {
  failure ??= error;
  onBroken?.(error);
}

class HeldSocket {
  readonly socket: Socket;
  /** Resolves when it can be pushed to. */
  readonly ready: Promise<void>;
  /** Bytes that came of what is expected. */
  came = 0;
  #preamble: number;
  /** Of the answer to the handshake; undefined when it is over. */
  #head: string | undefined;
  #onReady: () => void = () => {};

  constructor({ port, upgrade, greeting, preambleBytes = 0, sources = 1 }: OpenSockets, index: number) {
    const callback = (size: number, buffer: Uint8Array) => this.#received(size, buffer);
    // An address that is bound to takes a port of its own, whatever it is connected to; one that is not may share it.
    const from = sources > 1 ? { localAddress: `127.0.0.${1 + (index % sources)}` } : {};
    this.socket = connect({ port, host: '127.0.0.1', ...from, onread: { buffer: READ_BUFFER, callback } });
    this.#preamble = preambleBytes;
    this.ready = new Promise((resolve, reject) => {
      this.#onReady = resolve;
      this.socket.once('error', reject);
    });
    this.socket.on('error', onFailure);
    this.#head = upgrade === undefined ? undefined : '';
    this.socket.once('connect', () => {
      if (upgrade !== undefined) this.socket.write(handshake(upgrade, port));
      else this.#greet();
    });
    this.#greet = () => {
      if (greeting !== undefined) this.socket.write(Buffer.from(greeting, 'hex'));
      if (this.#preamble === 0) this.#onReady();
    };
  }

  #greet: () => void = () => {};

  #received(size: number, buffer: Uint8Array): boolean {
    let at = 0;
    if (this.#head !== undefined) {
      const before = this.#head.length;
      this.#head += Buffer.from(buffer.buffer, buffer.byteOffset, size).toString('latin1');
      const end = this.#head.indexOf(END_OF_HEAD);
      if (end < 0) return true;
      if (!this.#head.startsWith('HTTP/1.1 101')) onFailure(new Error(`refused: ${this.#head.slice(0, 40)}`));
      at = end + END_OF_HEAD.length - before;
      this.#head = undefined;
      this.#greet();
    }
    if (this.#preamble > 0) {
      const skipped = Math.min(this.#preamble, size - at);
      this.#preamble -= skipped;
      at += skipped;
      if (this.#preamble === 0) this.#onReady();
    }
    if (at < size) this.#take(buffer, at, size);
    return true;
  }

  #take(buffer: Uint8Array, from: number, to: number): void {
    if (isIgnoring) return;
    const at = this.came;
    const size = to - from;
    this.came += size;
    missing -= size;
    if (this.came > expected.length || expected.compare(buffer, from, to, at, at + size) !== 0) {
      const got = Buffer.from(buffer.subarray(from, Math.min(to, from + 64))).toString('hex');
      onFailure(new Error(`a socket got ${size} bytes that are not those expected, at ${at}: ${got}`));
    }
    if (missing === 0) onComplete?.(sharedNowMs());
  }
}

function handshake(path: string, port: number): string {
  const key = randomBytes(16).toString('base64');
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
  ];
  return `${lines.join('\r\n')}${END_OF_HEAD}`;
}

async function open(options: OpenSockets): Promise<void> {
  let made = 0;
  const connectNext = async (): Promise<void> => {
    while (made < options.count) {
      const held = new HeldSocket(options, made++);
      sockets.push(held);
      await held.ready;
    }
  };
  await Promise.all(Array.from({ length: CONNECTING }, connectNext));
  if (failure !== undefined) throw failure;
}

/** Says what every socket is to get next; `arrived` waits for it. */
function expect(pushes: Pushes): void {
  isIgnoring = false;
  if ('hex' in pushes) expected = Buffer.from(pushes.hex, 'hex');
  else {
    // A push has the id 0, so all packets are the same.
    const packet = packets(1, pushes.bodyBytes, 0);
    expected = Buffer.concat(Array.from({ length: pushes.count }, () => packet));
  }
  for (const held of sockets) held.came = 0;
  missing = sockets.length * expected.length;
  completed = new Promise((resolve, reject) => {
    onComplete = resolve;
    onBroken = reject;
  });
  // `arrived` may be asked only after it is broken.
  completed.catch(() => {});
}

/** From now on it does not matter what comes. */
function ignore(): void {
  isIgnoring = true;
}

/** @returns when the last byte came, by the clock that all processes share. */
async function arrived(): Promise<number> {
  const atMs = await completed;
  const wrong = sockets.find((held) => held.came !== expected.length);
  if (wrong !== undefined) throw new Error(`a socket got ${wrong.came} bytes instead of ${expected.length}`);
  if (failure !== undefined) throw failure;
  return atMs as number;
}

/** Has every connection send one request to an echo server, and waits for all answers. */
async function requestOnEach(): Promise<void> {
  expect({ count: 1, bodyBytes: 32 });
  for (const held of sockets) held.socket.write(expected);
  await arrived();
}

async function close(): Promise<void> {
  await Promise.all(
    sockets.map(({ socket }) => {
      const closed = new Promise<void>((resolve) => {
        socket.once('close', () => resolve());
      });
      // A reset leaves no port behind in TIME_WAIT.
      socket.resetAndDestroy();
      return closed;
    }),
  );
  sockets = [];
}

serveParent({ open, expect, ignore, arrived, requestOnEach, close });
