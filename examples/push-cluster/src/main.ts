/** The whole show: `npm run push-cluster`, or `npm run push-cluster -- --backplane nats`. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { ClusterShow, type ClusterShowOptions } from './cluster-show.js';

function number(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('expected a number above 0.');
  return value;
}

const { backplane, seconds, every } = new Command('push-cluster')
  .description('Two servers with one hub, two clients at each; half-way one of the servers is killed.')
  .addOption(new Option('--backplane <kind>', 'what connects the servers').choices(['local', 'nats']).default('local'))
  .option('--seconds <n>', 'how long', number, 8)
  .option('--every <ms>', 'time between two lines of a client', number, 700)
  .parse()
  .opts<{ backplane: ClusterShowOptions['backplane']; seconds: number; every: number }>();

const early = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => early.abort());
process.stdout.once('error', () => process.exit(1));

const hasColour = process.stdout.isTTY && !process.env['NO_COLOR'];
const show = new ClusterShow({ backplane, seconds, everyMs: every, hasColour });
process.exitCode = (await show.run(early.signal)) ? 0 : 1;
