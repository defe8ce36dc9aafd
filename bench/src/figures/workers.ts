import { Core, withChildren } from '../child-process.js';
import { atLeast, type Figure } from '../figure.js';
import type { WorkerCalls } from '../load/worker-calls.js';
import { median, ratios } from '../statistics.js';

/** What a second worker brings when handlers compute. */
export const workers: Figure = {
  name: 'workers',
  about: 'answers per second of a handler that computes about 2 ms: two workers against one',
  run: (plan) =>
    withChildren(async (start) => {
      const load = await start('load/worker-calls.js', Core.ANY);
      const one = await start('servers/workers-server.js', Core.ANY, ['1']);
      const two = await start('servers/workers-server.js', Core.ANY, ['2']);
      const [oneAt, twoAt] = [await one.ask<string>('endpoint'), await two.ask<string>('endpoint')];
      const measure = (endpoint: string) =>
        load.ask<number>('measure', { endpoint, connections: 16, durationMs: plan.roundMs } satisfies WorkerCalls);
      const rates: { one: number[]; two: number[] } = { one: [], two: [] };
      for (let i = 0; i <= plan.rounds; i++) {
        plan.say(i === 0 ? 'warming up' : `round ${i} of ${plan.rounds}`);
        const [single, double] = [await measure(oneAt), await measure(twoAt)];
        if (i === 0) continue;
        rates.one.push(single);
        rates.two.push(double);
      }
      return [
        {
          id: 'workers',
          name: 'two workers / one, handler that computes',
          goal: atLeast(1.8),
          ratios: ratios(rates.two, rates.one),
          values: [
            { label: 'two workers', unit: 'answers/s', median: median(rates.two) },
            { label: 'one worker', unit: 'answers/s', median: median(rates.one) },
          ],
        },
      ];
    }),
};
