import { type ChildProcessWithoutNullStreams, execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts, kill, Lines, PeerClient, startProgram } from '../programs.js';

/** Where TarsCpp is installed; '' where the tests do without. */
export const tarscpp: string = process.env['TARSCPP'] ?? '';

/** Whether it was built with TLS. */
export const hasTls: boolean = tarscpp !== '' && readFileSync(join(tarscpp, 'lib/libtarsutil.a')).includes('SSL_new');

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
    const child = await startProgram(join(here, 'build/server'), async (folder) => {
      const file = join(folder, 'server.conf');
      await writeFile(file, configuration(this.#ports, folder, this.#certificates));
      return [`--config=${file}`];
    });
    this.#child = child;
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
