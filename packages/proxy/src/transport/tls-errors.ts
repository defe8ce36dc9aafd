import type { PeerCertificate } from 'node:tls';
import { tlsFaultOf } from './tls-fault.js';
import { codeOf, TransportError } from './transport-error.js';

const untrusted =
  'is signed by nobody that is trusted here; set the property ca to the file of the authority that signed it';

/** What is wrong with a certificate, by the codes that OpenSSL verifies with. It stands after "the certificate of HOST". */
const refusals: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by itself and not trusted here; set the property ca to its own file',
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_SIGNATURE_FAILURE: 'was not signed by the authority of that name in the property ca; set ca to the right one',
  CERT_REVOKED: 'was revoked; the server needs a new one',
  INVALID_PURPOSE: 'is not meant for servers; the server needs another one',
  INVALID_CA: 'is signed by one that may not sign; the server needs another one',
};

/**
 * Why a server is not trusted.
 *
 * @param host what was connected, for the message.
 * @param identity the name or address that the certificate should bear.
 * @param cause its code is that of OpenSSL, or `ERR_TLS_CERT_ALTNAME_INVALID`.
 */
export function refusalError(host: string, identity: string, cert: PeerCertificate, cause: Error): TransportError {
  return new TransportError(`the certificate of ${host} ${refusal(codeOf(cause), identity, cert)}`, cause);
}

function refusal(code: string, identity: string, cert: PeerCertificate): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `expired on ${cert.valid_to}; the server needs a new one`;
    case 'CERT_NOT_YET_VALID':
      return `is not valid before ${cert.valid_from}; compare the clocks of the two machines`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID': {
      const names = cert.subjectaltname ?? `the common name ${String(cert.subject?.CN ?? '(none)')} only`;
      return `is for ${names}, not for ${identity}; connect by one of its names, or set the property tls-servername to it`;
    }
    default:
      return refusals[code] ?? `was refused (${code})`;
  }
}

const noTls = 'does not speak TLS; should the endpoint be tcp instead of ssl, or ws instead of wss?';
const needsCert = 'requires a client certificate; set the properties cert and key';
const noVersion = 'has no version of TLS in common with this side';

/** What ends a handshake or, with TLS 1.3, a connection just made, as {@link tlsFaultOf} names it. It stands after "HOST". */
export const tlsFailures: Readonly<Record<string, string>> = {
  WRONG_VERSION_NUMBER: noTls,
  PACKET_LENGTH_TOO_LONG: noTls,
  HTTP_REQUEST: noTls,
  UNSUPPORTED_PROTOCOL: noVersion,
  'alert 40':
    'refused the handshake: it requires a client certificate (properties cert and key), or has no cipher in common (ciphers)',
  'alert 42': 'refused the client certificate in the property cert',
  'alert 43': 'cannot use the kind of client certificate in the property cert',
  'alert 44': 'says that the client certificate in the property cert was revoked',
  'alert 45': 'says that the client certificate in the property cert has expired',
  'alert 46': 'refused the client certificate in the property cert',
  'alert 48': 'does not trust the client certificate: look at cert here and at the ca of the server',
  'alert 49': 'refuses this client: look at cert here, and at whom the server lets in',
  'alert 70': noVersion,
  'alert 71': 'wants stronger ciphers than this side offers (property ciphers)',
  'alert 112': 'serves nothing under the name that it was asked for; look at tls-servername',
  'alert 116': needsCert,
};

/**
 * An error of a TLS connection in words. One that has nothing to do with TLS is returned as it is.
 *
 * @param isSecure the handshake is over.
 */
export function explainTlsError(error: Error, host: string, isSecure: boolean): Error {
  if (error instanceof TransportError) return error;
  const code = codeOf(error);
  const failure = tlsFailures[tlsFaultOf(error)];
  if (failure !== undefined) return new TransportError(`${host} ${failure}`, error);
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') {
    return new TransportError(`TLS with ${host} failed (${code}: ${error.message})`, error);
  }
  // Node says so when the peer hangs up in the middle of the handshake, which some servers do instead of saying why.
  if (!isSecure && code === 'ECONNRESET') {
    const guess =
      'it does not speak TLS, or requires a client certificate (properties cert and key) or does not trust the one that it got, or stops';
    return new TransportError(`${host} ended the TLS handshake without saying why: ${guess}`, error);
  }
  return error;
}

/** Whether an error says no more than that the peer has gone. */
export function isEarlyEnd(error: Error): boolean {
  return codeOf(error) === 'ECONNRESET' || codeOf(error) === 'EPIPE';
}

/** The server ended a connection where its verdict on the client's certificate was due: servers in Node say no word when they refuse. */
export function earlyEndError(host: string, hasCert: boolean, cause?: Error): TransportError {
  const guess = hasCert
    ? 'it may not trust the client certificate: look at cert here and at the ca of the server'
    : 'it may require a client certificate (properties cert and key)';
  return new TransportError(`${host} ended the connection right after the TLS handshake: ${guess}`, cause);
}
