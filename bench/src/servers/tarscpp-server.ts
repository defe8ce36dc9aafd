import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveParent } from '../child.js';
import { TarsCppProgram } from '../tarscpp-program.js';
import { freePort } from './free-port.js';

/** A TARS server on TarsCpp: one thread for the network and one for handlers, which is what a core has use for. */

const directory = mkdtempSync(join(tmpdir(), 'tarsier-bench-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

const port = await freePort();
const file = join(directory, 'server.conf');
writeFileSync(
  file,
  `<tars>
  <application>
    <client>
      modulename = Bench.NodeServer
    </client>
    <server>
      app = Bench
      server = NodeServer
      basepath = ${directory}/
      datapath = ${directory}/
      logpath = ${directory}/
      loglevel = ERROR
      closecout = 0
      netthread = 1
      <NodeAdapter>
        endpoint = tcp -h 127.0.0.1 -p ${port} -t 600000
        allow =
        maxconns = 20000
        threads = 1
        servant = Bench.NodeServer.NodeObj
        queuecap = 1000000
        protocol = tars
      </NodeAdapter>
    </server>
  </application>
</tars>
`,
);
const program = new TarsCppProgram('server', [`--config=${file}`], directory);
while ((await program.line()) !== 'ready');

serveParent({ port: () => port, cpu: () => program.cpu() });
