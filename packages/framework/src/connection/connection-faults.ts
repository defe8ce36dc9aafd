import { TarsDecodeException, TarsException } from '@tarsier/protocol';

/** The parser answered `PACKET_ERR`. */
export function refusedByParser(): TarsException {
  return new TarsDecodeException('the parser answered PACKET_ERR');
}

/** The parser would be asked for ever. */
export function tookNothing(): TarsException {
  return new TarsDecodeException('the parser answered PACKET_FULL and took no byte; it must moveHeader');
}

export function tooLarge(bytes: number, limit: number): TarsException {
  const text = `${bytes} bytes are buffered and form no packet; the limit is ${limit} (recvbufferlimit)`;
  return new TarsDecodeException(text, { code: 'TARSIER_PACKET_TOO_LARGE' });
}

/** The network broke a connection. */
export function broken(ip: string, port: number, cause: Error): TarsException {
  const text = `the connection to ${ip}:${port} broke: ${cause.message}`;
  return new TarsException(text, { code: 'TARSIER_CONNECTION_LOST', cause, where: { peer: ip } });
}

/** What was thrown where nothing may be. */
export function faultOf(error: unknown): TarsException {
  if (TarsException.is(error)) return error;
  const why = error instanceof Error ? error.message : 'something that is no error was thrown';
  return new TarsException(`the connection was given up because of a fault of the server: ${why}`, {
    code: 'TARSIER_CONNECTION_LOST',
    cause: error,
  });
}

/** A transport that does not keep its word. */
export function neverClosed(): TarsException {
  return new TarsException('the transport did not say that a wire is closed, after it was told to destroy it');
}
