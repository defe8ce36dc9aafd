import { Core, withChildren } from '../child-process.js';
import { atMost, type Figure, type FigureResult, type Goal } from '../figure.js';
import type { Feed, FeedCost } from '../load/feed.js';
import { median, ratios } from '../statistics.js';

const KIB = 1024;

/** What a byte costs that comes alone. */
export const feeding: Figure = {
  name: 'feeding',
  about: 'a packet fed to NetWorkBuffer and parseBinary4 one byte at a time',
  run: (plan) =>
    withChildren(async (start) => {
      const child = await start('load/feed.js', Core.SERVER);
      plan.say('packets of 64 KiB to 4 MiB');
      const feed: Feed = {
        packetBytes: [64 * KIB, 256 * KIB, 1024 * KIB, 4096 * KIB],
        rounds: plan.isQuick ? 1 : plan.rounds,
      };
      const [small, middle, large, huge] = (await child.ask<FeedCost[]>('measure', feed, 120_000)) as [
        FeedCost,
        FeedCost,
        FeedCost,
        FeedCost,
      ];
      const compare = (id: string, name: string, above: FeedCost, below: FeedCost, goal?: Goal): FigureResult => ({
        id,
        name,
        ...(goal === undefined ? {} : { goal }),
        ratios: ratios(above.byteByByte, below.byteByByte),
        values: [valueOf(above), valueOf(below)],
      });
      return [
        // Linear is 1; bytes squared would be the ratio of the sizes.
        compare('feeding', 'one byte at a time, cost per byte: packet of 1 MiB / of 64 KiB', large, small, atMost(1.5)),
        compare('feeding-256k', 'the same, 256 KiB / 64 KiB', middle, small),
        compare('feeding-4m', 'the same, 4 MiB / 64 KiB', huge, small),
        {
          id: 'feeding-chunks',
          name: 'cost of 1 MiB: one byte at a time / in chunks of 64 KiB',
          ratios: ratios(large.byteByByte, large.chunks),
          values: [valueOf(large), { label: 'in chunks of 64 KiB', unit: 'ns/byte', median: median(large.chunks) }],
        },
      ];
    }),
};

function valueOf({ packetBytes, byteByByte }: FeedCost) {
  return { label: `${packetBytes / KIB} KiB, one byte at a time`, unit: 'ns/byte', median: median(byteByByte) };
}
