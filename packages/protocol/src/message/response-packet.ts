import { type Bytes, ByteVector } from '../buffer/byte-vector.js';

/**
 * An answer, or a push, as it was taken from the wire. A custom protocol sets `iRequestId` and `sBuffer`.
 *
 * Source: ResponsePacket (servant/protocol/tup/RequestF.tars).
 */
export class ResponsePacket {
  iVersion = 0;
  cPacketType = 0;
  /** The id of the request that this answers; 0 means a push. */
  iRequestId = 0;
  iMessageType = 0;
  /** 0, or what went wrong: a result code of TARS or of the application. */
  iRet = 0;
  sResultDesc = '';
  #buffer: ByteVector | undefined;
  #context: Map<string, string> | undefined;
  #status: Map<string, string> | undefined;

  /** The body; valid for as long as it is kept. Takes a `Uint8Array` or a vector too; it is not copied. */
  get sBuffer(): ByteVector {
    this.#buffer ??= new ByteVector();
    return this.#buffer;
  }

  set sBuffer(bytes: Bytes | string) {
    this.#buffer = bytes instanceof ByteVector ? bytes : new ByteVector().assign(bytes);
  }

  get context(): Map<string, string> {
    this.#context ??= new Map();
    return this.#context;
  }

  set context(context: Map<string, string>) {
    this.#context = context;
  }

  get status(): Map<string, string> {
    this.#status ??= new Map();
    return this.#status;
  }

  set status(status: Map<string, string>) {
    this.#status = status;
  }
}
