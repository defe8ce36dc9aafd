import {
  type ChildProcess,
  type ChildProcessWithoutNullStreams,
  execFile,
  execFileSync,
  spawn,
} from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Where TarsCpp is installed; '' where the tests do without. */
export const tarscpp: string = process.env['TARSCPP'] ?? '';

/** Whether it was built with TLS. */
export const hasTls: boolean =
  tarscpp !== '' &&
  execFileSync('nm', [join(tarscpp, 'lib/libtarsutil.a')], {
    encoding: 'utf8',
    maxBuffer: 1e9,
    stdio: 'pipe',
  }).includes(' SSL_new');

const here = fileURLToPath(new URL('.', import.meta.url));

/** Builds both programs where they are not built yet. */
export async function buildPrograms(): Promise<void> {
  await promisify(execFile)('make', ['-C', here, `TARSCPP=${tarscpp}`, 'all'], { maxBuffer: 1e8 });
}

/** So many ports that were free a moment ago: a C++ server does not tell which one it was given. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(probes.map((probe) => once(probe, 'listening')));
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port);
  await Promise.all(probes.map((probe) => once(probe.close(), 'close')));
  return ports;
}

/** The lines that a program writes, in order. */
class Lines {
  readonly all: string[] = [];
  #waiting: (() => void)[] = [];
  #next = 0;

  constructor(child: ChildProcessWithoutNullStreams) {
    createInterface(child.stdout).on('line', (line) => {
      this.all.push(line);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    child.on('exit', () => {
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.#isOver = () => child.exitCode !== null || child.signalCode !== null;
  }

  readonly #isOver: () => boolean;

  /** The next line for which a function is true; others before it are left out. */
  async next(fits: (line: string) => boolean): Promise<string> {
    for (;;) {
      while (this.#next < this.all.length) {
        const line = this.all[this.#next++] as string;
        if (fits(line)) return line;
      }
      if (this.#isOver()) throw new Error(`the program has ended; it said: ${this.all.join(' | ')}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

const children = new Set<ChildProcess>();

/** Ends all that was started. */
export async function endPrograms(): Promise<void> {
  for (const child of children) await kill(child, 'SIGKILL');
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

function start(program: string, args: readonly string[], cwd: string): ChildProcessWithoutNullStreams {
  const child = spawn(join(here, 'build', program), args, { cwd });
  child.stderr.resume();
  children.add(child);
  return child;
}

/** A C++ client: makes the calls that it is told. */
export class CppClient {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Lines;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#lines = new Lines(child);
  }

  /** @param properties of its client section. With more than one thread for callbacks pushes come in any order. */
  static async start(object: string, properties: Readonly<Record<string, string>> = {}): Promise<CppClient> {
    const directory = await mkdtemp(join(tmpdir(), 'tarscpp-'));
    const pairs = Object.entries({ asyncthread: '1', ...properties }).map(([key, value]) => `${key}=${value}`);
    const client = new CppClient(start('client', [object, ...pairs], directory));
    client.#child.on('exit', () => void rm(directory, { recursive: true, force: true }));
    await client.heard((line) => line === 'ready');
    return client;
  }

  /** Its answer: `= result`, or `! text`; the texts of TarsCpp name the result. */
  async call(command: string): Promise<string> {
    this.#child.stdin.write(`${command}\n`);
    return this.#lines.next((line) => /^[=!] /.test(line));
  }

  /** All lines so far that begin with a word. */
  told(word: string): string[] {
    return this.#lines.all.filter((line) => line.startsWith(`${word} `));
  }

  /** The next line for which a function is true. */
  heard(fits: (line: string) => boolean): Promise<string> {
    return this.#lines.next(fits);
  }

  end(): Promise<void> {
    return kill(this.#child, 'SIGKILL');
  }
}

/** Paths. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A C++ server, and where it listens. */
export class CppServer {
  readonly peer: string;
  readonly frames: string;
  readonly admin: string;
  /** The peer over UDP. */
  readonly datagram: string;
  /** The peer over TLS, if it was given certificates. */
  readonly tls: string;
  readonly #ports: readonly number[];
  readonly #certificates: Certificates | undefined;
  #child: ChildProcessWithoutNullStreams | undefined;
  #lines: Lines | undefined;

  private constructor(ports: readonly number[], certificates: Certificates | undefined) {
    this.#ports = ports;
    this.#certificates = certificates;
    const [peer, frames, admin, datagram, tls] = ports;
    this.tls = `Interop.CppServer.TlsObj@ssl -h 127.0.0.1 -p ${tls} -t 60000`;
    this.datagram = `Interop.CppServer.DatagramObj@udp -h 127.0.0.1 -p ${datagram} -t 60000`;
    this.peer = `Interop.CppServer.PeerObj@tcp -h 127.0.0.1 -p ${peer} -t 60000`;
    this.frames = `Interop.CppServer.FramesObj@tcp -h 127.0.0.1 -p ${frames} -t 60000`;
    this.admin = `AdminObj@tcp -h 127.0.0.1 -p ${admin} -t 60000`;
  }

  /** @param certificates of an adapter with TLS, which asks clients for theirs. */
  static async start(certificates?: Certificates): Promise<CppServer> {
    const server = new CppServer(await freePorts(5), certificates);
    await server.start();
    return server;
  }

  /** Again, on the same ports. */
  async start(): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), 'tarscpp-'));
    const file = join(directory, 'server.conf');
    await writeFile(file, configuration(this.#ports, directory, this.#certificates));
    const child = start('server', [`--config=${file}`], directory);
    this.#child = child;
    child.on('exit', () => void rm(directory, { recursive: true, force: true }));
    this.#lines = new Lines(child);
    await this.#lines.next((line) => line === 'ready');
  }

  heard(fits: (line: string) => boolean): Promise<string> {
    return (this.#lines as Lines).next(fits);
  }

  /** Whether it has ended by itself. */
  get exitCode(): number | null | undefined {
    return this.#child?.exitCode;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (this.#child !== undefined) await kill(this.#child, signal);
  }
}

function configuration(
  [peer, frames, admin, datagram, tls]: readonly number[],
  directory: string,
  certificates: Certificates | undefined,
): string {
  const adapter = (name: string, port: number | undefined, protocol: string, transport = 'tcp', more = ''): string => `
      <${name}Adapter>
        endpoint = ${transport} -h 127.0.0.1 -p ${port} -t 3000
        allow =
        maxconns = 1000
        threads = 2
        servant = Interop.CppServer.${name}Obj
        queuecap = 100000
        protocol = ${protocol}
        ${more}
      </${name}Adapter>`;
  const pairs = Object.entries({ ...certificates, verifyclient: 1 }).map(([key, value]) => `${key} = ${value}`);
  const tlsAdapter = certificates === undefined ? '' : adapter('Tls', tls, 'tars', 'ssl', pairs.join('\n        '));
  return `<tars>
  <application>
    <client>
      modulename = Interop.CppServer
    </client>
    <server>
      app = Interop
      server = CppServer
      basepath = ${directory}/
      datapath = ${directory}/
      logpath = ${directory}/
      loglevel = ERROR
      closecout = 0
      local = tcp -h 127.0.0.1 -p ${admin} -t 10000${adapter('Peer', peer, 'tars')}${adapter('Frames', frames, 'not_tars')}${adapter('Datagram', datagram, 'tars', 'udp')}${tlsAdapter}
    </server>
  </application>
</tars>
`;
}
