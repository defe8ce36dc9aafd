import type { IncomingMessage } from 'node:http';
import type { Endpoint } from '@tarsier/protocol';
import { targetOf } from './endpoint-target.js';
import type { EndWords } from './socket-connection.js';
import { codeOf, TransportError } from './transport-error.js';
import { tooLargeError } from './web-socket-closes.js';

/** What to look at when a server answers the handshake with a status. */
const advice: Readonly<Record<number, string>> = {
  400: 'it could not read the request: is a proxy in between?',
  401: 'it wants to know who asks',
  403: 'it refuses this client: look at what it allows (origins, addresses)',
  404: 'it has no WebSocket there: look at the flag -u of the endpoint',
  426: 'it wants another protocol or version',
  429: 'too many have asked: try later',
  502: 'the server behind it is gone',
  503: 'it is overloaded or draining: try later',
  504: 'the server behind it does not answer',
};

/** The server answered the handshake, but not with a WebSocket. */
export function handshakeError(answer: IncomingMessage, endpoint: Endpoint): Error {
  const status = answer.statusCode ?? 0;
  const said = `${status} ${answer.statusMessage ?? ''}`.trim();
  const { location } = answer.headers;
  const redirect = location === undefined ? 'is there a WebSocket?' : `it points to ${location}, which is not followed`;
  return new TransportError(
    `${targetOf(endpoint)} answered ${said} to the WebSocket handshake for ${endpoint.path}: ${advice[status] ?? redirect}`,
  );
}

/** A failure of the connection below, or of `ws`, in words. */
export function explainFailure(
  error: Error,
  host: string,
  maxMessageBytes: number,
  words: EndWords | undefined,
): Error {
  const code = codeOf(error);
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return tooLargeError(maxMessageBytes, error);
  if (code.startsWith('WS_ERR_')) {
    return new TransportError(`${host} broke the WebSocket protocol (${code}: ${error.message})`, error);
  }
  if (code.startsWith('HPE_')) {
    return new TransportError(
      `${host} does not speak HTTP (${code}): is it a WebSocket server, and without TLS?`,
      error,
    );
  }
  if (code === '') return new TransportError(`the WebSocket handshake with ${host} failed: ${error.message}`, error);
  return words?.error(error) ?? error;
}
