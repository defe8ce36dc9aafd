import {
  CallType,
  TarsClientQueueException,
  TarsCommunicatorException,
  TarsDecodeException,
  TarsEncodeException,
  TarsException,
  TarsServerConnectionException,
  TarsSyncCallTimeoutException,
  type Where,
} from '@tarsier/protocol';
import { type ConnectionEnd, causeText, lossText } from '../connection/connection-end.js';
import { callName } from './call-messages.js';
import { CallState, type PendingCall } from './pending-call.js';

const RETRY = 'the server may have served it, so try again only what may be done twice';

function whereOf(call: PendingCall, nowMs?: number, endpoint: string | undefined = call.place?.endpoint): Where {
  const { iRequestId: requestId, sServantName: object, sFuncName: func } = call.request;
  const where: Where = { object, func, requestId };
  if (endpoint !== undefined) where.endpoint = endpoint;
  if (nowMs !== undefined) where.elapsedMs = Math.round(nowMs - call.beginMs);
  return where;
}

function facts(call: PendingCall): string {
  const endpoint = call.place?.endpoint;
  const request = `request ${call.request.iRequestId}`;
  return endpoint === undefined ? request : `${request}, ${endpoint}`;
}

function timeoutPhase(call: PendingCall): string {
  const property = call.eType === CallType.SYNC_CALL ? 'sync-invoke-timeout' : 'async-invoke-timeout';
  switch (call.state) {
    case CallState.WAITING:
      return `waited for a connection and was not sent (${facts(call)}); look whether the server accepts connections, or raise ${property}`;
    case CallState.QUEUED:
      return `was not sent, because the peer does not read (${facts(call)}); send less at a time, or raise ${property}`;
    case CallState.SENT:
    case CallState.SETTLED:
      break;
  }
  return `(${facts(call)}); raise ${property} or look for a full queue on the server`;
}

/** The deadline passed. */
export function timeoutError(call: PendingCall, nowMs: number): TarsException {
  const after = `timed out after ${Math.round(nowMs - call.beginMs)} ms`;
  const phase = timeoutPhase(call);
  const join = phase.startsWith('(') ? ' ' : ': it ';
  return new TarsSyncCallTimeoutException(`${callName(call.request)} ${after}${join}${phase}`, {
    where: whereOf(call, nowMs),
  });
}

/** The caller's signal said so. */
export function abortError(call: PendingCall, nowMs: number): TarsException {
  const sent = call.state === CallState.SENT ? 'after its request was sent' : 'before its request was sent';
  return new TarsException(`${callName(call.request)} was aborted by its caller ${sent} (${facts(call)})`, {
    code: 'TARSIER_ABORTED',
    cause: call.signal?.reason,
    where: whereOf(call, nowMs),
  });
}

/** Too many calls wait already. */
export function queueFullError(call: PendingCall, limit: number, endpoint: string): TarsException {
  return new TarsClientQueueException(
    `${callName(call.request)} was not sent: ${limit} calls wait for ${endpoint} already (request ${call.request.iRequestId}); slow down, or raise sendqueuelimit`,
    { where: whereOf(call, undefined, endpoint) },
  );
}

/** The encoder of the protocol failed. */
export function encodeError(call: PendingCall, cause: unknown, endpoint: string): TarsException {
  return new TarsEncodeException(
    `${callName(call.request)} was not sent: requestFunc failed: ${causeText(cause)} (request ${call.request.iRequestId}); look at the protocol given to setProtocol`,
    { cause, where: whereOf(call, undefined, endpoint) },
  );
}

/** The proxy or its communicator is closed. */
export function closedError(call: PendingCall, reason: string, nowMs: number): TarsException {
  const sent = call.state === CallState.SENT ? 'waited for its answer' : 'was not sent';
  return new TarsCommunicatorException(`${callName(call.request)} ${sent} when ${reason} (${facts(call)})`, {
    where: whereOf(call, nowMs),
  });
}

/** The call was not sent: there is no node left that could be connected. `cause` tells of the last one. */
export function unconnectedError(call: PendingCall, cause: TarsException, nodes: number, nowMs: number): TarsException {
  const endpoint = cause.where.endpoint ?? '';
  const reason = causeText(cause.cause ?? cause);
  const last =
    nodes > 1
      ? `none of ${nodes} nodes could be connected, the last of them ${endpoint}`
      : `could not connect to ${endpoint}`;
  return new TarsServerConnectionException(
    `${callName(call.request)} was not sent: ${last} (${reason}, request ${call.request.iRequestId}); check that the server runs and listens there`,
    { code: 'TARSIER_CONNECT_FAILED', cause: cause.cause ?? cause, where: whereOf(call, nowMs, endpoint) },
  );
}

/** The call stood in the send queue of one connection after the other, and each was lost before it was sent. */
export function unsentError(call: PendingCall, cause: TarsException, nowMs: number): TarsException {
  return new TarsServerConnectionException(
    `${callName(call.request)} was not sent: ${call.moves} connections were lost before it could be, the last to ${cause.where.endpoint ?? ''} (request ${call.request.iRequestId}); it may be tried again`,
    { code: 'TARSIER_CONNECTION_LOST', cause, where: whereOf(call, nowMs, cause.where.endpoint) },
  );
}

/** The connection ended while the call waited for its answer. */
export function lostError(call: PendingCall, end: ConnectionEnd, nowMs: number): TarsException {
  const name = callName(call.request);
  const endpoint = call.place?.endpoint ?? '';
  const where = whereOf(call, nowMs);
  const id = call.request.iRequestId;
  const after = `${Math.max(0, Math.round(nowMs - call.sentMs))} ms after the request was sent (request ${id})`;
  const lost = (text: string, cause?: unknown): TarsException =>
    new TarsServerConnectionException(`${name} failed: ${endpoint} was ${text} ${after}; ${RETRY}`, {
      code: 'TARSIER_CONNECTION_LOST',
      cause,
      where,
    });
  switch (end.kind) {
    case 'closed':
      return closedError(call, end.reason, nowMs);
    case 'malformed':
      return new TarsDecodeException(
        `${name} failed: ${end.problem} (request ${id}, ${endpoint}); check that the protocol given to setProtocol is that of the server`,
        { code: end.code, cause: end.cause, where },
      );
    case 'finished':
      return lost('closed, because an answer to another call was the last one (PACKET_FULL_CLOSE),');
    case 'abandoned':
      return lost('closed, because the call was given up,');
    case 'refused':
      return lost(`broken (${causeText(end.cause)})`, end.cause);
    case 'lost':
      break;
  }
  return lost(lossText(end.cause), end.cause);
}
