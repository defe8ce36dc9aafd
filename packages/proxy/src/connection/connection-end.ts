import {
  type ErrorCode,
  TarsDecodeException,
  type TarsException,
  TarsServerConnectionException,
} from '@tarsier/protocol';

/** Why a connection is no more. */
export type ConnectionEnd =
  /** It could not be made. */
  | { readonly kind: 'refused'; readonly cause: unknown }
  /** The peer, or the network, ended it; without a cause the peer closed it orderly. */
  | { readonly kind: 'lost'; readonly cause?: Error | undefined }
  /** The peer sent what the protocol cannot take. */
  | { readonly kind: 'malformed'; readonly code: ErrorCode; readonly problem: string; readonly cause?: unknown }
  /** An answer said that it was the last one (`PACKET_FULL_CLOSE`). */
  | { readonly kind: 'finished' }
  /** A connection that carries one call at a time lost its call to a timeout or abort: its answer may still come. */
  | { readonly kind: 'abandoned' }
  /** The program closed it; `reason` says by what, as `the proxy was closed`. */
  | { readonly kind: 'closed'; readonly reason: string };

/** What an error from below says of itself, shortly: its code, else its message. */
export function causeText(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code: unknown = Reflect.get(cause, 'code');
  return typeof code === 'string' && !code.startsWith('TARSIER_') ? code : cause.message;
}

/** How a connection was lost, to stand after `was`. */
export function lossText(cause: Error | undefined): string {
  if (cause === undefined) return 'closed by the peer';
  return causeText(cause) === 'ECONNRESET' ? 'reset by the peer' : `broken (${causeText(cause)})`;
}

/** Whether a connection ended because this side wanted it. */
export function isWished(end: ConnectionEnd): boolean {
  return end.kind === 'closed' || end.kind === 'abandoned' || end.kind === 'finished';
}

/** The exception that tells of the end of a connection as such, for events and logs. */
export function connectionError(end: ConnectionEnd, object: string, endpoint: string): TarsException {
  const where = { object, endpoint };
  const lost = (text: string, cause?: unknown): TarsException =>
    new TarsServerConnectionException(`${object}: the connection to ${endpoint} was ${text}`, {
      code: 'TARSIER_CONNECTION_LOST',
      cause,
      where,
    });
  switch (end.kind) {
    case 'refused':
      return new TarsServerConnectionException(
        `${object}: could not connect to ${endpoint} (${causeText(end.cause)}); check that the server runs and listens there`,
        { code: 'TARSIER_CONNECT_FAILED', cause: end.cause, where },
      );
    case 'malformed':
      return new TarsDecodeException(
        `${object}: the connection to ${endpoint} was closed because ${end.problem}; check that the protocol given to setProtocol is that of the server`,
        { code: end.code, cause: end.cause, where },
      );
    case 'finished':
      return lost('closed after the answer that was its last (PACKET_FULL_CLOSE)');
    case 'abandoned':
      return lost('closed because its call was given up');
    case 'closed':
      return lost(`closed when ${end.reason}`);
    case 'lost':
      break;
  }
  return lost(lossText(end.cause), end.cause);
}
