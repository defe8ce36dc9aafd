import { connect, type Socket } from 'node:net';
import { serveParent, sharedNowMs } from '../child.js';
import { packets } from '../protocol.js';

/** Holds many connections: it opens them, has each send one request, and checks what is pushed to them. */

/** Connections to a port of this machine. */
export interface OpenSockets {
  readonly port: number;
  readonly count: number;
}

/** Pushes that are to come on every socket. */
export interface Pushes {
  readonly count: number;
  readonly bodyBytes: number;
}

/** Connects that are under way at a time: beyond the backlog of the kernel they would be tried again after a second. */
const CONNECTING = 256;
/** One buffer takes what all sockets read: it is looked at before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(262_144);

let sockets: HeldSocket[] = [];
let failure: Error | undefined;
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
  /** Bytes that came of what is expected. */
  came = 0;

  constructor(port: number) {
    const callback = (size: number, buffer: Uint8Array) => this.#received(size, buffer);
    this.socket = connect({ port, host: '127.0.0.1', onread: { buffer: READ_BUFFER, callback } });
    this.socket.on('error', onFailure);
  }

  #received(size: number, buffer: Uint8Array): boolean {
    const at = this.came;
    this.came += size;
    missing -= size;
    if (this.came > expected.length || expected.compare(buffer, 0, size, at, at + size) !== 0) {
      onFailure(new Error(`a socket got ${size} bytes that are not those expected`));
    }
    if (missing === 0) onComplete?.(sharedNowMs());
    return true;
  }
}

async function open({ port, count }: OpenSockets): Promise<void> {
  let made = 0;
  const connectNext = async (): Promise<void> => {
    while (made < count) {
      made++;
      const held = new HeldSocket(port);
      sockets.push(held);
      await new Promise<void>((resolve, reject) => {
        held.socket.once('connect', resolve).once('error', reject);
      });
    }
  };
  await Promise.all(Array.from({ length: CONNECTING }, connectNext));
  if (failure !== undefined) throw failure;
}

/** Says what every socket is to get next; `arrived` waits for it. */
function expect({ count, bodyBytes }: Pushes): void {
  // A push has the id 0, so all packets are the same.
  const packet = packets(1, bodyBytes, 0);
  expected = Buffer.concat(Array.from({ length: count }, () => packet));
  for (const held of sockets) held.came = 0;
  missing = sockets.length * expected.length;
  completed = new Promise((resolve, reject) => {
    onComplete = resolve;
    onBroken = reject;
  });
  // `arrived` may be asked only after it is broken.
  completed.catch(() => {});
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

serveParent({ open, expect, arrived, requestOnEach, close });
