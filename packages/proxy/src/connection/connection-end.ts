import {
  type ErrorCode,
  TarsDecodeException,
  TarsException,
  TarsServerConnectionException,
  type Where,
} from '@tarsier/protocol';
import { TransportError } from '../transport/transport-error.js';
import type { LinkClocks } from './link-watch.js';

/** What is known of an end, whatever its kind. */
interface EndFacts {
  readonly cause?: unknown;
  /** The property that decided, and its value. */
  readonly key?: string;
  readonly limit?: number;
}

/**
 * One of the three clocks of a connection found it half-open: a heartbeat was not answered, nothing came although something was
 * expected, or the network took no byte of what was written.
 */
export interface ClockEnd extends EndFacts {
  readonly kind: 'unanswered' | 'silent' | 'stalled';
  /** What was found, as a clause. */
  readonly problem: string;
}

/** Property and setting of each clock, and what is said around its time. */
const clocks: Readonly<Record<ClockEnd['kind'], readonly [string, keyof LinkClocks, string, string?]>> = {
  unanswered: ['keep-alive-interval', 'keepAliveMs', 'a heartbeat was not answered within'],
  silent: ['silence-timeout', 'silenceMs', 'nothing came for', ', though it was expected'],
  stalled: ['write-stall-timeout', 'stallMs', 'no written byte was taken for'],
};

/** The end of a connection whose clock ran out. */
export function clockEnd(kind: ClockEnd['kind'], times: LinkClocks): ClockEnd {
  const [key, setting, before, behind = ''] = clocks[kind];
  const limit = times[setting];
  return { kind, key, limit, problem: `${before} ${limit} ms${behind} (${key})` };
}

/** Why a connection is closed after the server has said goodbye on it, to stand after `closed when`. */
export const GOODBYE = 'the server said goodbye';
/** What to look at when packets cannot be taken apart. */
export const PROTOCOL_ADVICE = 'check that the protocol given to setProtocol is that of the server';

/** A function of the protocol that recognises packets threw. */
export function recogniserError(name: string, cause: unknown, object: string, endpoint: string): TarsException {
  const text = `${object}: ${name} threw: ${causeText(cause)}; the packet goes its usual way`;
  return new TarsException(text, { code: 'TARSIER_CALLBACK_FAILED', cause, where: { object, endpoint } });
}

/** Whether a call that was on the connection may fare better on another one. */
export function isRetryable({ kind }: ConnectionEnd): boolean {
  return kind === 'lost' || kind === 'finished' || kind in clocks;
}

/** Why a connection is no more. */
export type ConnectionEnd =
  /** It could not be made. */
  | ({ readonly kind: 'refused' } & EndFacts)
  /** The peer, or the network, ended it; without a cause the peer closed it orderly. */
  | ({ readonly kind: 'lost' } & EndFacts)
  /** The peer sent what the protocol cannot take. */
  | ({ readonly kind: 'malformed'; readonly code: ErrorCode; readonly problem: string } & EndFacts)
  | ClockEnd
  /** An answer said that it was the last one (`PACKET_FULL_CLOSE`). */
  | ({ readonly kind: 'finished' } & EndFacts)
  /** A connection that carries one call at a time lost its call to a timeout or abort: its answer may still come. */
  | ({ readonly kind: 'abandoned' } & EndFacts)
  /** The program closed it; `reason` says by what, as `the proxy was closed`. */
  | ({ readonly kind: 'closed'; readonly reason: string } & EndFacts);

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

/** Whether a connection ended because this side wanted it. */
export function isWished({ kind }: ConnectionEnd): boolean {
  return kind === 'closed' || kind === 'abandoned' || kind === 'finished';
}

/** The property that decided and its value, as far as they are known. */
export function limitOf({
  key,
  limit,
}: {
  readonly key?: string;
  readonly limit?: number;
}): Pick<Where, 'key' | 'limit'> {
  return { ...(key !== undefined && { key }), ...(limit !== undefined && { limit }) };
}

/** How a connection ended, to stand after `was`. */
export function endText(end: ConnectionEnd): string {
  switch (end.kind) {
    case 'finished':
      return 'closed after the answer that was its last (PACKET_FULL_CLOSE)';
    case 'abandoned':
      return 'closed because its call was given up';
    case 'closed':
      return `closed when ${end.reason}`;
    case 'malformed':
      return `closed because ${end.problem}`;
    case 'refused':
    case 'lost': {
      if (end.cause === undefined) return 'closed by the peer';
      const text = causeText(end.cause);
      return text === 'ECONNRESET' ? 'reset by the peer' : `broken (${text})`;
    }
    case 'unanswered':
    case 'silent':
    case 'stalled':
      break;
  }
  return `given up: ${end.problem}`;
}

/** The exception that tells of the end of a connection as such, for events and logs. */
export function connectionError(end: ConnectionEnd, object: string, endpoint: string): TarsException {
  const { kind, cause } = end;
  const where: Where = { object, endpoint, ...limitOf(end) };
  if (kind === 'refused') {
    const text = `${object}: could not connect to ${endpoint} (${causeText(cause)})${connectAdvice(cause)}`;
    return new TarsServerConnectionException(text, { code: 'TARSIER_CONNECT_FAILED', cause, where });
  }
  const text = `${object}: the connection to ${endpoint} was ${endText(end)}`;
  if (kind === 'malformed') {
    return new TarsDecodeException(`${text}; ${PROTOCOL_ADVICE}`, { code: end.code, cause, where });
  }
  const advice = kind in clocks ? `; look for a peer that is gone or stuck, or raise ${end.key}` : '';
  return new TarsServerConnectionException(text + advice, { code: 'TARSIER_CONNECTION_LOST', cause, where });
}
