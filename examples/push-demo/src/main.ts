/** The whole demo at once: `npm start`, or `npm start -- --seconds 30`. */
import { Command, InvalidArgumentError } from 'commander';
import { PushShow } from './show/push-show.js';
import { wholeNumber } from './whole-number.js';

/** Below this there is not enough time for pushes before and after a client leaves. */
const MIN_SECONDS = 3;

interface Options {
  readonly seconds: number;
  readonly push: number;
  readonly heartbeat: number;
}

function duration(text: string): number {
  const seconds = wholeNumber(text);
  if (seconds < MIN_SECONDS) throw new InvalidArgumentError(`at least ${MIN_SECONDS} are needed.`);
  return seconds;
}

const { seconds, push, heartbeat } = new Command('push-demo')
  .description('A server that pushes and three clients, each in a process of its own.')
  .option('--seconds <n>', 'how long', duration, 15)
  .option('--push <ms>', 'time between two pushes', wholeNumber, 1000)
  .option('--heartbeat <ms>', 'time between two heartbeats of a client', wholeNumber, 1000)
  .parse()
  .opts<Options>();

const early = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => early.abort());
// Nobody watches any more, as after `npm start | head`: everything ends with this process.
process.stdout.once('error', () => process.exit(1));

const hasColour = process.stdout.isTTY && !process.env['NO_COLOR'];
const show = new PushShow({ seconds, pushMs: push, heartbeatMs: heartbeat, hasColour });
process.exitCode = (await show.run(early.signal)) ? 0 : 1;
