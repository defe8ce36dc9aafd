import { describe, expect, it } from 'vitest';
import { errorCodes } from './error-codes.js';
import * as exceptions from './exceptions.js';
import { exceptionFromResult } from './exceptions.js';
import { TarsException, type TarsExceptionOptions } from './tars-exception.js';

type ExceptionClass = new (message: string, options?: TarsExceptionOptions) => TarsException;

const classes = Object.entries(exceptions).filter(([name]) => name !== 'exceptionFromResult') as [
  string,
  ExceptionClass,
][];

describe('the exception classes', () => {
  it.each(classes)('%s has its own name and code, and takes another code', (name, Class) => {
    const error = new Class('text', { where: { line: 3 } });
    expect(error).toBeInstanceOf(TarsException);
    expect(TarsException.is(error)).toBe(true);
    expect([error.name, error.message, error.where]).toEqual([name, 'text', { line: 3 }]);
    expect(error.code).not.toBe('TARSIER_LISTEN_FAILED');
    expect(error.iRet).toBe(errorCodes[error.code].iRet);
    const other = new Class('text', { code: 'TARSIER_LISTEN_FAILED', iRet: -5 });
    expect([other.code, other.iRet]).toEqual(['TARSIER_LISTEN_FAILED', -5]);
  });

  it('have codes of the table, as TARS has them', () => {
    expect(Object.fromEntries(classes.map(([name, Class]) => [name, new Class('').code]))).toEqual({
      ConfigException: 'TARSIER_CONFIG_INVALID',
      ConfigNoParamException: 'TARSIER_CONFIG_MISSING',
      EndpointParseException: 'TARSIER_ENDPOINT_INVALID',
      NetWorkBufferException: 'TARSIER_PACKET_INVALID',
      TarsClientQueueException: 'TARSIER_CLIENT_QUEUE_FULL',
      TarsCommunicatorException: 'TARSIER_CLOSED',
      TarsDecodeException: 'TARSIER_PACKET_INVALID',
      TarsEncodeException: 'TARSIER_ENCODE',
      TarsRegistryException: 'TARSIER_NO_LOCATOR',
      TarsServerConnectionException: 'TARSIER_CONNECT_FAILED',
      TarsServerDecodeException: 'TARSIER_SERVER_DECODE',
      TarsServerEncodeException: 'TARSIER_SERVER_ENCODE',
      TarsServerInvokeTimeoutException: 'TARSIER_CALL_TIMEOUT',
      TarsServerNoFuncException: 'TARSIER_NO_FUNC',
      TarsServerNoServantException: 'TARSIER_NO_SERVANT',
      TarsServerQueueTimeoutException: 'TARSIER_QUEUE_TIMEOUT',
      TarsServerUnknownException: 'TARSIER_SERVER_UNKNOWN',
      TarsSyncCallTimeoutException: 'TARSIER_CALL_TIMEOUT',
    });
  });
});

describe('exceptionFromResult', () => {
  it.each([
    [-1, 'TarsServerDecodeException', 'TARSIER_SERVER_DECODE'],
    [-2, 'TarsServerEncodeException', 'TARSIER_SERVER_ENCODE'],
    [-3, 'TarsServerNoFuncException', 'TARSIER_NO_FUNC'],
    [-4, 'TarsServerNoServantException', 'TARSIER_NO_SERVANT'],
    [-5, 'TarsServerUnknownException', 'TARSIER_SERVER_UNKNOWN'],
    [-6, 'TarsServerQueueTimeoutException', 'TARSIER_QUEUE_TIMEOUT'],
    [-7, 'TarsServerInvokeTimeoutException', 'TARSIER_CALL_TIMEOUT'],
    [-8, 'TarsServerConnectionException', 'TARSIER_CONNECTION_LOST'],
    [-9, 'TarsServerUnknownException', 'TARSIER_OVERLOADED'],
    [-10, 'TarsServerUnknownException', 'TARSIER_NO_ENDPOINT'],
    [-12, 'TarsServerUnknownException', 'TARSIER_CLIENT_DECODE'],
    [-13, 'TarsServerUnknownException', 'TARSIER_SEND_FAILED'],
    [-99, 'TarsServerUnknownException', 'TARSIER_SERVER_UNKNOWN'],
    [-12_345, 'TarsServerUnknownException', 'TARSIER_SERVER_UNKNOWN'],
    [42, 'TarsServerUnknownException', 'TARSIER_SERVER_UNKNOWN'],
  ])('%i gives %s', (iRet, name, code) => {
    const error = exceptionFromResult(iRet, 'text', { where: { func: 'f' } });
    expect(error).toMatchObject({ name, code, iRet, message: 'text', where: { func: 'f' } });
  });

  it('takes a code that says more', () => {
    const error = exceptionFromResult(-8, 'text', { code: 'TARSIER_CONNECT_FAILED' });
    expect([error.code, error.iRet]).toEqual(['TARSIER_CONNECT_FAILED', -8]);
  });
});
