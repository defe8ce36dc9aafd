/** One client: says a line now and then, and shows what it hears. */
import { onParentGone } from '@tarsier/example-show';
import { Communicator } from '@tarsier/framework';
import { PushSession, pushFrames } from '@tarsier/servant-push/client';
import { Command } from 'commander';

interface Options {
  readonly name: string;
  readonly connect: string;
  readonly every: string;
}

const { name, connect, every } = new Command('push-cluster client')
  .requiredOption('--name <name>', 'who speaks')
  .requiredOption('--connect <endpoints>', 'servers, the first one first')
  .option('--every <ms>', 'time between two lines', '700')
  .parse()
  .opts<Options>();

const communicator = new Communicator({ 'reconnect-min-interval': 100 });
const prx = communicator.stringToProxy(`Example.PushCluster.ChatObj@${connect}`);
const session = new PushSession(prx, { protocol: pushFrames().session, groups: ['room'] });
session.on('push', ({ sequence, payload }) => console.log(`heard ${payload.toString()}  #${sequence}`));
session.on('open', ({ isResumed }) => console.log(isResumed ? 'goes on where it was' : 'is there'));
session.on('lost', () => console.log('lost its server'));
session.on('gap', ({ from, to }) => console.log(`MISSED ${from} to ${to}`));
session.on('sessionExpired', () => console.log('MISSED something: the session has expired'));
await session.open();

let count = 0;
const timer = setInterval(() => {
  const line = `${name}: ${++count}`;
  prx
    .rpcCall(prx.genRequestId(), 'say', line, { idempotent: false, timeoutMs: 5000 })
    .then(() => console.log(`said ${line}`))
    // What was under way when a server was killed may have been said or not.
    .catch(() => console.log(`may have said ${line}`));
}, Number(every));

onParentGone(() => {
  clearInterval(timer);
  session.close();
  void communicator.terminate();
});
