import { type Bytes, ByteVector } from '../buffer/byte-vector.js';

/** Kinds of `cPacketType`. Source: servant/protocol/servant/BaseF.tars (TarsCpp). */
export const TarsPacketType = { TARSNORMAL: 0, TARSONEWAY: 1 } as const;

/** One of the values of {@link TarsPacketType}. */
export type TarsPacketType = (typeof TarsPacketType)[keyof typeof TarsPacketType];

/** Versions in `iVersion`. A custom protocol has 0. Source: BaseF.tars. */
export const ProtocolVersion = { CUSTOM: 0, TARSVERSION: 1, TUPVERSION: 3, XMLVERSION: 4, JSONVERSION: 5 } as const;

/** One of the values of {@link ProtocolVersion}. */
export type ProtocolVersion = (typeof ProtocolVersion)[keyof typeof ProtocolVersion];

const NOTHING: ReadonlyMap<string, string> = new Map();

/**
 * A request on its way to the wire. A custom protocol encodes `iRequestId` and `sBuffer`, and whatever else it likes.
 *
 * Source: RequestPacket (servant/protocol/tup/RequestF.tars).
 */
export class RequestPacket {
  /** What `context` holds, without making a map for the many that have none. @internal */
  static contextOf(request: RequestPacket): ReadonlyMap<string, string> {
    return request.#context ?? NOTHING;
  }

  /** The same of `status`. @internal */
  static statusOf(request: RequestPacket): ReadonlyMap<string, string> {
    return request.#status ?? NOTHING;
  }

  iVersion = 0;
  cPacketType: number = TarsPacketType.TARSNORMAL;
  iMessageType = 0;
  /** Matches the answer to the call. Never 0: 0 means a push. */
  iRequestId = 0;
  sServantName = '';
  sFuncName = '';
  /** Time that the caller waits, in ms. */
  iTimeout = 0;
  #buffer: ByteVector | undefined;
  #context: Map<string, string> | undefined;
  #status: Map<string, string> | undefined;

  /** The body. Takes a `Uint8Array` or a vector too; it is not copied. */
  get sBuffer(): ByteVector {
    this.#buffer ??= new ByteVector();
    return this.#buffer;
  }

  set sBuffer(bytes: Bytes | string) {
    this.#buffer = bytes instanceof ByteVector ? bytes : new ByteVector().assign(bytes);
  }

  /** Data of the application, sent along by protocols that can. */
  get context(): Map<string, string> {
    this.#context ??= new Map();
    return this.#context;
  }

  set context(context: Map<string, string>) {
    this.#context = context;
  }

  /** Data of the framework, sent along by protocols that can. */
  get status(): Map<string, string> {
    this.#status ??= new Map();
    return this.#status;
  }

  set status(status: Map<string, string>) {
    this.#status = status;
  }
}
