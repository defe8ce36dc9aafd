import type { ErrorCode } from './error-codes.js';
import { TarsException, type TarsExceptionOptions } from './tars-exception.js';

function withCode(code: ErrorCode, options: TarsExceptionOptions = {}): TarsExceptionOptions {
  return { ...options, code: options.code ?? code };
}

/** Bytes could not be decoded. Thrown by parsers too: it ends that connection alone. Source: TarsDecodeException. */
export class TarsDecodeException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_PACKET_INVALID', options));
  }
}

/** A value could not be encoded. Source: TarsEncodeException. */
export class TarsEncodeException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_ENCODE', options));
  }
}

/** A buffer was asked for more bytes than it has. Source: TC_NetWorkBuffer_Exception. */
export class NetWorkBufferException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_PACKET_INVALID', options));
  }
}

/** The server could not decode the request (-1). */
export class TarsServerDecodeException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_SERVER_DECODE', options));
  }
}

/** The server could not encode its answer (-2). */
export class TarsServerEncodeException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_SERVER_ENCODE', options));
  }
}

/** The servant has no such function (-3). */
export class TarsServerNoFuncException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_NO_FUNC', options));
  }
}

/** The server has no such servant (-4). */
export class TarsServerNoServantException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_NO_SERVANT', options));
  }
}

/** The request waited too long in the queue of the server (-6). */
export class TarsServerQueueTimeoutException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_QUEUE_TIMEOUT', options));
  }
}

/** The server reports that a call of its own timed out (-7). */
export class TarsServerInvokeTimeoutException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_CALL_TIMEOUT', options));
  }
}

/** The deadline of a call passed on this side (-7). */
export class TarsSyncCallTimeoutException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_CALL_TIMEOUT', options));
  }
}

/** A connection could not be made, or was lost while calls waited on it (-8). */
export class TarsServerConnectionException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_CONNECT_FAILED', options));
  }
}

/** The server failed in a way that has no code of its own (-99 and every other). */
export class TarsServerUnknownException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_SERVER_UNKNOWN', options));
  }
}

/** The send queue of the client is full. */
export class TarsClientQueueException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_CLIENT_QUEUE_FULL', options));
  }
}

/** The communicator is stopped, or the proxy closed. */
export class TarsCommunicatorException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_CLOSED', options));
  }
}

/** The registry is needed and cannot be asked. */
export class TarsRegistryException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_NO_LOCATOR', options));
  }
}

/** An endpoint or object string does not parse. Source: TC_EndpointParse_Exception. */
export class EndpointParseException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_ENDPOINT_INVALID', options));
  }
}

/** A configuration is malformed, or one of its values is not allowed. Source: TC_Config_Exception. */
export class ConfigException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_CONFIG_INVALID', options));
  }
}

/** A configuration lacks a key or domain. Source: TC_ConfigNoParam_Exception. */
export class ConfigNoParamException extends TarsException {
  constructor(message: string, options?: TarsExceptionOptions) {
    super(message, withCode('TARSIER_CONFIG_MISSING', options));
  }
}

type ExceptionClass = new (message: string, options?: TarsExceptionOptions) => TarsException;

const byResult = new Map<number, readonly [ExceptionClass, ErrorCode]>([
  [-1, [TarsServerDecodeException, 'TARSIER_SERVER_DECODE']],
  [-2, [TarsServerEncodeException, 'TARSIER_SERVER_ENCODE']],
  [-3, [TarsServerNoFuncException, 'TARSIER_NO_FUNC']],
  [-4, [TarsServerNoServantException, 'TARSIER_NO_SERVANT']],
  [-6, [TarsServerQueueTimeoutException, 'TARSIER_QUEUE_TIMEOUT']],
  [-7, [TarsServerInvokeTimeoutException, 'TARSIER_CALL_TIMEOUT']],
  [-8, [TarsServerConnectionException, 'TARSIER_CONNECTION_LOST']],
  [-9, [TarsServerUnknownException, 'TARSIER_OVERLOADED']],
  [-10, [TarsServerUnknownException, 'TARSIER_NO_ENDPOINT']],
  [-12, [TarsServerUnknownException, 'TARSIER_CLIENT_DECODE']],
  [-13, [TarsServerUnknownException, 'TARSIER_SEND_FAILED']],
]);

/**
 * The exception for a result code that a server sent.
 *
 * @param iRet any non-zero result; codes without an exception of their own give {@link TarsServerUnknownException}.
 * Source: TarsException::throwException (servant/libservant/Global.cpp).
 */
export function exceptionFromResult(iRet: number, message: string, options: TarsExceptionOptions = {}): TarsException {
  const [Class, code] = byResult.get(iRet) ?? [TarsServerUnknownException, 'TARSIER_SERVER_UNKNOWN'];
  return new Class(message, { code, ...options, iRet });
}
