import { Socket } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';

/** What is known of the certificate that a peer has shown. */
export interface PeerIdentity {
  /** Whom it names: its subject, as `CN=alice,O=Example`. */
  readonly subject: string;
  /** Who has signed it, in the same form. */
  readonly issuer: string;
  /** Other names, as `DNS:alice.example.org, IP Address:10.0.0.1`; empty when it has none. */
  readonly alternativeNames: string;
  /** Serial number in hexadecimal. */
  readonly serialNumber: string;
  /** SHA-256 of the certificate, as `AB:CD:…`. */
  readonly fingerprint256: string;
  /** In ms since 1970. */
  readonly validFromMs: number;
  /** In ms since 1970. */
  readonly validToMs: number;
}

/** How a connection is secured. */
export interface TlsInfo {
  /** As `TLSv1.3`. */
  readonly protocol: string;
  /** Cipher suite by its name in the standard, as `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string;
  /** The host name that the peer has asked for (SNI); empty when it asked for none. */
  readonly serverName: string;
  /** Whether the peer has shown a certificate that `ca` has signed. False for everybody unless `verifyclient` is set. */
  readonly isAuthorized: boolean;
  /** The certificate of the peer; undefined when it has shown none. */
  readonly peer: PeerIdentity | undefined;
}

/** TLS of a socket; undefined when it has none. */
export function tlsInfoOf(socket: unknown): TlsInfo | undefined {
  if (!isTls(socket)) return undefined;
  // Node gives false when the client asked for no name.
  const { servername } = socket as { servername?: string | false };
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    serverName: typeof servername === 'string' ? servername : '',
    isAuthorized: socket.authorized,
    peer: identityOf(socket.getPeerCertificate()),
  };
}

/** By what it says of itself: the class would have to be loaded, with all of TLS. */
function isTls(socket: unknown): socket is TLSSocket {
  return socket instanceof Socket && (socket as Partial<TLSSocket>).encrypted === true;
}

function identityOf(certificate: PeerCertificate): PeerIdentity | undefined {
  // Node gives an empty object when there is none.
  if (Object.keys(certificate).length === 0) return undefined;
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    alternativeNames: certificate.subjectaltname ?? '',
    serialNumber: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    validFromMs: Date.parse(certificate.valid_from),
    validToMs: Date.parse(certificate.valid_to),
  };
}

/** A distinguished name; an attribute that stands there more than once is listed each time. */
function nameText(name: object): string {
  return Object.entries(name)
    .flatMap(([key, value]) => [value].flat().map((one) => `${key}=${String(one)}`))
    .join(',');
}
