import { Core, withChildren } from '../child-process.js';
import type { Figure } from '../figure.js';
import type { TarsCalls } from '../load/tars-calls.js';
import type { TarsLoad } from '../load/tars-load.js';
import { buildPrograms, tarscpp } from '../tarscpp-program.js';
import { alternate, type Comparison, newSide } from './alternating.js';

/** The figure `tars` with TarsCpp on the other side, each on one core. */
export const tarsCpp: Figure = {
  name: 'tarscpp',
  about: 'the calls of `tars`: servers under load, and clients with 256 in flight, against TarsCpp',
  missing: tarscpp === '' ? 'TARSCPP does not name an installation of TarsCpp' : '',
  run: async (plan) => {
    await buildPrograms();
    return withChildren(async (start) => {
      const ours = await start('servers/tars-server.js', Core.SERVER);
      const theirs = await start('servers/tarscpp-server.js', Core.SERVER);
      const load = await start('load/tars-load.js', Core.LOAD);
      const ourPort = await ours.ask<number>('port');
      const loadOf = (port: number): TarsLoad => ({ port, connections: 8, depth: 64 });
      const servers: Comparison = {
        id: 'tarscpp-server',
        name: 'TARS server on one core, 8 connections with 64 in flight: Tarsier / TarsCpp',
        unit: 'answers/s',
        sides: [
          newSide({ label: 'Tarsier', measured: ours, counting: load, parameters: loadOf(ourPort) }),
          newSide({
            label: 'TarsCpp',
            measured: theirs,
            counting: load,
            parameters: loadOf(await theirs.ask<number>('port')),
          }),
        ],
      };
      const mine = await start('load/tars-calls.js', Core.LOAD, ['tarsier']);
      const cpp = await start('load/tarscpp-calls.js', Core.LOAD);
      const parameters: TarsCalls = { port: ourPort, inFlight: 256 };
      const clients: Comparison = {
        id: 'tarscpp-client',
        name: 'TARS client on one core, 256 in flight: Tarsier / TarsCpp',
        unit: 'calls/s',
        sides: [
          newSide({ label: 'Tarsier, promises', measured: mine, counting: mine, parameters }),
          newSide({ label: 'TarsCpp, callbacks', measured: cpp, counting: cpp, parameters }),
        ],
      };
      return alternate([servers, clients], plan);
    });
  },
};
