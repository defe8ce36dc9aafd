import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const PROGRAM = 'dnsmasq';

/** What a {@link DnsServer} answers for names below `tarsier.test`; nothing else is known to it. */
export interface DnsZone {
  /** Addresses of hosts, of both families. */
  readonly hosts?: Readonly<Record<string, readonly string[]>>;
  /** SRV records, as `_push._tcp.tarsier.test,host.tarsier.test,port,priority,weight`. */
  readonly services?: readonly string[];
}

/** A real DNS server (dnsmasq) on a port of its own, whose records a test changes. They may be kept for one second. */
export class DnsServer {
  readonly #folder: string;
  readonly #port: number;
  #zone: DnsZone = {};
  #process: ChildProcess | undefined;
  #log = '';

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
  }

  static async start(zone: DnsZone): Promise<DnsServer> {
    const server = new DnsServer(await mkdtemp(join(tmpdir(), 'tarsier-dns-')), await freePort());
    await server.change(zone);
    return server;
  }

  /** For the property `dns-servers`. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Other records from now on. */
  async change(zone: DnsZone): Promise<void> {
    const { hosts = {}, services } = zone;
    const lines = Object.entries(hosts).flatMap(([name, all]) => all.map((address) => `${address} ${name}\n`));
    await writeFile(this.#hosts, lines.join(''));
    const isSame = String(services) === String(this.#zone.services);
    this.#zone = zone;
    if (this.#process !== undefined && isSame) {
      // Hosts are read again, SRV records are not.
      const read = this.#says(/read .*hosts/);
      this.#process.kill('SIGHUP');
      await read;
      return;
    }
    await this.kill();
    await this.run();
  }

  get #hosts(): string {
    return join(this.#folder, 'hosts');
  }

  /** Begins to answer, after `kill`. */
  async run(): Promise<void> {
    const args = [
      '--keep-in-foreground',
      '--conf-file=/dev/null',
      '--log-facility=-',
      '--pid-file=',
      `--user=${userInfo().username}`,
      `--port=${this.#port}`,
      '--listen-address=127.0.0.1',
      '--bind-interfaces',
      '--no-resolv',
      '--no-hosts',
      `--addn-hosts=${this.#hosts}`,
      '--local=/tarsier.test/',
      '--local-ttl=1',
      ...(this.#zone.services ?? []).map((service) => `--srv-host=${service}`),
    ];
    const child = spawn(PROGRAM, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    this.#log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
    });
    await this.#says(/read .*hosts/);
  }

  /** Waits for a line that it has not logged yet. */
  async #says(line: RegExp): Promise<void> {
    const from = this.#log.length;
    const child = this.#process;
    while (!line.test(this.#log.slice(from))) {
      if (child?.stderr === null || child === undefined || child.exitCode !== null) {
        throw new Error(`${PROGRAM} has ended: ${this.#log}`);
      }
      await Promise.race([once(child.stderr, 'data'), once(child, 'exit')]);
    }
  }

  /** Answers nothing any more. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  }

  /** Ends it and deletes its files. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
