import type { Endpoint } from '@tarsier/protocol';
import { TransportError } from './transport-error.js';

// Codes of closes that are used here, as constants: bundlers put their values where they are used. Source: RFC 6455 section 7.4.1.
export const CLOSE_NORMAL = 1000;
const CLOSE_GOING_AWAY = 1001;
export const CLOSE_UNSUPPORTED = 1003;
const CLOSE_NO_STATUS = 1005;
export const CLOSE_ABNORMAL = 1006;
export const CLOSE_TOO_LARGE = 1009;

const meanings: Readonly<Record<number, string>> = {
  1002: 'protocol error',
  1003: 'it does not take such messages: must they be text?',
  1007: 'it could not read a message',
  1008: 'policy violation: is this client allowed there?',
  1009: 'a message was too large for it: raise its limit, or send smaller packets',
  1011: 'error in the server',
  1012: 'the server restarts',
  1013: 'the server is overloaded: try later',
  1014: 'a gateway could not reach the server',
};

/** The URL of a `ws` or `wss` endpoint, with the name of its server if it has one. A Unix socket has no host: `localhost` stands for it. */
export function urlOf(endpoint: Endpoint): string {
  const { type, host, port, path, isUnix, serverName } = endpoint;
  // URLs have no zones: which interface leads there is nothing that a server has to know.
  const address = endpoint.isIPv6 ? `[${host.split('%', 1)[0]}]` : host;
  return `${type}://${serverName || (isUnix ? 'localhost' : address)}${isUnix ? '' : `:${port}`}${path}`;
}

/** Why the server closed; undefined for an orderly end. */
export function closeError(code: number, reason: string, wasOpen: boolean): Error | undefined {
  if (!wasOpen) {
    const look = 'look at path, host and port of the endpoint, and whether the server allows this origin';
    return new TransportError(`the WebSocket could not be opened (close code ${code}): ${look}`);
  }
  if (code === CLOSE_NORMAL || code === CLOSE_GOING_AWAY || code === CLOSE_NO_STATUS) return undefined;
  if (code === CLOSE_ABNORMAL)
    return new TransportError('the connection ended without a close of the WebSocket (1006)');
  const said = reason === '' ? '' : `, saying "${reason}"`;
  const meaning = meanings[code];
  return new TransportError(
    `the server closed the WebSocket with ${code}${meaning === undefined ? '' : ` (${meaning})`}${said}`,
  );
}

/** The server sent a text message. */
export function textError(): Error {
  return new TransportError(
    'the server sent a text message, which carries no packets: it must send binary ones (1003)',
  );
}

/** The server sent too large a message. */
export function tooLargeError(limit: number, cause?: unknown): Error {
  return new TransportError(
    `the server sent a message above recvbufferlimit ${limit} (1009); raise it, or let the server send smaller messages`,
    cause,
  );
}
