import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of a certificate and its key. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate is to be like. */
export interface CertificateWish {
  /** Common name. */
  readonly name: string;
  /** Subject alternative names, as `DNS:localhost` or `IP:127.0.0.1`. */
  readonly names?: readonly string[];
  /** Days until it expires; a negative number makes one that has expired. */
  readonly days?: number;
}

/** A certificate authority made by the real openssl, in a folder of its own. */
export class TestAuthority {
  readonly folder: string;
  readonly ca: string;
  #count = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.ca = join(folder, 'ca.crt');
  }

  static async create(): Promise<TestAuthority> {
    const authority = new TestAuthority(await mkdtemp(join(tmpdir(), 'tarsier-tls-')));
    await authority.#openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=Tarsier test authority',
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
    );
    return authority;
  }

  /** A certificate of this authority. */
  async issue({ name, names = [], days = 30 }: CertificateWish): Promise<CertificatePair> {
    const stem = `cert${++this.#count}`;
    await this.#openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${stem}.key`,
      '-out',
      `${stem}.csr`,
    );
    const extensions = names.length > 0 ? `subjectAltName=${names.join(',')}\n` : 'basicConstraints=CA:FALSE\n';
    await writeFile(join(this.folder, `${stem}.ext`), extensions);
    await (days > 0 ? this.#sign(stem, days) : this.#signExpired(stem));
    return { cert: join(this.folder, `${stem}.crt`), key: join(this.folder, `${stem}.key`) };
  }

  async #sign(stem: string, days: number): Promise<void> {
    await this.#openssl(
      'x509',
      '-req',
      '-in',
      `${stem}.csr`,
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      // One file of serial numbers would be torn by those that sign at the same time.
      '-set_serial',
      stem.replace('cert', ''),
      '-days',
      String(days),
      '-extfile',
      `${stem}.ext`,
      '-out',
      `${stem}.crt`,
    );
  }

  /** `openssl x509` cannot set a date in the past; `openssl ca` can. */
  async #signExpired(stem: string): Promise<void> {
    const config = [
      '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nserial=serial.txt\ndefault_md=sha256\npolicy=p\n',
      '[p]\ncommonName=supplied\n',
    ].join('');
    await writeFile(join(this.folder, 'ca.cnf'), config);
    await writeFile(join(this.folder, 'index.txt'), '');
    await writeFile(join(this.folder, 'serial.txt'), '77');
    await this.#openssl(
      'ca',
      '-batch',
      '-config',
      'ca.cnf',
      '-cert',
      'ca.crt',
      '-keyfile',
      'ca.key',
      '-in',
      `${stem}.csr`,
      '-startdate',
      '20200101000000Z',
      '-enddate',
      '20200102000000Z',
      '-extfile',
      `${stem}.ext`,
      '-out',
      `${stem}.crt`,
      '-notext',
    );
  }

  async #openssl(...args: string[]): Promise<void> {
    await run('openssl', args, { cwd: this.folder });
  }

  /** Deletes all files. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Names of a server on this machine. */
export const LOCAL_NAMES = ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1'] as const;
