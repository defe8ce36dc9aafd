import type { BindAdapter } from '../adapter/bind-adapter.js';
import type { WorkerAnswer } from '../workers/supervisor.js';

/** An adapter that is open, as workers tell it to their supervisor. */
export interface Served {
  /** Name of its section. */
  readonly adapter: string;
  readonly servant: string;
  /** With the port that was really bound. */
  readonly endpoint: string;
}

/** What an adapter serves. */
export function servedBy(adapter: BindAdapter): Served {
  return {
    adapter: adapter.getName(),
    servant: adapter.getServantName(),
    endpoint: adapter.getEndpoint().toString(),
  };
}

/** What workers serve: all of them serve the same. Empty when none has answered. */
export function servedByWorkers(answers: readonly WorkerAnswer[]): readonly Served[] {
  const told = answers.map(({ result }) => result as readonly Served[] | undefined);
  return told.find((one) => one !== undefined && one.length > 0) ?? [];
}
