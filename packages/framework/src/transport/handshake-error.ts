import type { TLSSocket } from 'node:tls';
import { codeOf, tlsFaultOf } from '@tarsier/proxy/internal';

const noTls = 'the client does not speak TLS';
const refused = "the client refused this server's certificate";
const noVersion = 'the client has no version of TLS in common with this server';

/** What is said of the handshakes that fail most, by what the error is about as {@link tlsFaultOf} names it. */
export const tlsProblems: Readonly<Record<string, string>> = {
  PEER_DID_NOT_RETURN_A_CERTIFICATE: 'the client has shown no certificate, and verifyclient wants one',
  HTTP_REQUEST: 'the client speaks HTTP without TLS',
  HTTPS_PROXY_REQUEST: 'the client takes this server for a proxy',
  WRONG_VERSION_NUMBER: noTls,
  PACKET_LENGTH_TOO_LONG: noTls,
  UNSUPPORTED_PROTOCOL: noVersion,
  NO_SHARED_CIPHER: 'the client has no cipher in common with this server; look at ciphers',
  'alert 42': refused,
  'alert 43': "the client cannot use the kind of this server's certificate",
  'alert 44': "the client says that this server's certificate was revoked",
  'alert 45': "the client says that this server's certificate has expired",
  'alert 46': refused,
  'alert 48': "the client does not trust this server's certificate",
  'alert 70': noVersion,
};

/** What ends a handshake beside TLS, by the code of the error. */
const others: Readonly<Record<string, string>> = {
  ERR_TLS_HANDSHAKE_TIMEOUT: 'the handshake did not end within handshaketimeout',
  ECONNRESET: 'the client hung up in the TLS handshake',
};

/** Why a handshake of TLS failed, in words, on the server's side. */
export function handshakeError(cause: Error, socket: TLSSocket): Error {
  // A code, other than its type says. Node ends such a handshake itself, and calls it a socket that hung up.
  const refusal: unknown = socket.authorizationError;
  if (typeof refusal === 'string') {
    return new Error(`the client's certificate is not trusted (${refusal}): look at ca and verifyclient`, { cause });
  }
  const code = codeOf(cause);
  const problem = tlsProblems[tlsFaultOf(cause)] ?? others[code];
  return problem === undefined ? cause : new Error(`${problem} (${code})`, { cause });
}
