import { describe, expect, it } from 'vitest';
import { tlsFaultOf } from './tls-fault.js';

const errorOf = (code: string, message = ''): Error => Object.assign(new Error(message), { code });

describe('tlsFaultOf', () => {
  it.each([
    // OpenSSL 3.0 (Node 20), 3.5 (Node 22 to 26), and one that tells no number.
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'error:0A000412:SSL routines:a:b:c.c:1605:SSL alert number 42', 'alert 42'],
    [
      'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE',
      'error:0A000412:SSL routines:a:b:c.c:918:SSL alert number 42',
      'alert 42',
    ],
    ['ERR_SSL_WHATEVER_IT_WILL_BE_CALLED', 'SSL alert number 42', 'alert 42'],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', '', 'alert 42'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', '', 'alert 42'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', '', 'alert 116'],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', '', 'alert 112'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number', 'WRONG_VERSION_NUMBER'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', '', 'PACKET_LENGTH_TOO_LONG'],
    ['ERR_SSL_DATA_LENGTH_TOO_LONG', '', 'PACKET_LENGTH_TOO_LONG'],
    ['ECONNRESET', 'SSL alert number 42', ''],
  ])('%s, "%s": %s', (code, message, fault) => {
    expect(tlsFaultOf(errorOf(code, message))).toBe(fault);
  });
});
