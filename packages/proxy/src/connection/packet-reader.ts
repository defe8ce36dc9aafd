import type { Allocate } from '@tarsier/protocol';
import { NetWorkBuffer, PacketType, type ProxyProtocol, ResponsePacket } from '@tarsier/protocol';
import { type ConnectionEnd, causeText } from './connection-end.js';

/** Who takes the packets: a connection. */
export interface PacketTaker {
  readonly endpoint: string;
  /** Nothing is read any more once it is false. */
  readonly isConnected: boolean;
  /** `isLast`: the connection ends with this packet. */
  accept(response: ResponsePacket, isLast: boolean): void;
  /** The peer sends what cannot be taken, or nothing more (`finished`). */
  end(end: ConnectionEnd): void;
}

/** What a {@link PacketReader} is made of. */
export interface PacketReaderInit {
  readonly taker: PacketTaker;
  readonly protocol: ProxyProtocol;
  readonly allocate: Allocate;
  /** Bytes that may be buffered without forming a packet. */
  readonly maxBytes: number;
}

/** Cuts the packets out of what one connection receives, by the decoder of the protocol, and survives whatever that does. */
export class PacketReader {
  readonly #taker: PacketTaker;
  readonly #protocol: ProxyProtocol;
  readonly #maxBytes: number;
  readonly #input: NetWorkBuffer;

  constructor({ taker, protocol, allocate, maxBytes }: PacketReaderInit) {
    this.#taker = taker;
    this.#protocol = protocol;
    this.#maxBytes = maxBytes;
    this.#input = new NetWorkBuffer(allocate);
  }

  /** Whether the begin of a packet is buffered. */
  get isPartial(): boolean {
    return !this.#input.empty();
  }

  destroy(): void {
    this.#input.destroy();
  }

  /** Reads a chunk of a byte stream. */
  read(chunk: Uint8Array): void {
    const input = this.#input;
    const taker = this.#taker;
    input.addBuffer(chunk);
    while (taker.isConnected && !input.empty()) {
      const before = input.getBufferLength();
      const response = new ResponsePacket();
      let type: PacketType;
      try {
        type = this.#protocol.responseFunc(input, response);
      } catch (cause) {
        this.#malformed(`the answer could not be decoded: ${causeText(cause)}`, cause);
        return;
      }
      // The decoder is a stranger's: it may have closed the proxy.
      if (!taker.isConnected) return;
      if (type === PacketType.PACKET_LESS) {
        this.#checkBuffered();
        return;
      }
      if (type === PacketType.PACKET_FULL && input.getBufferLength() < before) {
        taker.accept(response, false);
      } else if (type === PacketType.PACKET_FULL_CLOSE) {
        taker.accept(response, true);
        taker.end({ kind: 'finished' });
      } else if (type === PacketType.PACKET_FULL) {
        this.#malformed('responseFunc said PACKET_FULL without taking a byte');
      } else {
        this.#malformed(`responseFunc said ${type === PacketType.PACKET_ERR ? 'PACKET_ERR' : String(type)}`);
      }
    }
  }

  #checkBuffered(): void {
    const limit = this.#maxBytes;
    const size = this.#input.getBufferLength();
    if (size <= limit) return;
    const code = 'TARSIER_PACKET_TOO_LARGE';
    const problem = `${size} bytes came that do not form a packet yet, above recvbufferlimit ${limit}`;
    this.#taker.end({ kind: 'malformed', code, problem, key: 'recvbufferlimit', limit });
  }

  #malformed(problem: string, cause?: unknown): void {
    const bytes = this.#input.getHeader(Math.min(16, this.#input.getBufferLength()));
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const first = hex === '' ? '' : `; the bytes begin with ${hex}`;
    this.#taker.end({
      kind: 'malformed',
      code: 'TARSIER_CLIENT_DECODE',
      problem: `${problem}${first}`,
      cause,
    });
  }
}
