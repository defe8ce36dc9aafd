/** What an answer of the TARS protocol may carry besides its result and its body. */
export interface ResponseOptions {
  /** Data of the framework; none unless told. */
  readonly status?: ReadonlyMap<string, string>;
  /** Says in words what went wrong (`sResultDesc`). */
  readonly description?: string;
  /** Data of the application, instead of what `setResponseContext` was given. */
  readonly context?: ReadonlyMap<string, string>;
}
