import { type ErrorCode, TarsException } from '@tarsier/protocol';
import type { SessionRefusal } from '../session/session-refusal.js';

/** The server has refused a session, or a group of it. */
export class PushRefusedException extends TarsException {
  protected static override readonly defaultCode: ErrorCode = 'TARSIER_SESSION_REFUSED';
  /** Which group; undefined when it is the session. */
  readonly group: string | undefined;
  /** What the server says, for people. */
  readonly reason: string;
  /** What it says for programs: `refused`, `limit`, `later`, or a word of the program that serves. */
  readonly refusal: string;
  /** It is asked again by itself, until it is allowed or refused for good. */
  readonly isLater: boolean;

  constructor(object: string, { reason, code, isLater }: SessionRefusal, group?: string) {
    const what = group === undefined ? 'the session' : `the subscription to ${group}`;
    const more = isLater ? '; it is asked again' : '';
    super(`the server refused ${what}: ${reason}${more}`, {
      code: codeOf(code, isLater, group),
      where: { object },
    });
    this.group = group;
    this.reason = reason;
    this.refusal = code;
    this.isLater = isLater;
  }
}

function codeOf(code: string, isLater: boolean, group: string | undefined): ErrorCode {
  if (isLater) return 'TARSIER_PUSH_LATER';
  if (code === 'limit') return 'TARSIER_PUSH_LIMIT';
  return group === undefined ? 'TARSIER_SESSION_REFUSED' : 'TARSIER_SUBSCRIBE_REFUSED';
}
