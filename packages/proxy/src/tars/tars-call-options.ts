import type { CallOptions } from '../call/call-options.js';

/** Texts by name: a `Map`, or an object as `{ uid: '7' }`. */
export type TextMap = ReadonlyMap<string, string> | Readonly<Record<string, string>>;

/** What one TARS call may be given. */
export interface TarsCallOptions extends CallOptions {
  /** Data of the application that travels with the request. */
  readonly context?: TextMap;
  /** Data of the framework that travels with it; see `StatusKey`. */
  readonly status?: TextMap;
  /** Gets the context of the answer added. For calls that give a promise; a callback has `getResponseContext`. */
  readonly responseContext?: Map<string, string>;
  /** How arguments travel: 1 TARS (default), 3 TUP, 2 TUP with names of types, 5 JSON. */
  readonly version?: 1 | 2 | 3 | 5;
}
