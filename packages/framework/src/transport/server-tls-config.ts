/** A certificate and its key: paths of PEM files, or PEM texts. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** What an adapter on `ssl` or `wss` proves itself with, and whom it believes. */
export interface ServerTlsConfig extends CertificateFiles {
  /** Certificates of those who may sign client certificates; empty for those that come with Node. */
  readonly ca: string;
  /** Cipher suites, as OpenSSL writes them; empty for those of Node. */
  readonly ciphers: string;
  /** Whether a client without a certificate is refused. */
  readonly verifyClient: boolean;
  /** Certificates for other host names that clients may ask for (SNI), as `www.example.com` or `*.example.com`. */
  readonly hosts: ReadonlyMap<string, CertificateFiles>;
}
