import type { Bytes, Framing, PacketParser, ProxyProtocol } from '@tarsier/protocol';

/** Both halves of a protocol, or those that there are. */
export interface ProtocolParts {
  /** The server's half, as `addServantProtocol` takes it. */
  readonly parser?: PacketParser;
  /** The client's half, as `setProtocol` takes it. */
  readonly proxyProtocol?: ProxyProtocol;
  /** Makes what the server sends: an answer to the request with the id, or, with 0, a push. */
  readonly encode?: (body: Bytes, requestId?: number) => Bytes;
}

/** What {@link checkProtocol} takes: a ready framing, a parser alone, or the parts. */
export type CheckedProtocol = Framing | PacketParser | ProtocolParts;

/** A packet of which more is known than its bytes. */
export interface ProtocolSample {
  /** One whole packet, as it is sent. */
  readonly bytes: Uint8Array;
  /** What `sBuffer` must be, and a body that the encoders can be given. A string stands for its UTF-8 bytes. */
  readonly body?: Bytes | string;
  /** What `iRequestId` must be. */
  readonly requestId?: number;
  /** What the server's parser must put into its output. */
  readonly output?: Bytes | string;
}

/** What {@link checkProtocol} is told. Sizes are in bytes. */
export interface CheckProtocolOptions {
  /** Whole packets, each of which must be taken as one. A few short ones of different length serve best. */
  readonly samples: readonly (Uint8Array | ProtocolSample)[];
  /** Packets for the client's half, where answers look different from requests; `samples` unless told. */
  readonly answers?: readonly (Uint8Array | ProtocolSample)[];
  /** Bytes that must be refused, by each half. */
  readonly rejects?: readonly Uint8Array[];
  /** What each connection begins with, once, before its first packet; nothing unless told. */
  readonly preamble?: Uint8Array;
  /** The largest packet; the default of `maxBufferedBytes`. */
  readonly maxPacketBytes?: number;
  /** So much may wait for the end of a packet; 16 MiB unless told, which is the default of `recvbufferlimit`. */
  readonly maxBufferedBytes?: number;
  /** Makes a packet of about so many bytes, to see what a large one costs. Needed where there is no encoder that can. */
  readonly packetOf?: (bytes: number) => Uint8Array;
  /** What the server answers to what its parser put out; the answer must bring the id of the request. */
  readonly serve?: (request: Uint8Array) => Bytes;
  /** Bodies for the encoders, besides those of the samples. */
  readonly bodies?: readonly (Bytes | string)[];
  /** Which exceptions are meant for bad bytes; unless told, all but `TypeError`, `RangeError` and `ReferenceError` of the engine. */
  readonly isRefusal?: (error: unknown) => boolean;
  /** Begin of the random numbers; 1 unless told. The same seed repeats a run. */
  readonly seed?: number;
  /** Runs of each check that has random ones; 200 unless told. */
  readonly runs?: number;
  /** One call of the parser may take so many ms; 5000 unless told. A call that never returns cannot be stopped. */
  readonly timeLimitMs?: number;
  /** Is told a line for each check; nothing is printed without it. */
  readonly log?: (line: string) => void;
}

/** What was checked, of a protocol without faults. */
export interface ProtocolReport {
  readonly seed: number;
  /** How often each check was run, as `parser: cuts`. */
  readonly checks: Readonly<Record<string, number>>;
  /** What could not be checked, and what would be needed. */
  readonly skipped: readonly string[];
}
