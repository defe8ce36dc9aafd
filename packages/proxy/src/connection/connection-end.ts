import {
  type ErrorCode,
  TarsDecodeException,
  TarsException,
  TarsServerConnectionException,
  type Where,
} from '@tarsier/protocol';
import { TransportError } from '../transport/transport-error.js';
import type { LinkClocks } from './link-watch.js';

/**
 * One of the three clocks of a connection found it half-open: a heartbeat was not answered, nothing came although something was
 * expected, or the network took no byte of what was written.
 */
export interface ClockEnd {
  readonly kind: 'unanswered' | 'silent' | 'stalled';
  /** What was found, as a clause. */
  readonly problem: string;
  /** The property of the clock, and its value in ms. */
  readonly key: string;
  readonly limit: number;
}

/** The end of a connection whose clock ran out. */
export function clockEnd(kind: ClockEnd['kind'], clocks: LinkClocks): ClockEnd {
  switch (kind) {
    case 'unanswered': {
      const [key, limit] = ['keep-alive-interval', clocks.keepAliveMs];
      return { kind, key, limit, problem: `a heartbeat was not answered within ${limit} ms (${key})` };
    }
    case 'silent': {
      const [key, limit] = ['silence-timeout', clocks.silenceMs];
      return { kind, key, limit, problem: `nothing came for ${limit} ms, though it was expected (${key})` };
    }
    case 'stalled':
      break;
  }
  const [key, limit] = ['write-stall-timeout', clocks.stallMs];
  return { kind: 'stalled', key, limit, problem: `no written byte was taken for ${limit} ms (${key})` };
}

/** Why a connection is closed after the server has said goodbye on it, to stand after `closed when`. */
export const GOODBYE = 'the server said goodbye';

/** A function of the protocol that recognises packets threw. */
export function recogniserError(name: string, cause: unknown, object: string, endpoint: string): TarsException {
  const text = `${object}: ${name} threw: ${causeText(cause)}; the packet goes its usual way`;
  return new TarsException(text, { code: 'TARSIER_CALLBACK_FAILED', cause, where: { object, endpoint } });
}

/** Whether a clock of the connection ran out. */
export function isClockEnd(end: ConnectionEnd): end is ClockEnd {
  return end.kind === 'unanswered' || end.kind === 'silent' || end.kind === 'stalled';
}

/** Whether a call that was on the connection may fare better on another one. */
export function isRetryable(end: ConnectionEnd): boolean {
  return end.kind === 'lost' || end.kind === 'finished' || isClockEnd(end);
}

/** Why a connection is no more. */
export type ConnectionEnd =
  /** It could not be made. */
  | { readonly kind: 'refused'; readonly cause: unknown; readonly key?: string; readonly limit?: number }
  /** The peer, or the network, ended it; without a cause the peer closed it orderly. */
  | { readonly kind: 'lost'; readonly cause?: Error | undefined }
  /** The peer sent what the protocol cannot take. */
  | {
      readonly kind: 'malformed';
      readonly code: ErrorCode;
      readonly problem: string;
      readonly cause?: unknown;
      readonly key?: string;
      readonly limit?: number;
    }
  | ClockEnd
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

/** What to look at when a connection could not be made. Transports that know why say what to change themselves. */
export function connectAdvice(cause: unknown): string {
  return cause instanceof TransportError ? '' : '; check that the server runs and listens there';
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
  const where: Where = { object, endpoint };
  if ('key' in end && end.key !== undefined) where.key = end.key;
  if ('limit' in end && end.limit !== undefined) where.limit = end.limit;
  const lost = (text: string, cause?: unknown): TarsException =>
    new TarsServerConnectionException(`${object}: the connection to ${endpoint} was ${text}`, {
      code: 'TARSIER_CONNECTION_LOST',
      cause,
      where,
    });
  if (isClockEnd(end))
    return lost(`given up: ${end.problem}; look for a peer that is gone or stuck, or raise ${end.key}`);
  switch (end.kind) {
    case 'refused':
      return new TarsServerConnectionException(
        `${object}: could not connect to ${endpoint} (${causeText(end.cause)})${connectAdvice(end.cause)}`,
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
