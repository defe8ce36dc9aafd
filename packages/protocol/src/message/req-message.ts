import type { TarsException } from '../errors/tars-exception.js';
import type { RequestPacket } from './request-packet.js';
import type { ResponsePacket } from './response-packet.js';

/** How a call was made. Source: ReqMessage::CallType (servant/servant/Message.h). */
export const CallType = { SYNC_CALL: 1, ASYNC_CALL: 2, ONE_WAY: 3 } as const;

/** One of the values of {@link CallType}. */
export type CallType = (typeof CallType)[keyof typeof CallType];

/** How far a call came. Source: ReqMessage::ReqStatus (servant/servant/Message.h). */
export const ReqStatus = { REQ_REQ: 0, REQ_RSP: 1, REQ_TIME: 2, REQ_EXC: 3 } as const;

/** One of the values of {@link ReqStatus}. */
export type ReqStatus = (typeof ReqStatus)[keyof typeof ReqStatus];

/**
 * What a callback is given: an answer, a failure, or a push.
 *
 * - answer: `eStatus` is `REQ_RSP`, `response` came from the server;
 * - failure: `eStatus` is `REQ_TIME` (deadline) or `REQ_EXC` (everything else), `error` says what happened and
 *   `response.iRet` its result code; `response.iRequestId` is the id of the request, so that no failure looks like a push;
 * - push: `bPush` is true, `request` is empty.
 *
 * Source: ReqMessage (servant/servant/Message.h).
 */
export interface ReqMessage {
  readonly eType: CallType;
  readonly eStatus: ReqStatus;
  /** True for what the server sent of its own accord, and only for that. */
  readonly bPush: boolean;
  readonly request: RequestPacket;
  readonly response: ResponsePacket;
  /** Why the call failed; absent for answers and pushes. */
  readonly error?: TarsException;
  /** The node that answered, pushed or failed, as `tcp -h 127.0.0.1 -p 10099`; empty when none was reached. */
  readonly endpoint: string;
  /** Begin of the call, in ms of a monotonic clock. */
  readonly iBeginTime: number;
  /** When it was settled, in ms of the same clock. */
  readonly iEndTime: number;
}
