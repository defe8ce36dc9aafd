import { type ChildProcessWithoutNullStreams, execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts, kill, Lines, PeerClient, startProgram } from '../programs.js';

/** Where TarsCpp is installed; '' where the tests do without. */
export const tarscpp: string = process.env['TARSCPP'] ?? '';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Builds both programs where they are not built yet. */
export async function buildPrograms(): Promise<void> {
  await promisify(execFile)('make', ['-C', here, `TARSCPP=${tarscpp}`, 'all'], { maxBuffer: 1e8 });
}

/** A C++ client. With more than one thread for callbacks it would hear pushes in any order. */
export function startCppClient(object: string, properties: Readonly<Record<string, string>> = {}): Promise<PeerClient> {
  return PeerClient.start(join(here, 'build/client'), object, { asyncthread: '1', ...properties });
}

/** Paths. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A C++ program with a configuration, which tells by a line that it is ready. */
class CppProgram {
  readonly #name: string;
  readonly #configuration: (folder: string) => string;
  #child: ChildProcessWithoutNullStreams | undefined;
  #lines: Lines | undefined;

  constructor(name: string, configuration: (folder: string) => string) {
    this.#name = name;
    this.#configuration = configuration;
  }

  async start(): Promise<void> {
    const child = await startProgram(join(here, 'build', this.#name), async (folder) => {
      const file = join(folder, `${this.#name}.conf`);
      await writeFile(file, this.#configuration(folder));
      return [`--config=${file}`];
    });
    this.#child = child;
    this.#lines = new Lines(child);
    await this.#lines.next((line) => line === 'ready');
  }

  heard(fits: (line: string) => boolean): Promise<string> {
    return (this.#lines as Lines).next(fits);
  }

  told(word: string): string[] {
    return (this.#lines as Lines).all.filter((line) => line.startsWith(`${word} `));
  }

  get exitCode(): number | null | undefined {
    return this.#child?.exitCode;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (this.#child !== undefined) await kill(this.#child, signal);
  }
}

/** A C++ server of the peer, and where it listens. */
export class CppServer {
  readonly peer: string;
  readonly frames: string;
  readonly admin: string;
  /** The peer over UDP. */
  readonly datagram: string;
  /** The peer over TLS, if it was given certificates. */
  readonly tls: string;
  readonly #program: CppProgram;

  private constructor(ports: readonly number[], certificates: Certificates | undefined) {
    const [peer, frames, admin, datagram, tls] = ports;
    this.tls = `Interop.CppServer.TlsObj@ssl -h 127.0.0.1 -p ${tls} -t 60000`;
    this.datagram = `Interop.CppServer.DatagramObj@udp -h 127.0.0.1 -p ${datagram} -t 60000`;
    this.peer = `Interop.CppServer.PeerObj@tcp -h 127.0.0.1 -p ${peer} -t 60000`;
    this.frames = `Interop.CppServer.FramesObj@tcp -h 127.0.0.1 -p ${frames} -t 60000`;
    this.admin = `AdminObj@tcp -h 127.0.0.1 -p ${admin} -t 60000`;
    const pairs = Object.entries({ ...certificates, verifyclient: 1 }).map(([key, value]) => `${key} = ${value}`);
    const adapters = [
      adapter('Interop.CppServer.PeerObj', peer, 'tars'),
      adapter('Interop.CppServer.FramesObj', frames, 'not_tars'),
      adapter('Interop.CppServer.DatagramObj', datagram, 'tars', 'udp'),
      ...(certificates === undefined ? [] : [adapter('Interop.CppServer.TlsObj', tls, 'tars', 'ssl', pairs)]),
    ];
    this.#program = new CppProgram('server', (folder) => configuration(folder, 'Interop.CppServer', adapters, admin));
  }

  /** @param certificates of an adapter with TLS, which asks clients for theirs. */
  static async start(certificates?: Certificates): Promise<CppServer> {
    const server = new CppServer(await freePorts(5), certificates);
    await server.start();
    return server;
  }

  /** Again, on the same ports. */
  start(): Promise<void> {
    return this.#program.start();
  }

  heard(fits: (line: string) => boolean): Promise<string> {
    return this.#program.heard(fits);
  }

  /** Whether it has ended by itself. */
  get exitCode(): number | null | undefined {
    return this.#program.exitCode;
  }

  kill(signal: NodeJS.Signals): Promise<void> {
    return this.#program.kill(signal);
  }
}

/** The services of a TARS platform in C++: a registry, and those that take reports. */
export class CppPlatform {
  readonly locator: string;
  readonly stat: string;
  readonly property: string;
  readonly #program: CppProgram;

  private constructor(ports: readonly number[], objects: Readonly<Record<string, string>>) {
    const [query, stat, property] = ports;
    this.locator = `tars.platform.QueryObj@tcp -h 127.0.0.1 -p ${query} -t 60000`;
    this.stat = `tars.platform.StatObj@tcp -h 127.0.0.1 -p ${stat} -t 60000`;
    this.property = `tars.platform.PropertyObj@tcp -h 127.0.0.1 -p ${property} -t 60000`;
    const adapters = [
      adapter('tars.platform.QueryObj', query, 'tars'),
      adapter('tars.platform.StatObj', stat, 'tars'),
      adapter('tars.platform.PropertyObj', property, 'tars'),
    ];
    const pairs = Object.entries(objects).map(([object, endpoint]) => `${object} = ${endpoint}`);
    const section = `\n    <objects>\n${pairs.join('\n')}\n    </objects>`;
    this.#program = new CppProgram('platform', (folder) =>
      configuration(folder, 'tars.platform', adapters, undefined, section),
    );
  }

  /** @param objects that its registry knows: endpoints by name. */
  static async start(objects: Readonly<Record<string, string>>): Promise<CppPlatform> {
    const platform = new CppPlatform(await freePorts(3), objects);
    await platform.#program.start();
    return platform;
  }

  /** What it was told: lines that begin with `asked`, `stat` or `property`. */
  told(word: string): string[] {
    return this.#program.told(word);
  }

  kill(): Promise<void> {
    return this.#program.kill('SIGKILL');
  }
}

function adapter(
  servant: string,
  port: number | undefined,
  protocol: string,
  transport = 'tcp',
  more: readonly string[] = [],
): string {
  const name = servant.slice(servant.lastIndexOf('.') + 1).replace('Obj', 'Adapter');
  return `
      <${name}>
        endpoint = ${transport} -h 127.0.0.1 -p ${port} -t 3000
        allow =
        maxconns = 1000
        threads = 2
        servant = ${servant}
        queuecap = 100000
        protocol = ${protocol}
        ${more.join('\n        ')}
      </${name}>`;
}

function configuration(
  folder: string,
  name: string,
  adapters: readonly string[],
  admin: number | undefined,
  section = '',
): string {
  const [app, server] = name.split('.');
  return `<tars>
  <application>${section}
    <client>
      modulename = ${name}
    </client>
    <server>
      app = ${app}
      server = ${server}
      basepath = ${folder}/
      datapath = ${folder}/
      logpath = ${folder}/
      loglevel = ERROR
      closecout = 0
      ${admin === undefined ? '' : `local = tcp -h 127.0.0.1 -p ${admin} -t 10000`}${adapters.join('')}
    </server>
  </application>
</tars>
`;
}
