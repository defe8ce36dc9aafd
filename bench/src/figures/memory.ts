import { setTimeout as sleep } from 'node:timers/promises';
import { Core, withChildren } from '../child-process.js';
import { atMost, type Figure, type FigureResult, type Goal } from '../figure.js';
import type { OpenSockets } from '../load/sockets.js';
import type { MemorySample } from '../servers/memory.js';
import { median, ratios } from '../statistics.js';

/** Bytes per connection. */
interface Cost {
  /** Connections that never sent anything. */
  readonly silent: MemorySample;
  /** Connections that sent one request and got its answer. */
  readonly used: MemorySample;
}

/** One server, new for each measurement: what an old one has freed would hide what it takes. */
function measure(file: string, form: string, count: number): Promise<Cost> {
  return withChildren(async (start) => {
    // Small young generation: its unused pages would be larger than what is measured.
    const server = await start(file, Core.SERVER, [form], ['--expose-gc', '--max-semi-space-size=1']);
    const holder = await start('load/sockets.js', Core.LOAD);
    const port = await server.ask<number>('port');
    const accepted = async (expected: number) => {
      for (let i = 0; i < 1000; i++) {
        if ((await server.ask<number>('connections')) === expected) return;
        await sleep(10);
      }
      throw new Error(`the server has not come to ${expected} connections within 10 s`);
    };
    // Whatever is made once is made now.
    await holder.ask('open', { port, count: 200 } satisfies OpenSockets);
    await holder.ask('requestOnEach');
    await holder.ask('close');
    await accepted(0);
    const before = await server.ask<MemorySample>('memory');
    await holder.ask('open', { port, count } satisfies OpenSockets);
    await accepted(count);
    const silent = await server.ask<MemorySample>('memory');
    await holder.ask('requestOnEach');
    const used = await server.ask<MemorySample>('memory');
    const each = (sample: MemorySample): MemorySample => ({
      rss: (sample.rss - before.rss) / count,
      live: (sample.live - before.live) / count,
    });
    return { silent: each(silent), used: each(used) };
  });
}

/** What a connection costs that does nothing. */
export const memory: Figure = {
  name: 'memory',
  about: 'memory of the server per idle connection, after a garbage collection',
  async run(plan) {
    const count = plan.isQuick ? 1000 : 5000;
    const bare: Cost[] = [];
    const tarsier: Cost[] = [];
    const rounds = plan.isQuick ? 1 : 3;
    for (let i = 1; i <= rounds; i++) {
      plan.say(`round ${i} of ${rounds}, ${count} connections`);
      bare.push(await measure('servers/bare-server.js', 'chunk', count));
      tarsier.push(await measure('servers/tarsier-server.js', 'document', count));
    }
    const result = (id: string, name: string, pick: (cost: Cost) => number, goal?: Goal): FigureResult => {
      const [above, below] = [tarsier.map(pick), bare.map(pick)];
      return {
        id,
        name,
        ...(goal === undefined ? {} : { goal }),
        ratios: ratios(above, below),
        values: [
          { label: 'Tarsier', unit: 'bytes', median: median(above) },
          { label: 'bare server', unit: 'bytes', median: median(below) },
        ],
      };
    };
    const goal = atMost(1.4);
    return [
      result('memory-silent', 'memory per idle connection that never sent anything: Tarsier / bare', (cost) => cost.silent.rss, goal),
      result('memory-used', 'memory per idle connection after one request: Tarsier / bare', (cost) => cost.used.rss, goal),
      result('memory-silent-js', 'of it JavaScript objects and buffers, never sent anything', (cost) => cost.silent.live),
      result('memory-used-js', 'of it JavaScript objects and buffers, after one request', (cost) => cost.used.live),
    ];
  },
};
