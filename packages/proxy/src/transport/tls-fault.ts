import { codeOf } from './transport-error.js';

/**
 * Alerts by their names, for platforms that do not tell the number. Source: RFC 8446, section 6; RFC 7301, section 3.2.
 * OpenSSL puts `SSLV3`, `TLSV1`, `TLSV13` or, since 3.5, `SSL/TLS` before them.
 */
const alerts: Readonly<Record<string, number>> = {
  UNEXPECTED_MESSAGE: 10,
  BAD_RECORD_MAC: 20,
  RECORD_OVERFLOW: 22,
  HANDSHAKE_FAILURE: 40,
  BAD_CERTIFICATE: 42,
  UNSUPPORTED_CERTIFICATE: 43,
  CERTIFICATE_REVOKED: 44,
  CERTIFICATE_EXPIRED: 45,
  CERTIFICATE_UNKNOWN: 46,
  ILLEGAL_PARAMETER: 47,
  UNKNOWN_CA: 48,
  ACCESS_DENIED: 49,
  DECODE_ERROR: 50,
  DECRYPT_ERROR: 51,
  PROTOCOL_VERSION: 70,
  INSUFFICIENT_SECURITY: 71,
  INTERNAL_ERROR: 80,
  INAPPROPRIATE_FALLBACK: 86,
  MISSING_EXTENSION: 109,
  UNRECOGNIZED_NAME: 112,
  CERTIFICATE_REQUIRED: 116,
  NO_APPLICATION_PROTOCOL: 120,
};

const PREFIX = 'ERR_SSL_';
const NUMBER = /SSL alert number (\d{1,3})/;
const NAMED = /^(?:SSLV3|TLSV1|TLSV13|SSL\/TLS|TLS)_(?:ALERT_)?([A-Z_]+)$/;
/** The same fault of a record, since OpenSSL 3.2. */
const LENGTHS = new Set(['DATA_LENGTH_TOO_LONG', 'ENCRYPTED_LENGTH_TOO_LONG']);

/**
 * What an error of TLS is about, in words that do not change with the version of OpenSSL: `alert 42` for what the peer has said,
 * by the number of RFC 8446; else the reason as in the code of Node, without `ERR_SSL_`; '' for an error of something else.
 */
export function tlsFaultOf(error: Error): string {
  const code = codeOf(error);
  if (!code.startsWith(PREFIX)) return '';
  const reason = code.slice(PREFIX.length);
  const named = NAMED.exec(reason)?.[1];
  const number = NUMBER.exec(error.message)?.[1] ?? (named === undefined ? undefined : alerts[named]);
  if (number !== undefined) return `alert ${number}`;
  return LENGTHS.has(reason) ? 'PACKET_LENGTH_TOO_LONG' : reason;
}
