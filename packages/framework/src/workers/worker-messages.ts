/** What a worker tells its supervisor. */
export type WorkerReport =
  /** It serves, on these endpoints. */
  | { readonly tarsier: 'ready'; readonly endpoints: readonly string[] }
  /** Its `main` has rejected. */
  | { readonly tarsier: 'failed'; readonly message: string; readonly code: string; readonly where: object }
  /** The answer to an `ask`. */
  | { readonly tarsier: 'answer'; readonly id: number; readonly result: unknown };

/** What a supervisor tells a worker. */
export type SupervisorOrder =
  /** End: answer what runs, close, exit. */
  | { readonly tarsier: 'terminate'; readonly reason: string }
  /** Answer a question, as `stats`. */
  | { readonly tarsier: 'ask'; readonly id: number; readonly question: string };

function isOurs(message: unknown): boolean {
  return typeof message === 'object' && message !== null && typeof Reflect.get(message, 'tarsier') === 'string';
}

/** Programs may use the same channel for messages of their own: theirs are passed over. */
export function asReport(message: unknown): WorkerReport | undefined {
  return isOurs(message) ? (message as WorkerReport) : undefined;
}

/** As {@link asReport}, for the other direction. */
export function asOrder(message: unknown): SupervisorOrder | undefined {
  return isOurs(message) ? (message as SupervisorOrder) : undefined;
}
