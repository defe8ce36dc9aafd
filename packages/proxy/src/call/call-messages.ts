import {
  CallType,
  exceptionFromResult,
  type ReqMessage,
  ReqStatus,
  RequestPacket,
  ResponsePacket,
  TarsException,
} from '@tarsier/protocol';
import { callBack } from '@tarsier/protocol/internal';
import type { DispatchCallback } from '../servant-proxy-callback.js';

/** What is known of a call when a message about it is made. */
interface CallFacts {
  readonly eType: CallType;
  readonly request: RequestPacket;
  readonly beginMs: number;
}

/** Which function was called, as `App.Server.Obj::func`. */
export function callName(request: RequestPacket): string {
  return `${request.sServantName}::${request.sFuncName}`;
}

/** The exception for an answer whose `iRet` is not 0. */
export function resultError(request: RequestPacket, response: ResponsePacket, endpoint: string): TarsException {
  const { iRequestId: requestId, sServantName: object, sFuncName: func } = request;
  const text = response.sResultDesc === '' ? '' : `: ${response.sResultDesc}`;
  const message = `${callName(request)} was answered with result ${response.iRet}${text} (request ${requestId}, ${endpoint})`;
  return exceptionFromResult(response.iRet, message, { where: { object, func, requestId, endpoint } });
}

function messageOf(
  { eType, request, beginMs: iBeginTime }: CallFacts,
  eStatus: ReqStatus,
  response: ResponsePacket,
  endpoint: string,
  iEndTime: number,
): ReqMessage {
  return { eType, eStatus, bPush: false, request, response, endpoint, iBeginTime, iEndTime };
}

/** The message for an answer; with an error when its `iRet` is not 0. */
export function answerMessage(call: CallFacts, response: ResponsePacket, endpoint: string, nowMs: number): ReqMessage {
  const message = messageOf(call, ReqStatus.REQ_RSP, response, endpoint, nowMs);
  return response.iRet === 0 ? message : { ...message, error: resultError(call.request, response, endpoint) };
}

/** The message for a call that failed on this side: its response is made here, and bears the id of the request. */
export function failureMessage(call: CallFacts, error: TarsException, eStatus: ReqStatus, nowMs: number): ReqMessage {
  const response = new ResponsePacket();
  response.iRequestId = call.request.iRequestId;
  response.iRet = error.iRet;
  response.sResultDesc = error.message;
  return { ...messageOf(call, eStatus, response, error.where.endpoint ?? '', nowMs), error };
}

/** The message for a push. */
export function pushMessage(response: ResponsePacket, endpoint: string, nowMs: number): ReqMessage {
  return {
    eType: CallType.ASYNC_CALL,
    eStatus: ReqStatus.REQ_RSP,
    bPush: true,
    request: new RequestPacket(),
    response,
    endpoint,
    iBeginTime: nowMs,
    iEndTime: nowMs,
  };
}

/** Takes what a callback throws or rejects with. */
export interface CallbackFaults {
  callbackFailed(fault: unknown, message: ReqMessage): void;
}

/** Runs a callback; whatever it throws, now or later, goes to `faults`. */
export function runCallback(callback: DispatchCallback, message: ReqMessage, faults: CallbackFaults): void {
  callBack(
    () => callback.onDispatch(message),
    (fault) => {
      faults.callbackFailed(fault, message);
    },
  );
}
