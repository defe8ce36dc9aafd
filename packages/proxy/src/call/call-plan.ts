import type { ResponsePacket, ResultCode } from '@tarsier/protocol';

// Not read from the table of all codes, so that a web page does not have to load it; the compiler compares.
const SERVER_OVERLOAD: (typeof ResultCode)['TARSSERVEROVERLOAD'] = -9;
const SERVER_QUEUE_TIMEOUT: (typeof ResultCode)['TARSSERVERQUEUETIMEOUT'] = -6;

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
  return iRet === SERVER_OVERLOAD || iRet === SERVER_QUEUE_TIMEOUT;
}
