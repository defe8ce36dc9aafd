import type { Allocate, Bytes, ProxyProtocol, RequestPacket, TarsException, Where } from '@tarsier/protocol';
import type { ProxyNotifier } from '../observe/proxy-notifier.js';
import type { TransportConnection } from '../transport/transport.js';
import type { PacketTaker } from './packet-reader.js';

/** What a connection puts its packets into; where they are datagrams, it reads them too. */
export interface PacketQueue {
  /** Whether the transport has said that it has enough. */
  readonly isBlocked: boolean;
  push(bytes: Bytes): void;
  /** Hands everything to the transport, unless it is blocked. */
  flush(): void;
  /** The transport takes bytes again: hands it what has come meanwhile. */
  drained(): void;
  /** Drops everything. */
  clear(): void;
  /** Why a request of `size` bytes cannot be sent; undefined when it can. Absent where any can. */
  problemOf?(request: RequestPacket, size: number, where: () => Where): TarsException | undefined;
  /** Reads the packets of one datagram; what does not form one is dropped with it, and nothing else is harmed. Absent for streams. */
  read?(datagram: Uint8Array): void;
}

/** Who is told of datagrams that are dropped. */
export type DropNotifier = Pick<ProxyNotifier, 'counts' | 'drop'>;

/** What a {@link PacketQueue} is made of. */
export interface PacketQueueInit {
  readonly connection: TransportConnection;
  readonly taker: PacketTaker;
  readonly protocol: ProxyProtocol;
  readonly allocate: Allocate;
  readonly notifier: DropNotifier;
}
