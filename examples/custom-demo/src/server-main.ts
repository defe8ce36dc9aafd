/** The server: `npm run custom-server -- --config=FILE`. */
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { CustomServer } from './custom-server.js';

const { config } = new Command('custom-server')
  .description('Echoes packets of a custom protocol.')
  .option('--config <file>', 'configuration', fileURLToPath(new URL('../server.conf', import.meta.url)))
  .parse()
  .opts<{ readonly config: string }>();

const app = new CustomServer();
try {
  await app.main([`--config=${config}`]);
  await app.waitForShutdown();
} catch (error) {
  console.error('the custom server cannot start:', error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
