import type { TLSSocket } from 'node:tls';

/** What is said of the handshakes that fail most, by the code of the error. */
const problems: Readonly<Record<string, string>> = {
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'the client has shown no certificate, and verifyclient wants one',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "the client does not trust this server's certificate",
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "the client refused this server's certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: "the client refused this server's certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "the client says that this server's certificate has expired",
  ERR_SSL_HTTP_REQUEST: 'the client speaks HTTP without TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the client does not speak TLS',
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
  const code: unknown = Reflect.get(cause, 'code');
  const problem = problems[String(code)];
  return problem === undefined ? cause : new Error(`${problem} (${String(code)})`, { cause });
}
