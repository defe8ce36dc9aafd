import { Core, withChildren } from '../child-process.js';
import { atMost, type Figure, type FigureResult } from '../figure.js';
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
      plan.say('packets of 64 KiB, 256 KiB and 1 MiB');
      const feed: Feed = { packetBytes: [64 * KIB, 256 * KIB, 1024 * KIB], rounds: plan.isQuick ? 1 : plan.rounds };
      const [small, middle, large] = (await child.ask<FeedCost[]>('measure', feed, 120_000)) as [FeedCost, FeedCost, FeedCost];
      const compare = (id: string, name: string, above: FeedCost, below: FeedCost): FigureResult => ({
        id,
        name,
        // Linear is 1; bytes squared would be the ratio of the sizes.
        goal: atMost(1.5),
        ratios: ratios(above.byteByByte, below.byteByByte),
        values: [valueOf(above), valueOf(below)],
      });
      return [
        compare('feeding', 'one byte at a time, cost per byte: packet of 1 MiB / of 64 KiB', large, small),
        compare('feeding-256k', 'the same, 256 KiB / 64 KiB', middle, small),
        {
          id: 'feeding-whole',
          name: 'cost of 1 MiB: one byte at a time / whole',
          ratios: ratios(large.byteByByte, large.whole),
          values: [valueOf(large), { label: 'whole', unit: 'ns/byte', median: median(large.whole) }],
        },
      ];
    }),
};

function valueOf({ packetBytes, byteByByte }: FeedCost) {
  return { label: `${packetBytes / KIB} KiB, one byte at a time`, unit: 'ns/byte', median: median(byteByByte) };
}
