import { TarsException } from '@tarsier/protocol';
import { hasOwnResult } from './result-of-error.js';

/** Exceptions about the bytes of the very peer that gets them. */
const aboutItsBytes = new WeakSet<TarsException>();

/** Says of an exception that it is about what the peer has sent, so that the peer may read it. */
export function aboutBytesOfPeer(error: TarsException): TarsException {
  aboutItsBytes.add(error);
  return error;
}

/** A call to another server knows which request it was: its exception is about that server, not for this caller. */
function isOfOwnCall({ where }: TarsException): boolean {
  return where.requestId !== undefined || where.endpoint !== undefined || where.phase !== undefined;
}

/**
 * The text of an exception, where it was thrown for the peer to read: a `TarsException` with a result that the program has given it, or
 * one about the bytes of the peer. Undefined for everything else: paths, addresses and passwords stand in such texts, and they stay here.
 */
export function textForPeer(error: unknown): string | undefined {
  if (!TarsException.is(error)) return undefined;
  if (aboutItsBytes.has(error)) return error.message;
  return hasOwnResult(error) && !isOfOwnCall(error) ? error.message : undefined;
}

/** A name for one line of the log, which a peer may be told. */
export function newReference(): string {
  return Math.random().toString(36).slice(2, 10).padEnd(8, '0');
}

/**
 * What a peer is told of an exception that was not thrown for it.
 *
 * @param reference of the line in the log; undefined when there is none.
 */
export function neutralText(reference: string | undefined): string {
  return reference === undefined
    ? 'the server failed to serve this request'
    : `the server failed to serve this request; its log says why (reference ${reference})`;
}
