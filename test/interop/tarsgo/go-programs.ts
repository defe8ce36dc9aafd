import { type ChildProcessWithoutNullStreams, execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts, kill, PeerClient, startProgram } from '../programs.js';

/** Where the sources of TarsGo are; '' where the tests do without. */
export const tarsgo: string = process.env['TARSGO'] ?? '';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Builds both programs where they are not built yet. */
export async function buildGoPrograms(): Promise<void> {
  const replace = process.env['TARSGO_REPLACE'] ?? '';
  await promisify(execFile)('make', ['-C', here, `TARSGO=${tarsgo}`, `REPLACE=${replace}`], { maxBuffer: 1e8 });
}

export function startGoClient(object: string, properties: Readonly<Record<string, string>> = {}): Promise<PeerClient> {
  return PeerClient.start(join(here, 'build/client'), object, properties);
}

/** A Go server, and where it listens. */
export class GoServer {
  readonly peer: string;
  readonly #port: number;
  #child: ChildProcessWithoutNullStreams | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.peer = `Interop.GoServer.PeerObj@tcp -h 127.0.0.1 -p ${port} -t 60000`;
  }

  static async start(): Promise<GoServer> {
    const [port = 0] = await freePorts(1);
    const server = new GoServer(port);
    await server.start();
    return server;
  }

  /** Again, at the same port. It does not tell when it listens. */
  async start(): Promise<void> {
    this.#child = await startProgram(join(here, 'build/server'), async (folder) => {
      const file = join(folder, 'server.conf');
      await writeFile(file, configuration(this.#port, folder));
      return [`-config=${file}`];
    });
    this.#child.stdout.resume();
  }

  async kill(): Promise<void> {
    if (this.#child !== undefined) await kill(this.#child, 'SIGKILL');
  }
}

function configuration(port: number, folder: string): string {
  return `<tars>
  <application>
    <client>
      modulename = Interop.GoServer
    </client>
    <server>
      app = Interop
      server = GoServer
      basepath = ${folder}/
      datapath = ${folder}/
      logpath = ${folder}/
      logLevel = ERROR
      <PeerAdapter>
        endpoint = tcp -h 127.0.0.1 -p ${port} -t 60000
        maxconns = 1000
        threads = 2
        servant = Interop.GoServer.PeerObj
        queuecap = 100000
        protocol = tars
      </PeerAdapter>
    </server>
  </application>
</tars>
`;
}
