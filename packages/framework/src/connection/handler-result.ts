/** What a request handler came to: its result, or nothing when it did not say; a promise of it when the handler is async. */
export type HandlerResult = number | void | Promise<number | void>;
