/** The server alone, for clients in other languages: `npm run hello-server`, or with `-- --port 9500 --code-first-port 9501`. */
import { parseArgs } from 'node:util';
import { HelloServer, helloConfig } from './hello-server.js';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '9500' }, 'code-first-port': { type: 'string', default: '9501' } },
});
const app = new HelloServer();
await app.main(helloConfig(Number(values.port), Number(values['code-first-port'])));
for (const adapter of app.getBindAdapters())
  console.log(`${adapter.getServantName()}@${adapter.getEndpoint().toString()}`);
await app.waitForShutdown();
