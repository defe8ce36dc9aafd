import { connect, type Socket } from 'node:net';
import {
  ByteVector,
  decodeResponse,
  decodeResult,
  encodeArgs,
  encodeRequest,
  ProtocolVersion,
  RequestPacket,
  ResponsePacket,
} from '@tarsier/protocol';
import { serveParent, sharedNowMs } from '../child.js';
import { nodeTarsFunctions } from '../generated/NodeTars.js';
import type { CountSample } from './echo-load.js';

/** Calls of a TARS server: prepared requests, `depth` of them in flight on each connection. */
export interface TarsLoad {
  readonly port: number;
  readonly connections: number;
  readonly depth: number;
}

const { getUsrName } = nodeTarsFunctions;
const NAME = 'a name of some length';
/** Ids of two bytes each, so that all requests are as long, and so are all answers. */
const FIRST_ID = 1000;

let connections: TarsConnection[] = [];
let failure: Error | undefined;

function requestOf(id: number): Uint8Array {
  const request = new RequestPacket();
  request.iVersion = ProtocolVersion.TARSVERSION;
  request.iRequestId = id;
  request.sServantName = 'Bench.NodeServer.NodeObj';
  request.sFuncName = 'getUsrName';
  request.sBuffer = encodeArgs(getUsrName, [NAME], ProtocolVersion.TARSVERSION);
  request.iTimeout = 60_000;
  return encodeRequest(request).data();
}

/** Checks an answer in full. @returns its id. */
function checkAnswer(packet: Buffer): number {
  const response = new ResponsePacket();
  decodeResponse(new ByteVector(packet.subarray(4)), response);
  const { _ret, sValue1, sValue2 } = decodeResult(getUsrName, response.sBuffer, ProtocolVersion.TARSVERSION);
  if (response.iRet !== 0 || _ret !== 7 || sValue1 !== NAME || sValue2 !== 'second')
    throw new Error('an answer is wrong');
  return response.iRequestId;
}

/** One connection; for n answers the next n requests are sent in one write. */
class TarsConnection {
  answered = 0;
  readonly #socket: Socket;
  readonly #block: Buffer;
  readonly #requestBytes: number;
  readonly #count: number;
  #next = 0;
  #rest: Buffer | undefined;
  readonly ready: Promise<void>;

  constructor(port: number, depth: number) {
    this.#count = 2 * depth;
    const requests = Array.from({ length: 3 * depth }, (_, i) => requestOf(FIRST_ID + (i % this.#count)));
    this.#requestBytes = requests[0]?.length ?? 0;
    this.#block = Buffer.concat(requests);
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('error', fail);
    this.#socket.on('data', (chunk: Buffer) => {
      try {
        this.#received(chunk);
      } catch (error) {
        fail(error as Error);
      }
    });
    this.ready = new Promise((resolve) => {
      this.#socket.once('connect', resolve);
    });
  }

  start(depth: number): void {
    this.#send(depth);
  }

  close(): void {
    this.#socket.removeAllListeners('data');
    this.#socket.destroy();
  }

  #send(count: number): void {
    const at = this.#next * this.#requestBytes;
    this.#socket.write(this.#block.subarray(at, at + count * this.#requestBytes));
    this.#next = (this.#next + count) % this.#count;
  }

  /** Counts by the lengths, and looks at the first answer of each chunk as a whole. */
  #received(chunk: Buffer): void {
    const block = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    let count = 0;
    while (block.length - at >= 4) {
      const size = block.readUInt32BE(at);
      if (block.length - at < size) break;
      if (count === 0) checkAnswer(block.subarray(at, at + size));
      at += size;
      count++;
    }
    this.#rest = at === block.length ? undefined : block.subarray(at);
    this.answered += count;
    if (count > 0) this.#send(count);
  }
}

function fail(error: Error): void {
  failure ??= error;
}

async function begin({ port, connections: count, depth }: TarsLoad): Promise<void> {
  failure = undefined;
  connections = Array.from({ length: count }, () => new TarsConnection(port, depth));
  await Promise.all(connections.map(({ ready }) => ready));
  for (const connection of connections) connection.start(depth);
}

function count(): CountSample {
  if (failure !== undefined) throw failure;
  return { count: connections.reduce((sum, { answered }) => sum + answered, 0), atMs: sharedNowMs() };
}

function end(): void {
  count();
  for (const connection of connections.splice(0)) connection.close();
}

serveParent({ begin, count, end });
