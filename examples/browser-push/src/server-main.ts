/** `npm run browser-push`: a page, and the server that pushes to it. */
import { Command, InvalidArgumentError } from 'commander';
import { BrowserPushServer, TCP_OBJECT, WEB_OBJECT } from './browser-push-server.js';
import { PageServer } from './page-server.js';

interface Options {
  readonly host: string;
  readonly port: number;
  readonly wsPort: number;
  readonly tcpPort: number;
  readonly idle: number;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('expected 0 to 65535.');
  return value;
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1000) throw new InvalidArgumentError('expected 1000 or more.');
  return value;
}

const options = new Command('browser-push')
  .description('Serves a page that calls a servant and is pushed to. Port 0 lets the system choose.')
  .option('--host <address>', 'where to listen', '127.0.0.1')
  .option('--port <port>', 'port of the page', port, 8090)
  .option('--ws-port <port>', 'port of the servant for pages', port, 9320)
  .option('--tcp-port <port>', 'port of the same servant for programs', port, 9321)
  .option('--idle <ms>', 'how long a peer may be silent; hidden pages wake up once a minute', milliseconds, 150_000)
  .parse()
  .opts<Options>();

const page = new PageServer();
const app = new BrowserPushServer();
try {
  const pagePort = await page.start(options.host, options.port);
  await app.main({
    app: 'Example',
    server: 'BrowserPush',
    adapters: {
      WebAdapter: {
        servant: WEB_OBJECT,
        endpoint: `ws -h ${options.host} -p ${options.wsPort} -t ${options.idle} -u /push`,
        protocol: 'not_tars',
        // The page comes from another port than the servant: its origin has to be allowed.
        origins: `http://${options.host}:${pagePort};http://localhost:${pagePort}`,
        // A page that does not keep up loses pushes, not its connection.
        sendpolicy: 'drop',
        backpacketlimit: '1M',
      },
      TcpAdapter: {
        servant: TCP_OBJECT,
        endpoint: `tcp -h ${options.host} -p ${options.tcpPort} -t ${options.idle}`,
        protocol: 'not_tars',
      },
    },
  });
  page.setEndpoint(app.getBindAdapter(WEB_OBJECT)?.getEndpoint().toString() ?? '');
  console.log(`open http://${options.host}:${pagePort}/`);
  await app.waitForShutdown();
} catch (error) {
  console.error('cannot start:', error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  page.close();
}
