import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bits, integer, octets, oid, sequence, set, tagged, taggedBytes, time, utf8, yes } from './der.js';

/** Paths of a certificate and its key. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate is to be like. */
export interface CertificateWish {
  /** Common name, or the parts of the subject, each with its attributes by their numbers, as `2.5.4.3`. */
  readonly name: string | readonly (readonly (readonly [string, string])[])[];
  /** Subject alternative names, as `DNS:localhost` or `IP:127.0.0.1`. */
  readonly names?: readonly string[];
  /** Days until it expires; a negative number makes one that has expired. */
  readonly days?: number;
}

const DAY_MS = 86_400_000;
const EXPIRED_MS = Date.UTC(2020, 0, 2);
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A certificate authority of elliptic curves, in a folder of its own. It needs no program: Node.js signs. */
export class TestAuthority {
  readonly folder: string;
  readonly ca: string;
  readonly #key: KeyObject;
  readonly #name: Buffer;
  /** By which certificates of two authorities of one name are told apart. */
  readonly #keyId: Buffer;
  #count = 0;

  private constructor(folder: string, name: Buffer, { privateKey, publicKey }: KeyPair) {
    this.folder = folder;
    this.ca = join(folder, 'ca.crt');
    this.#name = name;
    this.#key = privateKey;
    this.#keyId = keyIdOf(publicKey);
  }

  static async create(): Promise<TestAuthority> {
    const folder = await mkdtemp(join(tmpdir(), 'tarsier-tls-'));
    const name = nameOf('Tarsier test authority');
    const keys = newKeys();
    const authority = new TestAuthority(folder, name, keys);
    const pem = authority.#sign(name, keys.publicKey, 30, [extension('2.5.29.19', sequence(yes), true)]);
    await authority.#write('ca', pem, keys.privateKey);
    return authority;
  }

  /** A certificate of this authority. */
  async issue({ name, names = [], days = 30 }: CertificateWish): Promise<CertificatePair> {
    const stem = `cert${++this.#count}`;
    const { publicKey, privateKey } = newKeys();
    const more = names.length > 0 ? [extension('2.5.29.17', sequence(...names.map(alternative)))] : [];
    const pem = this.#sign(nameOf(name), publicKey, days, more);
    return this.#write(stem, pem, privateKey);
  }

  /** The certificate of a key (RFC 5280, section 4.1). */
  #sign(subject: Buffer, key: KeyObject, days: number, extensions: readonly Buffer[]): string {
    const until = days < 0 ? EXPIRED_MS : Date.now() + days * DAY_MS;
    const ids = [
      extension('2.5.29.14', octets(keyIdOf(key))),
      extension('2.5.29.35', sequence(taggedBytes(0, this.#keyId))),
    ];
    const body = sequence(
      tagged(0, integer(2)),
      integer(this.#count + 1),
      ECDSA_WITH_SHA256,
      this.#name,
      sequence(time(new Date(Math.min(until, Date.now()) - DAY_MS)), time(new Date(until))),
      subject,
      spkiOf(key),
      tagged(3, sequence(...extensions, ...ids)),
    );
    const der = sequence(body, ECDSA_WITH_SHA256, bits(sign('sha256', body, this.#key)));
    const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
    return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  }

  async #write(stem: string, pem: string, key: KeyObject): Promise<CertificatePair> {
    const paths = { cert: join(this.folder, `${stem}.crt`), key: join(this.folder, `${stem}.key`) };
    await writeFile(paths.cert, pem);
    await writeFile(paths.key, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    return paths;
  }

  /** Deletes all files. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function newKeys(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
const keyIdOf = (key: KeyObject): Buffer => createHash('sha1').update(spkiOf(key)).digest();

function nameOf(name: CertificateWish['name']): Buffer {
  const parts = typeof name === 'string' ? [[['2.5.4.3', name] as const]] : name;
  return sequence(...parts.map((part) => set(...part.map(([type, text]) => sequence(oid(type), utf8(text))))));
}

function extension(id: string, content: Buffer, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [yes] : []), octets(content));
}

/** A name of the forms `DNS:…`, `URI:…` and `IP:…` (RFC 5280, section 4.2.1.6). */
function alternative(text: string): Buffer {
  const [, kind = '', name = ''] = /^(\w+):(.*)$/s.exec(text) ?? [];
  if (kind === 'DNS') return taggedBytes(2, Buffer.from(name));
  if (kind === 'URI') return taggedBytes(6, Buffer.from(name));
  if (kind === 'IP') return taggedBytes(7, addressBytes(name));
  throw new Error(`a certificate cannot have the name ${text}`);
}

function addressBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const [before = '', after] = address.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const [head, tail] = [groups(before), groups(after ?? '')];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return Buffer.from([...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** Names of a server on this machine. */
export const LOCAL_NAMES = ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1'] as const;
