import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import type { Endpoint } from '@tarsier/protocol';
import type { TlsOptions } from './connect-options.js';
import { targetOf } from './endpoint-target.js';
import { type ClientContext, clientContextOf } from './tls-context.js';
import { explainTlsError, refusalError } from './tls-errors.js';
import { forgetSession, keepSession, sessionOf } from './tls-sessions.js';

/** A TLS connection in the making. */
export interface TlsStart {
  readonly socket: TLSSocket;
  /** Puts an error of the socket in words. */
  readonly explain: (error: Error) => Error;
}

/**
 * Begins to connect with TLS.
 *
 * @param over the connection to use, as one through a forward proxy; by default one is made.
 * @param onSecure called when the handshake is over and the server verified: nothing may be written before.
 * @throws TransportError that names the property that cannot be used.
 */
export function connectTls(
  endpoint: Endpoint,
  tls: TlsOptions,
  over: Socket | undefined,
  onSecure: () => void,
): TlsStart {
  const context = contextFor(tls, over);
  const host = targetOf(endpoint);
  // A zone says which interface leads to an address; no certificate bears it.
  const called = endpoint.isUnix ? 'localhost' : endpoint.host.replace(/%.*$/, '');
  const identity = tls.servername ?? (endpoint.serverName || called);
  const sessionKey = JSON.stringify([context.id, host, identity, tls.verify]);
  const session = sessionOf(sessionKey);
  let identityError: Error | undefined;
  let isSecure = false;
  const where = endpoint.isUnix ? { path: endpoint.host } : { host: endpoint.host, port: endpoint.port };
  const socket = connect({
    ...(over === undefined ? where : { socket: over }),
    secureContext: context.secure,
    // SNI takes names only: RFC 6066 section 3.
    ...(isIP(identity) === 0 ? { servername: identity } : {}),
    ...(session === undefined ? {} : { session }),
    // Verified below, where the certificate can still be looked at to say why it is refused.
    rejectUnauthorized: false,
    checkServerIdentity: (_host, cert) => {
      identityError = checkServerIdentity(identity, cert);
      return identityError;
    },
  });
  socket.on('secureConnect', () => {
    if (tls.verify && !socket.authorized) {
      const code = String(socket.authorizationError);
      const cause = identityError ?? Object.assign(new Error(`certificate verify failed: ${code}`), { code });
      socket.destroy(refusalError(host, identity, socket.getPeerCertificate(), cause));
      return;
    }
    isSecure = true;
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    onSecure();
  });
  socket.on('session', (one: Buffer) => {
    if (isSecure) keepSession(sessionKey, one);
  });
  const explain = (error: Error): Error => {
    // Whatever it was, the next handshake begins anew.
    if (!isSecure) forgetSession(sessionKey);
    return explainTlsError(error, host, isSecure);
  };
  return { socket, explain };
}

function contextFor(tls: TlsOptions, over: Socket | undefined): ClientContext {
  try {
    return clientContextOf(tls);
  } catch (error) {
    over?.destroy();
    throw error;
  }
}

/** As {@link connectTls}, for what needs a connection that is secure already. Rejects with everything released. */
export function openTls(
  endpoint: Endpoint,
  tls: TlsOptions,
  over: Socket | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const { socket, explain } = connectTls(endpoint, tls, over, () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', failed);
      socket.off('close', closed);
      resolve(socket);
    });
    let problem: Error | undefined;
    const abort = (): void => {
      socket.destroy();
    };
    const failed = (error: Error): void => {
      problem ??= explain(error);
    };
    const closed = (): void => {
      signal.removeEventListener('abort', abort);
      reject(problem ?? new Error('closed before the TLS handshake was over'));
    };
    socket.on('error', failed);
    socket.on('close', closed);
    signal.addEventListener('abort', abort, { once: true });
  });
}
