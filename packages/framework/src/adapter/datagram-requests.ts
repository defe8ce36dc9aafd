import { Buffer } from 'node:buffer';
import { ByteVector, NetWorkBuffer, PacketType, TarsDecodeException, type TarsException } from '@tarsier/protocol';
import { refusedByParser, tookNothing } from '../connection/connection-faults.js';
import type { ConnectionHost } from '../connection/connection-host.js';
import { DatagramPeer, type DatagramPlace } from '../connection/datagram-peer.js';
import type { HandlerResult } from '../connection/handler-result.js';
import type { Peer } from '../connection/peer.js';
import type { Current, Moment } from '../current.js';
import { type Deferred, deferred } from '../deferred.js';
import type { BindAdapter } from './bind-adapter.js';

/** The adapter, as its datagrams see it. */
export interface DatagramHost extends ConnectionHost {
  /** A datagram, or the rest of one, is not what the protocol allows. `head` is its begin. */
  onDatagramDropped(peer: Peer, error: TarsException, head: Uint8Array): void;
  /** An answer is larger than a datagram can be. */
  onTooLarge(peer: Peer, bytes: number, limit: number): void;
  /** An answer found no room. */
  onUnsent(peer: Peer, bytes: number): void;
}

const HEAD_BYTES = 32;
const allocate = (size: number) => Buffer.allocUnsafeSlow(size);

/** Nobody can be answered there, and no honest program sends from it. Source: RFC 768, which has it for senders that want no answer. */
function noPort(): TarsException {
  return new TarsDecodeException('it comes from port 0, which cannot be answered');
}

function tooMany(limit: number, bytes: number): TarsException {
  return new TarsDecodeException(
    `it has more than ${limit} packets (packetsperdatagram); ${bytes} bytes are not served`,
  );
}

/**
 * Serves the datagrams of one adapter: each is parsed by itself, in a buffer of its own, and whatever is wrong with one harms no other.
 */
export class DatagramRequests implements DatagramPlace {
  readonly #host: DatagramHost;
  /** Requests whose handler runs, and those whose answer was announced for later. */
  #running = 0;
  #whenIdle: Deferred | undefined;
  isOpen = true;

  constructor(host: DatagramHost) {
    this.#host = host;
  }

  get adapter(): BindAdapter {
    return this.#host;
  }

  /** One datagram came; it belongs to us now. */
  receive(bytes: Uint8Array, ip: string, port: number, reply: (bytes: Uint8Array) => boolean): void {
    if (!this.isOpen) return;
    const peer = new DatagramPeer(this, ip, port, reply, this.#host.services.time.now());
    const input = new NetWorkBuffer(allocate);
    input.addBuffer(bytes);
    const error = port === 0 ? noPort() : this.#parse(peer, input);
    if (error === undefined) return;
    const head = input.getHeader(Math.min(HEAD_BYTES, input.getBufferLength()));
    this.#host.onDatagramDropped(peer, error, head);
  }

  /** Serves the packets of a datagram; what is wrong with it, if something is. */
  #parse(peer: Peer, input: NetWorkBuffer): TarsException | undefined {
    const received: Moment = { ms: this.#host.services.time.now() };
    const { maxDatagramPackets } = this.#host.config;
    let left = input.getBufferLength();
    let packets = 0;
    if (left === 0) return new TarsDecodeException('the datagram is empty');
    while (left > 0) {
      if (packets >= maxDatagramPackets) return tooMany(maxDatagramPackets, left);
      packets++;
      const packet = new ByteVector();
      let type: PacketType;
      try {
        type = this.#host.parser(input, packet);
      } catch (error) {
        return TarsDecodeException.from(error, { code: 'TARSIER_PACKET_INVALID' });
      }
      const after = input.getBufferLength();
      if (type === PacketType.PACKET_LESS) return new TarsDecodeException(`${after} bytes at its end form no packet`);
      if (type === PacketType.PACKET_ERR) return refusedByParser();
      if (after === left) return tookNothing();
      left = after;
      let current: Current;
      try {
        current = this.#host.dispatcher.requestOf(peer, packet, received);
      } catch (error) {
        return TarsDecodeException.from(error, { code: 'TARSIER_PACKET_INVALID' });
      }
      this.#dispatch(current);
    }
    return undefined;
  }

  #dispatch(current: Current): void {
    const host = this.#host;
    if (!host.admitRequest()) {
      host.refuseRequest(current);
      return;
    }
    const response = new ByteVector();
    this.#running++;
    try {
      const result: HandlerResult = host.handle(current, response);
      if (typeof result === 'object') {
        Promise.resolve(result).then(
          () => {
            this.#handled(current, response);
          },
          (error: unknown) => {
            this.#failed(current, error);
          },
        );
        return;
      }
    } catch (error) {
      this.#failed(current, error);
      return;
    }
    this.#handled(current, response);
  }

  #handled(current: Current, response: ByteVector): void {
    this.#host.release();
    try {
      if (current.isResponse()) current.trySend(current.forSending(response));
      // It counts as running until the answer is given.
      else if (current.awaitAnswer()) return;
    } catch (error) {
      this.#host.onFault(current.peer, error);
    }
    this.#done();
  }

  #failed(current: Current, error: unknown): void {
    this.#host.release();
    this.#done();
    this.#host.onHandlerError(current.peer, error);
  }

  handlerFailed(peer: Peer, error: unknown): string {
    return this.#host.onHandlerError(peer, error);
  }

  lateAnswerSent(): void {
    this.#done();
  }

  onTooLarge(peer: Peer, bytes: number, limit: number): void {
    this.#host.onTooLarge(peer, bytes, limit);
  }

  onUnsent(peer: Peer, bytes: number): void {
    this.#host.onUnsent(peer, bytes);
  }

  onFault(peer: Peer, error: unknown): void {
    this.#host.onFault(peer, error);
  }

  #done(): void {
    this.#running--;
    if (this.#running === 0) this.#whenIdle?.resolve();
  }

  /** Resolves when no request runs. */
  whenIdle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    this.#whenIdle = deferred();
    return this.#whenIdle.promise;
  }

  /** The port is closed: nothing is sent any more. */
  close(): void {
    this.isOpen = false;
  }
}
