/**
 * Why a transport could not connect or lost its connection, in words: what was found, and what to change.
 *
 * It bears no `code`, so that the exceptions of calls quote its text. `cause` is the error from below, with its code.
 */
export class TransportError extends Error {
  constructor(problem: string, cause?: unknown) {
    super(problem, cause === undefined ? undefined : { cause });
    this.name = 'TransportError';
  }
}

/** The code of an error from below, as `ECONNREFUSED`; '' for none. */
export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : '';
}

/** The code of an error from below, else its message. */
export function shortly(error: unknown): string {
  if (codeOf(error) !== '') return codeOf(error);
  return error instanceof Error ? error.message : String(error);
}
