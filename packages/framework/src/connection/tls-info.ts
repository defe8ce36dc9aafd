import { Socket } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import {
  type AlternativeName,
  alternativeNamesOf,
  type NamePart,
  nameText,
  partsOfLines,
  partsOfObject,
} from './distinguished-name.js';

/** What is known of the certificate that a peer has shown. */
export interface PeerIdentity {
  /** Whom it names: its subject, as `CN=alice,O=Example` (RFC 4514). No other subject has this text; empty when it has none. */
  readonly subject: string;
  /** The subject by its parts, in the order of the certificate, each with its attributes: to be looked at instead of cutting the text. */
  readonly subjectParts: readonly NamePart[];
  /** Who has signed it, in the form of `subject`. */
  readonly issuer: string;
  /** The issuer by its parts. */
  readonly issuerParts: readonly NamePart[];
  /** Other names, as `DNS:alice.example.org, IP Address:10.0.0.1`, a value with signs of its own in quotes; empty when it has none. */
  readonly alternativeNames: string;
  /** The other names one by one, each without quotes. */
  readonly alternativeNameList: readonly AlternativeName[];
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
  /**
   * Whether the peer has shown a certificate that `ca` has signed, and that names somebody, by its subject or by another name. False for
   * everybody unless `verifyclient` is set.
   */
  readonly isAuthorized: boolean;
  /** The certificate of the peer; undefined when it has shown none. */
  readonly peer: PeerIdentity | undefined;
}

/** TLS of a socket; undefined when it has none. */
export function tlsInfoOf(socket: unknown): TlsInfo | undefined {
  if (!isTls(socket)) return undefined;
  // Node gives false when the client asked for no name.
  const { servername } = socket as { servername?: string | false };
  const peer = identityOf(socket);
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    serverName: typeof servername === 'string' ? servername : '',
    // A session that was resumed without a certificate is authorized for Node.
    isAuthorized: socket.authorized && peer !== undefined && (peer.subject !== '' || peer.alternativeNames !== ''),
    peer,
  };
}

/** By what it says of itself: the class would have to be loaded, with all of TLS. */
function isTls(socket: unknown): socket is TLSSocket {
  return socket instanceof Socket && (socket as Partial<TLSSocket>).encrypted === true;
}

function identityOf(socket: TLSSocket): PeerIdentity | undefined {
  const certificate: PeerCertificate = socket.getPeerCertificate();
  // Node gives an empty object when there is none.
  if (Object.keys(certificate).length === 0) return undefined;
  // Absent in some runtimes that are not Node.
  const lines = (socket as Partial<TLSSocket>).getPeerX509Certificate?.();
  const subjectParts = partsOf(lines?.subject, certificate.subject);
  const issuerParts = partsOf(lines?.issuer, certificate.issuer);
  const alternativeNames = certificate.subjectaltname ?? '';
  return {
    subject: nameText(subjectParts),
    subjectParts,
    issuer: nameText(issuerParts),
    issuerParts,
    alternativeNames,
    alternativeNameList: alternativeNamesOf(alternativeNames),
    serialNumber: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    validFromMs: Date.parse(certificate.valid_from),
    validToMs: Date.parse(certificate.valid_to),
  };
}

/** Both are undefined, or empty, for a name without parts, whatever the types say. */
function partsOf(lines: string | undefined, name: object | undefined): NamePart[] {
  return lines === undefined || lines === '' ? partsOfObject(name ?? {}) : partsOfLines(lines);
}
