/** The server: `npm run push-server -- --config=FILE`. */
import { fileURLToPath } from 'node:url';
import { onParentGone } from '@tarsier/example-show';
import { Command } from 'commander';
import { TestPushServer } from './server/test-push-server.js';
import { wholeNumber } from './whole-number.js';

interface Options {
  readonly config: string;
  readonly endpoint?: string;
  readonly push?: number;
}

const options = new Command('push-server')
  .description('Echoes what clients send, and pushes "hello world" to all of them.')
  .option('--config <file>', 'configuration', fileURLToPath(new URL('../server.conf', import.meta.url)))
  .option('--endpoint <endpoint>', 'listen here instead, as "tcp -h 127.0.0.1 -p 10099 -t 60000"')
  .option('--push <ms>', 'time between two pushes (10000)', wholeNumber)
  .parse()
  .opts<Options>();

const app = new TestPushServer({ endpoint: options.endpoint, pushMs: options.push });
onParentGone(() => void app.terminate());
try {
  await app.main([`--config=${options.config}`]);
  await app.waitForShutdown();
} catch (error) {
  console.error('the push server cannot start:', error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
