import { tmpdir } from 'node:os';
import { serveParent, sharedNowMs } from '../child.js';
import { TarsCppProgram } from '../tarscpp-program.js';
import type { CountSample } from './echo-load.js';
import type { TarsCalls } from './tars-calls.js';

/** Loops of TARS calls from one client on TarsCpp, by callbacks: one thread for the network and one for callbacks. */

const program = new TarsCppProgram('client', [], tmpdir());

serveParent({
  begin: ({ port, inFlight }: TarsCalls) => program.ask(`begin ${port} ${inFlight}`),
  count: async (): Promise<CountSample> => ({ count: Number(await program.ask('count')), atMs: sharedNowMs() }),
  end: () => program.ask('end'),
  cpu: () => program.cpu(),
});
