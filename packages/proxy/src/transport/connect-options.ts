/**
 * How a client proves itself and checks the server, over TLS; without effect in browsers.
 *
 * `ca`, `cert` and `key` are paths of PEM files, or PEM texts, which begin with `-----BEGIN`. Files are read when they are first
 * needed, and again by the first connection that is made after they were replaced.
 */
export interface TlsOptions {
  /** Certificates that are trusted, instead of those that come with Node. Property `ca`. */
  readonly ca?: string;
  /** Certificate of this client, for servers with `verifyclient`. Property `cert`. */
  readonly cert?: string;
  /** Key of the certificate, without a passphrase. Property `key`. */
  readonly key?: string;
  /** Cipher suites, as OpenSSL writes them. Property `ciphers`. */
  readonly ciphers?: string;
  /** Name that the server's certificate has to bear, and that is sent as SNI; that of the endpoint (`-n`, else its host) unless given. Property `tls-servername`. */
  readonly servername?: string;
  /** False takes any certificate, which protects against nobody who can answer in the server's place. Property `tls-verify`. */
  readonly verify: boolean;
}

/** A proxy that connections go through. Source: TC_ProxyInfo (TarsCpp). */
export interface ForwardProxy {
  /** `socks5` (RFC 1928, 1929) or `http` (CONNECT, RFC 9110 section 9.3.6). */
  readonly type: 'socks5' | 'http';
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
}

/** What a transport may need to connect, besides the endpoint. */
export interface ConnectOptions {
  readonly tls: TlsOptions;
  readonly forwardProxy: ForwardProxy | undefined;
  /** Bytes of one message of a transport that has messages (WebSocket). Property `recvbufferlimit`. */
  readonly maxReceiveBytes: number;
}
