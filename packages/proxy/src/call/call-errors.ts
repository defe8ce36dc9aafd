import {
  CallType,
  TarsClientQueueException,
  TarsCommunicatorException,
  TarsDecodeException,
  TarsEncodeException,
  TarsException,
  type TarsExceptionOptions,
  TarsServerConnectionException,
  TarsServerUnknownException,
  TarsSyncCallTimeoutException,
  type Where,
} from '@tarsier/protocol';
import {
  type ConnectionEnd,
  causeText,
  connectAdvice,
  endText,
  limitOf,
  PROTOCOL_ADVICE,
} from '../connection/connection-end.js';
import { callName } from './call-messages.js';
import { phasesOf, phasesText } from './call-phases.js';
import { CALL_QUEUED, CALL_SENT, CALL_WAITING, type PendingCall } from './pending-call.js';

const RETRY = 'the server may have served it, so try again only what may be done twice';
/** Why a call that could have been retried was not. */
export const NO_BUDGET = '; it was not retried, because the retry budget is used up (retry-budget-ratio)';
/** Of messages about a call whose request did not leave. */
const NOT_SENT = 'was not sent:';

/** What is known of a call and of the place where it stands. */
export function whereOf(call: PendingCall, endpoint: string = call.place?.endpoint ?? ''): Where {
  const { iRequestId: requestId, sServantName: object, sFuncName: func } = call.request;
  const { nowMs } = call;
  const state = call.place?.nodeState;
  const attempts = call.history?.attempts ?? 1;
  return {
    object,
    func,
    requestId,
    elapsedMs: Math.round(nowMs - call.beginMs),
    ...phasesOf(call, nowMs),
    ...(endpoint && { endpoint }),
    ...(state && { state }),
    ...(attempts > 1 && { attempts }),
  };
}

function facts(call: PendingCall): string {
  const endpoint = call.place?.endpoint;
  const attempts = call.history?.attempts ?? 1;
  return `request ${call.request.iRequestId}${attempts > 1 ? `, attempt ${attempts}` : ''}${endpoint ? `, ${endpoint}` : ''}`;
}

type CallException = new (message: string, options: TarsExceptionOptions) => TarsException;

/** An exception that tells what happened to a call. `where` of the options is added to what is known of it. */
function about(
  call: PendingCall,
  what: string,
  Class: CallException,
  options: TarsExceptionOptions = {},
  endpoint?: string,
): TarsException {
  const where = { ...whereOf(call, endpoint), ...options.where };
  return new Class(`${callName(call.request)} ${what}`, { ...options, where });
}

function timeoutAdvice(call: PendingCall, property: string, resolveError: Error | undefined): string {
  const known = `(${facts(call)})`;
  const raise = `raise ${property}`;
  if (call.state === CALL_QUEUED) {
    return `: it was not sent, because the peer does not read ${known}; send less at a time, or ${raise}`;
  }
  if (call.state !== CALL_WAITING) return ` ${known}; ${raise} or look for a full queue on the server`;
  if (call.history?.isResolving !== true) {
    return `: it waited for a connection and was not sent ${known}; look whether the server accepts connections, or ${raise}`;
  }
  const why = resolveError === undefined ? '' : `: ${causeText(resolveError)}`;
  return `: its nodes were not known yet, so it was not sent ${known}${why}; look whether they can be looked up, or ${raise}`;
}

/** The deadline passed. `resolveError`: why its nodes are not known, if that is what it waited for. */
export function timeoutError(call: PendingCall, resolveError?: Error): TarsException {
  const key = call.eType === CallType.SYNC_CALL ? 'sync-invoke-timeout' : 'async-invoke-timeout';
  const where = whereOf(call);
  const cause = call.history?.isResolving === true ? resolveError : undefined;
  const what = `timed out after ${where.elapsedMs} ms${phasesText(where)}${timeoutAdvice(call, key, cause)}`;
  const limit = call.request.iTimeout;
  return about(call, what, TarsSyncCallTimeoutException, { cause, where: { limit, key } });
}

/** The caller's signal said so. */
export function abortError(call: PendingCall): TarsException {
  const when = call.state === CALL_SENT ? 'after' : 'before';
  const what = `was aborted by its caller ${when} its request was sent (${facts(call)})`;
  return about(call, what, TarsException, { code: 'TARSIER_ABORTED', cause: call.signal?.reason });
}

/** Too many calls wait already. */
export function queueFullError(call: PendingCall, limit: number, endpoint?: string): TarsException {
  const key = 'sendqueuelimit';
  const place = endpoint ?? 'its nodes to be looked up';
  const what = `${NOT_SENT} ${limit} calls wait for ${place} already (${facts(call)}); slow down, or raise ${key}`;
  return about(call, what, TarsClientQueueException, { where: { limit, key } }, endpoint);
}

/** The encoder of the protocol failed. */
export function encodeError(call: PendingCall, cause: unknown, endpoint: string): TarsException {
  const what = `${NOT_SENT} requestFunc failed: ${causeText(cause)} (${facts(call)}); look at the protocol given to setProtocol`;
  return about(call, what, TarsEncodeException, { cause }, endpoint);
}

/** The proxy or its communicator is closed. */
export function closedError(call: PendingCall, reason: string): TarsException {
  const sent = call.state === CALL_SENT ? 'waited for its answer' : 'was not sent';
  return about(call, `${sent} when ${reason} (${facts(call)})`, TarsCommunicatorException);
}

/** Why an object has no nodes, as far as its resolver knows, and what to do. */
export function noNodes(resolver: string, cause: Error | undefined, known: readonly string[] = []): string {
  const details = [...known, ...(cause === undefined ? [] : [causeText(cause)])].join(', ');
  return `the object has no endpoint now, says the resolver ${resolver}${details && ` (${details})`}; check that a server of it is running and registered`;
}

/** The object has no node at all. `cause`: why, if it could not be looked up. */
export function noEndpointError(call: PendingCall, resolver: string, cause?: Error): TarsException {
  const what = `${NOT_SENT} ${noNodes(resolver, cause, [facts(call)])}`;
  return about(call, what, TarsServerUnknownException, { code: 'TARSIER_NO_ENDPOINT', cause });
}

/** The call was not sent: there is no node left that could be connected. `error` tells of the last one. */
export function unconnectedError(call: PendingCall, error: TarsException, nodes: number): TarsException {
  const { endpoint, state } = error.where;
  const cause = error.cause ?? error;
  const last = nodes > 1 ? `none of ${nodes} nodes could be connected, the last of them` : 'could not connect to';
  const what = `${NOT_SENT} ${last} ${endpoint} (${causeText(cause)}, ${facts(call)})${connectAdvice(error.cause)}`;
  const where = { ...(state && { state }), ...limitOf(error.where) };
  return about(call, what, TarsServerConnectionException, { code: 'TARSIER_CONNECT_FAILED', cause, where }, endpoint);
}

/** The call stood in the send queue of one connection after the other, and each was lost before it was sent. */
export function unsentError(call: PendingCall, cause: TarsException): TarsException {
  const { endpoint } = cause.where;
  const what = `${NOT_SENT} ${call.moves} connections were lost before it could be, the last to ${endpoint} (${facts(call)}); it may be tried again`;
  return about(call, what, TarsServerConnectionException, { code: 'TARSIER_CONNECTION_LOST', cause }, endpoint);
}

/** The connection ended while the call waited for its answer. `note` is added to the message. */
export function lostError(call: PendingCall, end: ConnectionEnd, note = ''): TarsException {
  if (end.kind === 'closed') return closedError(call, end.reason);
  const { cause } = end;
  const where = limitOf(end);
  if (end.kind === 'malformed') {
    const what = `failed: ${end.problem} (${facts(call)}); ${PROTOCOL_ADVICE}`;
    return about(call, what, TarsDecodeException, { code: end.code, cause, where });
  }
  const after = `${Math.max(0, Math.round(call.nowMs - call.sentMs))} ms after the request was sent`;
  const what = `failed: ${call.place?.endpoint} was ${endText(end)}${end.kind === 'lost' ? '' : ','} ${after} (request ${call.request.iRequestId}); ${RETRY}${note}`;
  return about(call, what, TarsServerConnectionException, { code: 'TARSIER_CONNECTION_LOST', cause, where });
}
