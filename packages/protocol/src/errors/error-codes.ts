/** What is known of an error code before anything happens. */
export interface ErrorCodeInfo {
  /** The TARS result code that a callback sees; 0 where no call can end with it. */
  readonly iRet: number;
  /** Whether the same call may be tried again, and when. */
  readonly retry: 'no' | 'yes' | 'if idempotent' | 'if not sent' | 'after drain' | 'after backoff';
  /** What it means, in one sentence. */
  readonly meaning: string;
}

/**
 * The only table of error codes. Codes are stable: programs match on them, and a retired one is never used again.
 * `docs/reference/errors.md` describes each of them; a test compares the two.
 */
export const errorCodes = {
  TARSIER_SERVER_DECODE: { iRet: -1, retry: 'no', meaning: 'The server could not decode the request.' },
  TARSIER_SERVER_ENCODE: { iRet: -2, retry: 'no', meaning: 'The server could not encode the answer.' },
  TARSIER_NO_FUNC: { iRet: -3, retry: 'no', meaning: 'The servant has no such function.' },
  TARSIER_NO_SERVANT: { iRet: -4, retry: 'no', meaning: 'The server has no such servant.' },
  TARSIER_QUEUE_TIMEOUT: { iRet: -6, retry: 'yes', meaning: 'The request waited too long in the queue of the server.' },
  TARSIER_CALL_TIMEOUT: {
    iRet: -7,
    retry: 'if idempotent',
    meaning: 'No answer came before the deadline of the call.',
  },
  TARSIER_CONNECT_FAILED: { iRet: -8, retry: 'yes', meaning: 'No connection could be made; the request was not sent.' },
  TARSIER_CONNECTION_LOST: {
    iRet: -8,
    retry: 'if idempotent',
    meaning: 'The connection ended while the call waited for its answer.',
  },
  TARSIER_OVERLOADED: {
    iRet: -9,
    retry: 'after backoff',
    meaning: 'The server refused the request: it is overloaded.',
  },
  TARSIER_NO_ENDPOINT: { iRet: -10, retry: 'yes', meaning: 'The object has no endpoint that could be called.' },
  TARSIER_CLIENT_DECODE: { iRet: -12, retry: 'no', meaning: 'The answer of the server could not be decoded.' },
  TARSIER_PACKET_TOO_LARGE: { iRet: -12, retry: 'no', meaning: 'A packet is larger than its limit.' },
  TARSIER_PACKET_INVALID: { iRet: -12, retry: 'no', meaning: 'Bytes do not form a packet of the protocol.' },
  TARSIER_DECODE_LIMIT: {
    iRet: -12,
    retry: 'no',
    meaning: 'Decoding a packet costs more memory or time than is allowed.',
  },
  TARSIER_ENCODE: { iRet: -13, retry: 'no', meaning: 'The request could not be encoded; it was not sent.' },
  TARSIER_SEND_FAILED: { iRet: -13, retry: 'if not sent', meaning: 'The request could not be handed to the network.' },
  TARSIER_CLIENT_QUEUE_FULL: {
    iRet: -13,
    retry: 'after drain',
    meaning: 'The send queue of the client is full; the request was not sent.',
  },
  TARSIER_ABORTED: { iRet: -99, retry: 'no', meaning: 'The caller aborted the call through its AbortSignal.' },
  TARSIER_CLOSED: { iRet: -99, retry: 'no', meaning: 'The proxy, the communicator or the application is closed.' },
  TARSIER_SERVER_UNKNOWN: {
    iRet: -99,
    retry: 'no',
    meaning: 'The server failed in a way that has no code of its own.',
  },
  TARSIER_DUPLICATE_REQUEST_ID: {
    iRet: -99,
    retry: 'no',
    meaning: 'The request id is in flight already; the request was not sent.',
  },
  TARSIER_NO_REQUEST_ID: {
    iRet: -13,
    retry: 'after drain',
    meaning: 'Calls in flight have all request ids that the protocol has room for.',
  },
  TARSIER_INVALID_ARGUMENT: {
    iRet: -99,
    retry: 'no',
    meaning: 'A function was called with an argument it cannot take.',
  },
  TARSIER_CALLBACK_FAILED: {
    iRet: 0,
    retry: 'no',
    meaning: 'A callback of the program threw; the call that it belongs to has been settled.',
  },
  TARSIER_ENDPOINT_INVALID: { iRet: 0, retry: 'no', meaning: 'An endpoint or object string does not parse.' },
  TARSIER_NO_LOCATOR: {
    iRet: 0,
    retry: 'no',
    meaning: 'An object without endpoints needs a locator, and none is set.',
  },
  TARSIER_CONFIG_INVALID: {
    iRet: 0,
    retry: 'no',
    meaning: 'A configuration is malformed or has a value that is not allowed.',
  },
  TARSIER_CONFIG_MISSING: { iRet: 0, retry: 'no', meaning: 'A configuration lacks a key or domain that is needed.' },
  TARSIER_SERVANT_INVALID: {
    iRet: 0,
    retry: 'no',
    meaning: 'Servants, protocols and adapters of an application do not fit together.',
  },
  TARSIER_WORKER_FAILED: { iRet: 0, retry: 'no', meaning: 'A worker process ended before it served.' },
  TARSIER_SUBSCRIBE_REFUSED: {
    iRet: 0,
    retry: 'no',
    meaning: 'The server does not let this session subscribe to the group.',
  },
  TARSIER_SESSION_REFUSED: {
    iRet: -99,
    retry: 'no',
    meaning: 'The server does not let this client open its push session, or go on with it; the session stops.',
  },
  TARSIER_PUSH_LIMIT: {
    iRet: -99,
    retry: 'no',
    meaning: 'A push session asks for more than a client may have.',
  },
  TARSIER_PUSH_LATER: {
    iRet: -99,
    retry: 'after backoff',
    meaning: 'The server could not decide about a push session or a group; the session asks again by itself.',
  },
  TARSIER_CREDENTIALS: {
    iRet: -99,
    retry: 'after backoff',
    meaning: 'The credentials of a push session could not be had; the session asks for them again by itself.',
  },
  TARSIER_PUSH_ENGINE: {
    iRet: 0,
    retry: 'if idempotent',
    meaning: 'The engine behind a push hub is away, has lost what it had confirmed, or its package is missing.',
  },
  TARSIER_LISTEN_FAILED: { iRet: 0, retry: 'no', meaning: 'An adapter could not listen on its endpoint.' },
} as const;

/** A stable string that says what kind of failure an exception is. */
export type ErrorCode = keyof typeof errorCodes;
