import type { Current } from '@tarsier/framework';

/** The member that has a session now, as its session sees it. */
export interface SessionHolder {
  readonly current: Current;
  session: object | undefined;
}
