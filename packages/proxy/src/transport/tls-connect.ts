import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import type { Endpoint } from '@tarsier/protocol';
import { offAbort, onAbort } from '../call/abort-targets.js';
import type { TlsOptions } from './connect-options.js';
import { targetOf } from './endpoint-target.js';
import type { EndWords } from './socket-connection.js';
import { type ClientContext, clientContextOf } from './tls-context.js';
import { earlyEndError, explainTlsError, isEarlyEnd, refusalError } from './tls-errors.js';
import { forgetSession, keepSession, sessionOf } from './tls-sessions.js';
import { unixPathOf } from './unix-path.js';

/** A TLS connection in the making. */
export interface TlsStart {
  readonly socket: TLSSocket;
  readonly words: EndWords;
}

/**
 * With TLS 1.3 the handshake is over here before the server has looked at the client's certificate: what it makes of it comes a round
 * trip later. Ends that come later have other reasons. In ms.
 */
const VERDICT_MS = 5000;

/**
 * Begins to connect with TLS.
 *
 * @param over the connection to use, as one through a forward proxy; by default one is made.
 * @param onSecure called when the handshake is over and the server verified: nothing may be written before.
 * @throws TransportError that names the property that cannot be used, or for the path of a Unix socket that is too long.
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
  const called = endpoint.isUnix ? 'localhost' : (endpoint.host.split('%', 1)[0] as string);
  const identity = tls.servername ?? (endpoint.serverName || called);
  const sessionKey = JSON.stringify([context.id, host, identity, tls.verify]);
  const session = sessionOf(sessionKey);
  let identityError: Error | undefined;
  let isSecure = false;
  let secureMs = 0;
  let hasTicket = false;
  const where = endpoint.isUnix ? { path: unixPathOf(endpoint) } : { host: endpoint.host, port: endpoint.port };
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
    secureMs = performance.now();
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    onSecure();
  });
  socket.on('session', (one: Buffer) => {
    hasTicket = true;
    if (isSecure) keepSession(sessionKey, one);
  });
  /** Nothing says that the server has taken the certificate of this side, or has gone on without one. */
  const awaitsVerdict = (): boolean =>
    isSecure && !hasTicket && socket.bytesRead === 0 && performance.now() - secureMs < VERDICT_MS;
  const words: EndWords = {
    error: (error) => {
      // Whatever it was, the next handshake begins anew.
      if (!isSecure) forgetSession(sessionKey);
      // A write to a server that has gone fails before its last words are read.
      if (isEarlyEnd(error) && awaitsVerdict()) return earlyEndError(host, tls.cert !== undefined, error);
      return explainTlsError(error, host, isSecure);
    },
    end: () => (awaitsVerdict() ? earlyEndError(host, tls.cert !== undefined) : undefined),
  };
  return { socket, words };
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
): Promise<TlsStart> {
  return new Promise((resolve, reject) => {
    const start = connectTls(endpoint, tls, over, () => {
      offAbort(signal, abort);
      socket.off('error', failed);
      socket.off('close', closed);
      resolve(start);
    });
    const { socket, words } = start;
    let problem: Error | undefined;
    const abort = {
      handleEvent: () => {
        socket.destroy();
      },
    };
    const failed = (error: Error): void => {
      problem ??= words.error(error);
    };
    const closed = (): void => {
      offAbort(signal, abort);
      reject(problem ?? new Error('closed before the TLS handshake was over'));
    };
    socket.on('error', failed);
    socket.on('close', closed);
    onAbort(signal, abort);
  });
}
