import type { ErrorCode } from './error-codes.js';
import { TarsException, type TarsExceptionOptions } from './tars-exception.js';

/** Bytes could not be decoded. Thrown by parsers too: it ends that connection alone. Source: TarsDecodeException. */
export class TarsDecodeException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_PACKET_INVALID';
}

/** A value could not be encoded. Source: TarsEncodeException. */
export class TarsEncodeException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_ENCODE';
}

/** A buffer was asked for more bytes than it has. Source: TC_NetWorkBuffer_Exception. */
export class NetWorkBufferException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_PACKET_INVALID';
}

/** The server could not decode the request (-1). */
export class TarsServerDecodeException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_SERVER_DECODE';
}

/** The server could not encode its answer (-2). */
export class TarsServerEncodeException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_SERVER_ENCODE';
}

/** The servant has no such function (-3). */
export class TarsServerNoFuncException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_NO_FUNC';
}

/** The server has no such servant (-4). */
export class TarsServerNoServantException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_NO_SERVANT';
}

/** The request waited too long in the queue of the server (-6). */
export class TarsServerQueueTimeoutException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_QUEUE_TIMEOUT';
}

/** The server reports that a call of its own timed out (-7). */
export class TarsServerInvokeTimeoutException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_CALL_TIMEOUT';
}

/** The deadline of a call passed on this side (-7). */
export class TarsSyncCallTimeoutException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_CALL_TIMEOUT';
}

/** A connection could not be made, or was lost while calls waited on it (-8). */
export class TarsServerConnectionException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_CONNECT_FAILED';
}

/** The server failed in a way that has no code of its own (-99 and every other). */
export class TarsServerUnknownException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_SERVER_UNKNOWN';
}

/** The send queue of the client is full. */
export class TarsClientQueueException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_CLIENT_QUEUE_FULL';
}

/** The communicator is stopped, or the proxy closed. */
export class TarsCommunicatorException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_CLOSED';
}

/** The registry is needed and cannot be asked. */
export class TarsRegistryException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_NO_LOCATOR';
}

/** An endpoint or object string does not parse. Source: TC_EndpointParse_Exception. */
export class EndpointParseException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_ENDPOINT_INVALID';
}

/** A configuration is malformed, or one of its values is not allowed. Source: TC_Config_Exception. */
export class ConfigException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_CONFIG_INVALID';
}

/** A configuration lacks a key or domain. Source: TC_ConfigNoParam_Exception. */
export class ConfigNoParamException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_CONFIG_MISSING';
}

type ExceptionClass = new (message: string, options?: TarsExceptionOptions) => TarsException;

/** The class for each result, and the code where that of the class says less. */
const byResult: Readonly<Record<number, readonly [ExceptionClass, ErrorCode?]>> = {
  [-1]: [TarsServerDecodeException],
  [-2]: [TarsServerEncodeException],
  [-3]: [TarsServerNoFuncException],
  [-4]: [TarsServerNoServantException],
  [-6]: [TarsServerQueueTimeoutException],
  [-7]: [TarsServerInvokeTimeoutException],
  [-8]: [TarsServerConnectionException, 'TARSIER_CONNECTION_LOST'],
  [-9]: [TarsServerUnknownException, 'TARSIER_OVERLOADED'],
  [-10]: [TarsServerUnknownException, 'TARSIER_NO_ENDPOINT'],
  [-12]: [TarsServerUnknownException, 'TARSIER_CLIENT_DECODE'],
  [-13]: [TarsServerUnknownException, 'TARSIER_SEND_FAILED'],
};

/**
 * The exception for a result code that a server sent.
 *
 * @param iRet any non-zero result; codes without an exception of their own give {@link TarsServerUnknownException}.
 * Source: TarsException::throwException (servant/libservant/Global.cpp).
 */
export function exceptionFromResult(iRet: number, message: string, options: TarsExceptionOptions = {}): TarsException {
  const [Class, code] = byResult[iRet] ?? [TarsServerUnknownException];
  return new Class(message, { ...(code !== undefined && { code }), ...options, iRet });
}
