import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { TlsOptions } from './connect-options.js';
import { shortly, TransportError } from './transport-error.js';

/** The properties that name files. */
const files = ['ca', 'cert', 'key'] as const;
type FileProperty = (typeof files)[number];

/** A context for connections, shared by all that have the same options. */
export interface ClientContext {
  readonly secure: SecureContext;
  /** Differs from that of every other context, also of the one that the same options had before a file was replaced. */
  readonly id: number;
}

interface Kept extends ClientContext {
  /** The state of the files that it was made of. */
  readonly signature: string;
}

/** One for each set of options that a program uses: few, unless it makes them up. */
const contexts = new Map<string, Kept>();
const MAX_CONTEXTS = 64;
let lastId = 0;

function isPem(text: string): boolean {
  return text.startsWith('-----BEGIN');
}

function stateOf(property: FileProperty, file: string): string {
  if (file === '' || isPem(file)) return '';
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs}:${size}:${ino}`;
  } catch (cause) {
    throw unusable(property, file, shortly(cause), cause);
  }
}

/**
 * The context for some options. Files are read once, and again when they were replaced.
 *
 * @throws TransportError that names the property that cannot be used, and why.
 */
export function clientContextOf(options: TlsOptions): ClientContext {
  const { ca = '', cert = '', key = '', ciphers = '' } = options;
  const name = JSON.stringify([ca, cert, key, ciphers]);
  const signature = `${stateOf('ca', ca)} ${stateOf('cert', cert)} ${stateOf('key', key)}`;
  const kept = contexts.get(name);
  if (kept?.signature === signature) return kept;
  const made = { signature, secure: makeContext(options), id: ++lastId };
  // The oldest goes first; a program that uses it still gets it again.
  if (kept === undefined && contexts.size >= MAX_CONTEXTS) contexts.delete(contexts.keys().next().value ?? '');
  contexts.set(name, made);
  return made;
}

function makeContext(options: TlsOptions): SecureContext {
  const { cert = '', key = '', ciphers = '' } = options;
  if ((cert === '') !== (key === '')) {
    const [given, missing] = cert === '' ? ['key', 'cert'] : ['cert', 'key'];
    throw new TransportError(`the property ${given} is set without ${missing}: a client certificate needs both`);
  }
  const wanted: SecureContextOptions = {};
  for (const property of files) {
    const file = options[property] ?? '';
    if (file !== '') wanted[property] = readPem(property, file);
  }
  if (ciphers !== '') wanted.ciphers = ciphers;
  try {
    return createSecureContext(wanted);
  } catch (cause) {
    const code = shortly(cause);
    if (code === 'ERR_SSL_NO_CIPHER_MATCH') {
      throw new TransportError(`the property ciphers names none that OpenSSL knows: ${ciphers}`, cause);
    }
    throw unusable('key', options.key ?? '', `does it belong to the certificate in cert? (${code})`, cause);
  }
}

/** The text, checked here because OpenSSL takes a file without a certificate for no authorities at all. */
function readPem(property: FileProperty, file: string): string {
  try {
    const text = isPem(file) ? file : readFileSync(file, 'utf8');
    if (property === 'key') createPrivateKey(text);
    else void new X509Certificate(text);
    return text;
  } catch (cause) {
    const code = shortly(cause);
    const isFileError = /^E[A-Z]+$/.test(code);
    const kind = property === 'key' ? 'private key without a passphrase' : 'certificate';
    throw unusable(property, file, isFileError ? code : `it holds no PEM ${kind} (${code})`, cause);
  }
}

function unusable(property: FileProperty, file: string, problem: string, cause: unknown): TransportError {
  const what = isPem(file) ? `the text in the property ${property}` : `the file ${file} of the property ${property}`;
  return new TransportError(`${what} cannot be used: ${problem}`, cause);
}
