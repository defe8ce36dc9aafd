import {
  type Allocate,
  type Bytes,
  ByteVector,
  NetWorkBuffer,
  PacketType,
  type ProxyProtocol,
  type RequestPacket,
  ResponsePacket,
  TarsEncodeException,
  type TarsException,
  type Where,
} from '@tarsier/protocol';
import { callName } from '../call/call-messages.js';
import type { TransportConnection } from '../transport/transport.js';
import { causeText } from './connection-end.js';
import type { DropNotifier, PacketQueue, PacketQueueInit } from './packet-queue.js';
import type { PacketTaker } from './packet-reader.js';

/** Packets that are datagrams: each leaves in one write of its own, neither joined with another nor split, and comes as one chunk. */
export class Datagrams implements PacketQueue {
  readonly #connection: TransportConnection;
  readonly #taker: PacketTaker;
  readonly #protocol: ProxyProtocol;
  readonly #allocate: Allocate;
  readonly #notifier: DropNotifier;
  #packets: Uint8Array[] = [];
  #isBlocked = false;

  constructor({ connection, taker, protocol, allocate, notifier }: PacketQueueInit) {
    this.#connection = connection;
    this.#taker = taker;
    this.#protocol = protocol;
    this.#allocate = allocate;
    this.#notifier = notifier;
  }

  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  problemOf(request: RequestPacket, size: number, where: () => Where): TarsException | undefined {
    const limit = this.#connection.maxDatagramBytes;
    if (limit === undefined || size <= limit) return undefined;
    const { endpoint } = this.#taker;
    return new TarsEncodeException(
      `${callName(request)} was not sent: its packet has ${size} bytes, and a datagram to ${endpoint} at most ${limit} (request ${request.iRequestId}); send less, or call over tcp`,
      { code: 'TARSIER_PACKET_TOO_LARGE', where: { ...where(), limit } },
    );
  }

  push(bytes: Bytes): void {
    this.#packets.push(bytes instanceof ByteVector ? bytes.buffer.subarray(bytes.start, bytes.end) : bytes);
  }

  flush(): void {
    if (this.#isBlocked || this.#packets.length === 0) return;
    const packets = this.#packets;
    this.#packets = [];
    // A datagram socket that has enough drops what is more, so the ones that are ready go together.
    for (const packet of packets) if (!this.#connection.write(packet)) this.#isBlocked = true;
  }

  drained(): void {
    this.#isBlocked = false;
    this.flush();
  }

  clear(): void {
    this.#packets = [];
  }

  read(datagram: Uint8Array): void {
    const taker = this.#taker;
    const input = new NetWorkBuffer(this.#allocate);
    input.addBuffer(datagram);
    let problem = datagram.length === 0 ? 'it is empty' : '';
    while (problem === '' && taker.isConnected && !input.empty()) {
      const before = input.getBufferLength();
      const response = new ResponsePacket();
      try {
        const type = this.#protocol.responseFunc(input, response);
        if (!taker.isConnected) break;
        const isWhole = type === PacketType.PACKET_FULL || type === PacketType.PACKET_FULL_CLOSE;
        if (!isWhole) problem = type === PacketType.PACKET_LESS ? 'its last packet is cut' : 'responseFunc refused it';
        else if (input.getBufferLength() >= before) problem = 'responseFunc said PACKET_FULL without taking a byte';
      } catch (cause) {
        problem = causeText(cause);
      }
      if (problem === '') taker.accept(response, false);
    }
    input.destroy();
    if (problem === '') return;
    this.#notifier.counts.droppedDatagrams++;
    const text = `a datagram, or the rest of one, was dropped: ${problem}`;
    this.#notifier.drop(taker.endpoint, 'malformed-datagram', text);
  }
}
