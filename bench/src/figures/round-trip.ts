import { Core, withChildren } from '../child-process.js';
import { atMost, type Figure } from '../figure.js';
import type { RoundTrips } from '../load/round-trips.js';
import { median, ratios } from '../statistics.js';

/** One call at a time. */
export const roundTrip: Figure = {
  name: 'round-trip',
  about: 'time of one call when it is the only one in flight; 32-byte bodies',
  run: (plan) =>
    withChildren(async (start) => {
      const load = await start('load/round-trips.js', Core.LOAD);
      const bare = await start('servers/bare-server.js', Core.SERVER, ['chunk']);
      const tarsier = await start('servers/tarsier-server.js', Core.SERVER, ['document']);
      const [barePort, tarsierPort] = [await bare.ask<number>('port'), await tarsier.ask<number>('port')];
      const count = plan.isQuick ? 2000 : 10_000;
      const trips = (port: number) => load.ask<number>('measure', { port, bodyBytes: 32, count } satisfies RoundTrips);
      const times: { bare: number[]; tarsier: number[] } = { bare: [], tarsier: [] };
      for (let i = 0; i <= plan.rounds; i++) {
        plan.say(i === 0 ? 'warming up' : `round ${i} of ${plan.rounds}`);
        const [bareUs, tarsierUs] = [await trips(barePort), await trips(tarsierPort)];
        if (i === 0) continue;
        times.bare.push(bareUs);
        times.tarsier.push(tarsierUs);
      }
      return [
        {
          id: 'round-trip',
          name: 'one call in flight, round trip: Tarsier / bare',
          goal: atMost(1.1),
          ratios: ratios(times.tarsier, times.bare),
          values: [
            { label: 'Tarsier server', unit: 'µs', median: median(times.tarsier) },
            { label: 'bare server', unit: 'µs', median: median(times.bare) },
          ],
        },
      ];
    }),
};
