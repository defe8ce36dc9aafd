import type { ResponsePacket } from '@tarsier/protocol';
import { ResultCode } from '@tarsier/protocol';

/** By which rule the node of a call is chosen. */
export type Balance = 'spread' | 'hash' | 'consistentHash';

/** What a {@link CallPlan} is made of. */
export interface CallPlanInit {
  readonly balance: Balance;
  /** An unsigned 32-bit number, where the rule needs one. */
  readonly key: number;
  /** How often the call may be made again; 0 unless it may be served twice. */
  readonly retries: number;
}

/** What a call has of its own besides deadline and signal. */
export class CallPlan {
  readonly balance: Balance;
  readonly key: number;
  /** Retries that are left. */
  retries: number;

  constructor({ balance, key, retries }: CallPlanInit) {
    this.balance = balance;
    this.key = key;
    this.retries = retries;
  }
}

/** Whether an answer says that this server did not serve the request for want of time or room, so that another one may. */
export function isRefusal({ iRet }: ResponsePacket): boolean {
  return iRet === ResultCode.TARSSERVEROVERLOAD || iRet === ResultCode.TARSSERVERQUEUETIMEOUT;
}
