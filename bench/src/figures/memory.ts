import { Core, withChildren } from '../child-process.js';
import { atMost, type Figure, type FigureResult, type Goal } from '../figure.js';
import type { OpenSockets } from '../load/sockets.js';
import type { MemorySample } from '../servers/memory.js';
import { median, ratios } from '../statistics.js';
import { accepted } from './accepted.js';

/** What each server took, of each round. */
interface Costs {
  readonly bare: MemorySample[];
  readonly tarsier: MemorySample[];
}

/** Whether the connections have never sent anything, or have sent one request and got its answer. */
type Kind = 'silent' | 'used';

/**
 * Bytes per connection, of one server: new for each measurement, because an old one has freed memory to use first.
 *
 * A new one has some too, so what counts is what further connections take when many are open.
 */
function measure(file: string, form: string, kind: Kind, count: number): Promise<MemorySample> {
  return withChildren(async (start) => {
    // Small young generation: its unused pages would be larger than what is measured.
    const server = await start(file, Core.SERVER, [form], ['--expose-gc', '--max-semi-space-size=1']);
    const holder = await start('load/sockets.js', Core.LOAD);
    const port = await server.ask<number>('port');
    let opened = 0;
    const openMore = async (more: number): Promise<MemorySample> => {
      await holder.ask('open', { port, count: more } satisfies OpenSockets);
      opened += more;
      await accepted(server, opened);
      if (kind === 'used') await holder.ask('requestOnEach');
      return server.ask<MemorySample>('memory');
    };
    const before = await openMore(count / 2);
    const after = await openMore(count);
    return { rss: (after.rss - before.rss) / count, live: (after.live - before.live) / count };
  });
}

/** What a connection costs that does nothing. */
export const memory: Figure = {
  name: 'memory',
  about: 'memory of the server per idle connection, after a garbage collection',
  async run(plan) {
    const count = plan.isQuick ? 1000 : 10_000;
    const rounds = plan.isQuick ? 1 : 3;
    const costs = { silent: { bare: [], tarsier: [] }, used: { bare: [], tarsier: [] } } as Record<Kind, Costs>;
    for (let i = 1; i <= rounds; i++) {
      plan.say(`round ${i} of ${rounds}, ${count} connections`);
      for (const kind of ['silent', 'used'] as const) {
        costs[kind].bare.push(await measure('servers/bare-server.js', 'chunk', kind, count));
        costs[kind].tarsier.push(await measure('servers/tarsier-server.js', 'document', kind, count));
      }
    }
    const result = (kind: Kind, field: keyof MemorySample, name: string, goal?: Goal): FigureResult => {
      const [above, below] = [costs[kind].tarsier, costs[kind].bare].map((all) => all.map((one) => one[field]));
      return {
        id: `memory-${kind}-${field}`,
        name,
        ...(goal === undefined ? {} : { goal }),
        ratios: ratios(above ?? [], below ?? []),
        values: [
          { label: 'Tarsier', unit: 'bytes', median: median(above ?? []) },
          { label: 'bare server', unit: 'bytes', median: median(below ?? []) },
        ],
      };
    };
    return [
      result('silent', 'rss', 'memory per idle connection that never sent anything: Tarsier / bare', atMost(1.4)),
      result('used', 'rss', 'memory per idle connection after one request: Tarsier / bare', atMost(1.4)),
      result('silent', 'live', 'of it JavaScript objects and buffers, never sent anything'),
      result('used', 'live', 'of it JavaScript objects and buffers, after one request'),
    ];
  },
};
