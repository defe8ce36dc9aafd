import {
  CallType,
  TarsClientQueueException,
  TarsCommunicatorException,
  TarsDecodeException,
  TarsEncodeException,
  TarsException,
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

/** What is known of a call and of the place where it stands. */
export function whereOf(call: PendingCall, endpoint: string = call.place?.endpoint ?? ''): Where {
  const { iRequestId: requestId, sServantName: object, sFuncName: func } = call.request;
  const { nowMs } = call;
  const where: Where = {
    object,
    func,
    requestId,
    elapsedMs: Math.round(nowMs - call.beginMs),
    ...phasesOf(call, nowMs),
  };
  if (endpoint !== '') where.endpoint = endpoint;
  const state = call.place?.nodeState ?? '';
  if (state !== '') where.state = state;
  const attempts = call.history?.attempts ?? 1;
  if (attempts > 1) where.attempts = attempts;
  return where;
}

function facts(call: PendingCall): string {
  const endpoint = call.place?.endpoint ?? '';
  const attempts = call.history?.attempts ?? 1;
  const attempt = attempts > 1 ? `, attempt ${attempts}` : '';
  return `request ${call.request.iRequestId}${attempt}${endpoint === '' ? '' : `, ${endpoint}`}`;
}

/** Begin of a message about a call whose request did not leave. */
function notSent(call: PendingCall): string {
  return `${callName(call.request)} was not sent:`;
}

function timeoutAdvice(call: PendingCall, property: string, resolveError: Error | undefined): string {
  const raise = `raise ${property}`;
  if (call.state === CALL_QUEUED) {
    return `: it was not sent, because the peer does not read (${facts(call)}); send less at a time, or ${raise}`;
  }
  if (call.state !== CALL_WAITING) return ` (${facts(call)}); ${raise} or look for a full queue on the server`;
  if (call.history?.isResolving !== true) {
    return `: it waited for a connection and was not sent (${facts(call)}); look whether the server accepts connections, or ${raise}`;
  }
  const why = resolveError === undefined ? '' : `: ${causeText(resolveError)}`;
  return `: its nodes were not known yet, so it was not sent (${facts(call)})${why}; look whether they can be looked up, or ${raise}`;
}

/** The deadline passed. `resolveError`: why its nodes are not known, if that is what it waited for. */
export function timeoutError(call: PendingCall, resolveError?: Error): TarsException {
  const key = call.eType === CallType.SYNC_CALL ? 'sync-invoke-timeout' : 'async-invoke-timeout';
  const where = whereOf(call);
  const after = `timed out after ${where.elapsedMs} ms${phasesText(where)}`;
  const cause = call.history?.isResolving === true ? resolveError : undefined;
  return new TarsSyncCallTimeoutException(`${callName(call.request)} ${after}${timeoutAdvice(call, key, cause)}`, {
    cause,
    where: { ...where, limit: call.request.iTimeout, key },
  });
}

/** The caller's signal said so. */
export function abortError(call: PendingCall): TarsException {
  const sent = call.state === CALL_SENT ? 'after' : 'before';
  return new TarsException(
    `${callName(call.request)} was aborted by its caller ${sent} its request was sent (${facts(call)})`,
    { code: 'TARSIER_ABORTED', cause: call.signal?.reason, where: whereOf(call) },
  );
}

/** Too many calls wait already. */
export function queueFullError(call: PendingCall, limit: number, endpoint = ''): TarsException {
  const place = endpoint === '' ? 'its nodes to be looked up' : endpoint;
  return new TarsClientQueueException(
    `${notSent(call)} ${limit} calls wait for ${place} already (request ${call.request.iRequestId}); slow down, or raise sendqueuelimit`,
    { where: { ...whereOf(call, endpoint), limit, key: 'sendqueuelimit' } },
  );
}

/** The encoder of the protocol failed. */
export function encodeError(call: PendingCall, cause: unknown, endpoint: string): TarsException {
  return new TarsEncodeException(
    `${notSent(call)} requestFunc failed: ${causeText(cause)} (request ${call.request.iRequestId}); look at the protocol given to setProtocol`,
    { cause, where: whereOf(call, endpoint) },
  );
}

/** The proxy or its communicator is closed. */
export function closedError(call: PendingCall, reason: string): TarsException {
  const sent = call.state === CALL_SENT ? 'waited for its answer' : 'was not sent';
  return new TarsCommunicatorException(`${callName(call.request)} ${sent} when ${reason} (${facts(call)})`, {
    where: whereOf(call),
  });
}

/** The object has no node at all. `cause`: why, if it could not be looked up. */
export function noEndpointError(call: PendingCall, resolver: string, cause?: Error): TarsException {
  const why = cause === undefined ? '' : `, ${causeText(cause)}`;
  return new TarsServerUnknownException(
    `${notSent(call)} the object has no endpoint now, says the resolver ${resolver} (request ${call.request.iRequestId}${why}); check that a server of it is running and registered`,
    { code: 'TARSIER_NO_ENDPOINT', cause, where: whereOf(call) },
  );
}

/** The call was not sent: there is no node left that could be connected. `error` tells of the last one. */
export function unconnectedError(call: PendingCall, error: TarsException, nodes: number): TarsException {
  const { endpoint = '', state } = error.where;
  const cause = error.cause ?? error;
  const last =
    nodes > 1
      ? `none of ${nodes} nodes could be connected, the last of them ${endpoint}`
      : `could not connect to ${endpoint}`;
  return new TarsServerConnectionException(
    `${notSent(call)} ${last} (${causeText(cause)}, request ${call.request.iRequestId})${connectAdvice(error.cause)}`,
    {
      code: 'TARSIER_CONNECT_FAILED',
      cause,
      where: { ...whereOf(call, endpoint), ...(state !== undefined && { state }), ...limitOf(error.where) },
    },
  );
}

/** The call stood in the send queue of one connection after the other, and each was lost before it was sent. */
export function unsentError(call: PendingCall, cause: TarsException): TarsException {
  const { endpoint = '' } = cause.where;
  return new TarsServerConnectionException(
    `${notSent(call)} ${call.moves} connections were lost before it could be, the last to ${endpoint} (request ${call.request.iRequestId}); it may be tried again`,
    { code: 'TARSIER_CONNECTION_LOST', cause, where: whereOf(call, endpoint) },
  );
}

/** The connection ended while the call waited for its answer. `note` is added to the message. */
export function lostError(call: PendingCall, end: ConnectionEnd, note = ''): TarsException {
  if (end.kind === 'closed') return closedError(call, end.reason);
  const failed = `${callName(call.request)} failed:`;
  const endpoint = call.place?.endpoint ?? '';
  const { cause } = end;
  const where = { ...whereOf(call), ...limitOf(end) };
  const id = call.request.iRequestId;
  if (end.kind === 'malformed') {
    const text = `${failed} ${end.problem} (request ${id}, ${endpoint}); ${PROTOCOL_ADVICE}`;
    return new TarsDecodeException(text, { code: end.code, cause, where });
  }
  const after = `${Math.max(0, Math.round(call.nowMs - call.sentMs))} ms after the request was sent (request ${id})`;
  return new TarsServerConnectionException(
    `${failed} ${endpoint} was ${endText(end)}${end.kind === 'lost' ? '' : ','} ${after}; ${RETRY}${note}`,
    { code: 'TARSIER_CONNECTION_LOST', cause, where },
  );
}
