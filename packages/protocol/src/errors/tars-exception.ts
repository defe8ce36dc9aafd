import type { ErrorCode } from './error-codes.js';
import { resultOfCode } from './result-of-code.js';

/**
 * How far a call is: its nodes are looked up, it waits for a connection, its bytes lie in our send queue, they were handed to
 * the socket, or the network has taken them and the answer is awaited.
 */
export type CallPhase = 'resolving' | 'connecting' | 'queued' | 'sent' | 'waiting';

/** The facts known about the place of a failure; all of them optional. */
export interface Where {
  /** Object name, as `App.Server.Obj`. */
  object?: string;
  /** Function name given to the call. */
  func?: string;
  requestId?: number;
  /** The endpoint that was called or listened on, as `tcp -h 127.0.0.1 -p 10099`. */
  endpoint?: string;
  /** Address of the other side, as `127.0.0.1:52044`. */
  peer?: string;
  /** Milliseconds from the begin of the call. */
  elapsedMs?: number;
  /** Byte offset in the packet or text. */
  offset?: number;
  file?: string;
  /** Line in the text, from 1. */
  line?: number;
  /** Column in the line, from 1. */
  column?: number;
  /** Configuration key or property that decided. */
  key?: string;
  /** The limit that was hit, in the unit of `key`. */
  limit?: number;
  /** State of the node at the time, as `ServantProxy.endpoints` tells it. */
  state?: string;
  /** The phase in which a call ended. */
  phase?: CallPhase;
  /** Milliseconds that a call spent in each phase it has entered. */
  phases?: Partial<Record<CallPhase, number>>;
  /** Nodes that a call was sent to, one after the other; above 1 it was retried. */
  attempts?: number;
}

/** What an exception may be given besides its message. */
export interface TarsExceptionOptions {
  code?: ErrorCode;
  /** Defaults to the code's own; never 0 for anything that can end a call. */
  iRet?: number;
  where?: Where;
  cause?: unknown;
}

const brand = Symbol.for('tarsier.TarsException');

/**
 * The base of everything that Tarsier throws or rejects with.
 *
 * Match on `code`, not on the message. Two installed copies of the package recognise each other's exceptions
 * through {@link TarsException.is}.
 *
 * Source: TarsException, TC_Exception (TarsCpp); the numeric code, which C++ keeps in the text only, is `iRet`.
 */
export class TarsException extends Error {
  /** The code of exceptions of this class that are given none. */
  protected static readonly defaultCode: ErrorCode = 'TARSIER_SERVER_UNKNOWN';
  /** What kind of failure it is: stable, listed in docs/reference/errors.md. */
  readonly code: ErrorCode;
  /** The TARS result code; 0 for faults that no call can end with. */
  readonly iRet: number;
  /** Where it happened, as far as known. */
  readonly where: Where;

  constructor(message: string, options: TarsExceptionOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code ?? new.target.defaultCode;
    this.iRet = options.iRet ?? resultOfCode(this.code);
    this.where = options.where ?? {};
  }

  /** Whether a value is a TarsException, of this copy of the package or of another. */
  static is(value: unknown): value is TarsException {
    return typeof value === 'object' && value !== null && Reflect.get(value, brand) === true;
  }

  /** Turns anything caught into a TarsException; one that is already is returned as it is. */
  static from(value: unknown, options: Omit<TarsExceptionOptions, 'cause'> = {}): TarsException {
    if (TarsException.is(value)) return value;
    const message = value instanceof Error ? value.message : String(value);
    return new TarsException(message, { ...options, cause: value });
  }
}

Object.defineProperty(TarsException.prototype, brand, { value: true });
