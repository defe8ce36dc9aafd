import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import {
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
  type Server,
  type TlsOptions,
} from 'node:tls';
import { TarsException } from '@tarsier/protocol';
import { lowerAscii } from '@tarsier/protocol/internal';
import { LOG } from '../log/log.js';
import type { CertificateFiles, ServerTlsConfig } from './server-tls-config.js';

/** A certificate that ends sooner is warned of. */
const SOON_MS = 14 * 24 * 3600 * 1000;

function isPem(text: string): boolean {
  return text.startsWith('-----BEGIN');
}

function invalid(adapter: string, key: string, file: string, problem: string, cause?: unknown): TarsException {
  const what = isPem(file) ? 'the text' : `the file ${file}`;
  return new TarsException(`adapter ${adapter}: ${what} of the key ${key} cannot be used: ${problem}`, {
    code: 'TARSIER_CONFIG_INVALID',
    cause,
    where: isPem(file) ? { key } : { key, file },
  });
}

/**
 * The certificates of one adapter: read at the start, and again whenever somebody asks. New handshakes get the new ones,
 * connections that are open keep theirs; what cannot be used leaves the old ones in use.
 */
export class ServerCertificates {
  readonly #config: ServerTlsConfig;
  readonly #adapter: string;
  #main: SecureContextOptions = {};
  #hosts = new Map<string, SecureContext>();
  #server: Server | undefined;
  /** Times and sizes of the files as they were read, to see when one was replaced. */
  #signature = '';

  constructor(config: ServerTlsConfig, adapter: string) {
    this.#config = config;
    this.#adapter = adapter;
  }

  /**
   * Reads all files.
   *
   * @throws TarsException `TARSIER_CONFIG_INVALID` that names key and file; what was read before stays in use then.
   */
  async load(): Promise<void> {
    const signature = await this.#look();
    const { ca, ciphers, hosts } = this.#config;
    const common: SecureContextOptions = {};
    if (ca !== '') common.ca = await this.#read('ca', ca);
    if (ciphers !== '') common.ciphers = ciphers;
    const main = await this.#pair(this.#config, common);
    const contexts = new Map<string, SecureContext>();
    for (const [name, files] of hosts) contexts.set(name, this.#context(files, await this.#pair(files, common)));
    this.#context(this.#config, main);
    this.#main = main;
    this.#hosts = contexts;
    this.#signature = signature;
    this.#server?.setSecureContext(main);
  }

  /** What a TLS server is made with; later changes reach it through {@link ServerCertificates.serve}. */
  options(handshakeTimeoutMs: number): TlsOptions {
    const { verifyClient } = this.#config;
    return {
      ...this.#main,
      requestCert: verifyClient,
      rejectUnauthorized: verifyClient,
      handshakeTimeout: handshakeTimeoutMs,
      SNICallback: (name, callback) => {
        callback(null, this.#hostOf(lowerAscii(name)));
      },
    };
  }

  /** The server whose certificates these are. */
  serve(server: Server): void {
    this.#server = server;
  }

  /** Reads the files again if one of them has changed since. Never throws: it runs on a clock. */
  async refresh(): Promise<void> {
    try {
      const signature = await this.#look();
      if (signature === this.#signature) return;
      // Once for each change, whether it can be used or not.
      this.#signature = signature;
      await this.load();
      LOG.info('certificates were replaced', { adapter: this.#adapter });
    } catch (error) {
      LOG.error('new certificates cannot be used; the old ones stay in use', { adapter: this.#adapter, err: error });
    }
  }

  /** The context for a name, or undefined for the main one. */
  #hostOf(name: string): SecureContext | undefined {
    return this.#hosts.get(name) ?? this.#hosts.get(`*${name.slice(name.indexOf('.'))}`);
  }

  async #pair(files: CertificateFiles, common: SecureContextOptions): Promise<SecureContextOptions> {
    const cert = await this.#read('cert', files.cert);
    this.#checkDates(files.cert, cert);
    return { ...common, cert, key: await this.#read('key', files.key) };
  }

  async #read(key: string, file: string): Promise<string> {
    if (isPem(file)) return file;
    try {
      return await readFile(file, 'utf8');
    } catch (cause) {
      throw invalid(this.#adapter, key, file, cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  #checkDates(file: string, text: string): void {
    let validTo: Date;
    try {
      validTo = new Date(new X509Certificate(text).validTo);
    } catch (cause) {
      throw invalid(this.#adapter, 'cert', file, 'it holds no PEM certificate', cause);
    }
    const leftMs = validTo.getTime() - Date.now();
    if (leftMs > SOON_MS) return;
    const name = isPem(file) ? 'in the configuration' : file;
    const fields = { adapter: this.#adapter, cert: name, validTo: validTo.toISOString() };
    LOG.warn(leftMs < 0 ? 'a certificate has expired' : 'a certificate expires soon', fields);
  }

  #context(files: CertificateFiles, options: SecureContextOptions): SecureContext {
    try {
      return createSecureContext(options);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw invalid(this.#adapter, 'key', files.key, `${why}; look whether it belongs to the certificate`, cause);
    }
  }

  async #look(): Promise<string> {
    const { ca, cert, key, hosts } = this.#config;
    const files = [ca, cert, key, ...Array.from(hosts.values(), (pair) => [pair.cert, pair.key]).flat()];
    const parts = files
      .filter((file) => file !== '' && !isPem(file))
      .map(async (file) => {
        const { mtimeMs, size, ino } = await stat(file).catch(() => ({ mtimeMs: 0, size: 0, ino: 0 }));
        return `${mtimeMs}:${size}:${ino}`;
      });
    return (await Promise.all(parts)).join(' ');
  }
}
