/** A client: `npm run push-client -- --connect "tcp -h 127.0.0.1 -p 10099 -t 60000" --seconds 30`. */

import { onParentGone } from '@tarsier/example-show';
import { Command } from 'commander';
import { RecvThread } from './client/recv-thread.js';
import { wholeNumber } from './whole-number.js';

interface Options {
  readonly connect: string;
  readonly object: string;
  readonly heartbeat: number;
  readonly seconds?: number;
}

const options = new Command('push-client')
  .description('Sends heartbeats, and prints their answers and what the server pushes.')
  .option('--connect <endpoint>', 'where the server is', 'tcp -h 127.0.0.1 -p 10099 -t 60000')
  .option('--object <name>', 'name of the object', 'Test.TestPushServer.TestPushServantObj')
  .option('--heartbeat <ms>', 'time between two heartbeats', wholeNumber, 5000)
  .option('--seconds <n>', 'end after so many seconds (with Ctrl-C)', wholeNumber)
  .parse()
  .opts<Options>();

try {
  const { object, connect, heartbeat, seconds } = options;
  const thread = new RecvThread({ object, endpoint: connect, heartbeatMs: heartbeat });
  const stop = () => thread.terminate();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  onParentGone(stop);
  let isOver = false;
  const timer =
    seconds === undefined
      ? undefined
      : setTimeout(() => {
          isOver = true;
          stop();
        }, seconds * 1000);
  thread.start();
  await thread.join();
  clearTimeout(timer);
  const { answers, pushes, failures } = thread.statistics();
  console.log(`heartbeats answered: ${answers}, failed: ${failures}, pushes received: ${pushes}`);
  // Who asked for a time gets to know whether a server was there.
  if (isOver && answers === 0) process.exitCode = 1;
} catch (error) {
  console.error('the push client failed:', error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
