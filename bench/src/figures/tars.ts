import { Core, withChildren } from '../child-process.js';
import { atLeast, type Figure } from '../figure.js';
import type { TarsCalls } from '../load/tars-calls.js';
import type { TarsLoad } from '../load/tars-load.js';
import { alternate, type Comparison, newSide, type Side } from './alternating.js';

/** TARS itself, against @tars/rpc with the code that tars2node made: a server under load, and a client. */
export const tarsRpc: Figure = {
  name: 'tars',
  about:
    'calls of `int getUsrName(string, out string, out string)` over TARS: servers under load, and one client with 256 in flight',
  run: (plan) =>
    withChildren(async (start) => {
      const ours = await start('servers/tars-server.js', Core.SERVER);
      const theirs = await start('servers/tars-rpc-tars-server.js', Core.SERVER, [], ['--no-warnings']);
      const load = await start('load/tars-load.js', Core.LOAD);
      const ourPort = await ours.ask<number>('port');
      const loadOf = (port: number): TarsLoad => ({ port, connections: 8, depth: 64 });
      const servers: Comparison = {
        id: 'tars-server',
        name: 'TARS server, 8 connections with 64 in flight: Tarsier / @tars/rpc',
        goal: atLeast(5),
        unit: 'answers/s',
        sides: [
          newSide({ label: 'Tarsier', measured: ours, counting: load, parameters: loadOf(ourPort) }),
          newSide({
            label: '@tars/rpc',
            measured: theirs,
            counting: load,
            parameters: loadOf(await theirs.ask<number>('port')),
          }),
        ],
      };
      const clientSide = async (label: string, form: string): Promise<Side> => {
        const client = await start('load/tars-calls.js', Core.LOAD, [form], ['--no-warnings']);
        return newSide({
          label,
          measured: client,
          counting: client,
          parameters: { port: ourPort, inFlight: 256 } satisfies TarsCalls,
        });
      };
      const clients: Comparison = {
        id: 'tars-client',
        name: 'TARS client, 256 in flight: Tarsier / @tars/rpc',
        goal: atLeast(4),
        unit: 'calls/s',
        sides: [await clientSide('Tarsier', 'tarsier'), await clientSide('@tars/rpc', 'tars-rpc')],
      };
      return alternate([servers, clients], plan);
    }),
};
