import { type Bytes, ByteVector, type TarsException } from '@tarsier/protocol';
import type { BindAdapter } from '../adapter/bind-adapter.js';
import { CloseType } from '../close-type.js';
import { publishSend, serverChannels } from '../observe/server-channels.js';
import { nextUid } from './next-uid.js';
import type { Peer } from './peer.js';
import { SendResult } from './send-result.js';

/** What IPv4 and IPv6 can carry in one datagram: 65535 less the headers of IP (20; 0, it is not counted) and UDP (8). Source: RFC 768, 791, 8200. */
const MAX_BYTES_V4 = 65_507;
const MAX_BYTES_V6 = 65_527;

/** Who serves datagrams, as their senders see it. */
export interface DatagramPlace {
  readonly adapter: BindAdapter;
  /** Whether the port is open. */
  readonly isOpen: boolean;
  /** An answer is larger than a datagram can be. */
  onTooLarge(peer: Peer, bytes: number, limit: number): void;
  /** An answer found no room. */
  onUnsent(peer: Peer, bytes: number): void;
  /** What serves a request threw. */
  handlerFailed(peer: Peer, error: unknown): string;
  /** The transport threw at an answer. */
  onFault(peer: Peer, error: unknown): void;
  /** An answer that was announced for later was given. */
  lateAnswerSent(): void;
}

/** The sender of one datagram. Each packet that it is sent is a datagram; there is no connection, so nothing ends and nothing is closed. */
export class DatagramPeer implements Peer {
  readonly uid: number = nextUid();
  readonly ip: string;
  readonly port: number;
  readonly pendingBytes = 0;
  readonly isCongested = false;
  readonly isDatagram = true;
  readonly carrier: undefined = undefined;
  readonly closeType: CloseType = CloseType.EM_CLIENT_CLOSE;
  readonly error: TarsException | undefined = undefined;
  readonly #place: DatagramPlace;
  readonly #reply: (bytes: Uint8Array) => boolean;
  readonly receivedMs: number;

  constructor(
    place: DatagramPlace,
    ip: string,
    port: number,
    reply: (bytes: Uint8Array) => boolean,
    receivedMs: number,
  ) {
    this.#place = place;
    this.receivedMs = receivedMs;
    this.ip = ip;
    this.port = port;
    this.#reply = reply;
  }

  get adapter(): BindAdapter {
    return this.#place.adapter;
  }

  get isOpen(): boolean {
    return this.#place.isOpen;
  }

  send(bytes: Bytes): SendResult {
    if (!this.isOpen) return SendResult.REFUSED;
    if (bytes.length === 0) return SendResult.ACCEPTED;
    const result = this.#send(bytes instanceof ByteVector ? bytes.buffer.subarray(bytes.start, bytes.end) : bytes);
    if (serverChannels.send.hasSubscribers) publishSend(this, bytes.length, result);
    return result;
  }

  #send(bytes: Uint8Array): SendResult {
    const limit = this.ip.includes(':') ? MAX_BYTES_V6 : MAX_BYTES_V4;
    try {
      if (bytes.length > limit) this.#place.onTooLarge(this, bytes.length, limit);
      else if (this.#reply(bytes)) return SendResult.ACCEPTED;
      else this.#place.onUnsent(this, bytes.length);
    } catch (error) {
      this.#place.onFault(this, error);
    }
    return SendResult.REFUSED;
  }

  /** Datagrams are sent one by one, at once. */
  sendNow(bytes: Bytes): SendResult {
    return this.send(bytes);
  }

  whenWritable(): Promise<boolean> {
    return Promise.resolve(this.isOpen);
  }

  close(): void {}

  closeAfterAnswer(): void {}

  handlerFailed(error: unknown): string {
    return this.#place.handlerFailed(this, error);
  }

  lateAnswerSent(): void {
    this.#place.lateAnswerSent();
  }
}
