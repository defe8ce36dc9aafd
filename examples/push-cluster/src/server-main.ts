/** One server: `node dist/server-main.js --backplane local:/tmp/chat.sock --endpoint "tcp -h 127.0.0.1 -p 10099 -t 60000"`. */
import { onParentGone } from '@tarsier/example-show';
import { Command } from 'commander';
import { ChatServer, OBJECT } from './chat-server.js';

interface Options {
  readonly backplane: string;
  readonly endpoint: string;
}

const { backplane, endpoint } = new Command('push-cluster server')
  .requiredOption('--backplane <what>', 'local:PATH or nats:URL')
  .option('--endpoint <endpoint>', 'where to listen', 'tcp -h 127.0.0.1 -p 0 -t 60000')
  .parse()
  .opts<Options>();

const app = new ChatServer(backplane);
onParentGone(() => void app.terminate());
await app.main({
  app: 'Example',
  server: 'PushCluster',
  loglevel: 'WARN',
  adapters: { ChatAdapter: { servant: OBJECT, endpoint, protocol: 'not_tars', maxconns: 10_000 } },
});
console.log(`listening ${app.getBindAdapter(OBJECT)?.getEndpoint().toString() ?? ''}`);
await app.waitForShutdown();
