import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// The page stands beside its sources: this file runs from `dist`.
const folder = fileURLToPath(new URL('../src/page/', import.meta.url));

/** The page's program in one file, as a browser loads it. */
async function bundle(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [`${folder}main.ts`],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/** Serves the page: three files from memory, and nothing else. */
export class PageServer {
  readonly #server: Server;
  readonly #files = new Map<string, { type: string; bytes: Uint8Array }>();
  /** Where the page finds the servant: filled into it when it is sent. */
  #endpoint = '';

  constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request.method, request.url, response);
    });
  }

  /** Bundles and listens; resolves with the port. */
  async start(host: string, port: number): Promise<number> {
    const [html, css, script] = await Promise.all([
      readFile(`${folder}index.html`),
      readFile(`${folder}style.css`),
      bundle(),
    ]);
    this.#files.set('/', { type: 'text/html; charset=utf-8', bytes: html });
    this.#files.set('/style.css', { type: 'text/css; charset=utf-8', bytes: css });
    this.#files.set('/main.js', { type: 'text/javascript; charset=utf-8', bytes: script });
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Tells the page where the servant is, as `ws -h 127.0.0.1 -p 9320 -u /push`. */
  setEndpoint(endpoint: string): void {
    this.#endpoint = endpoint;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #serve(method: string | undefined, url: string | undefined, response: ServerResponse): void {
    const file = this.#files.get(url ?? '');
    if (method !== 'GET' || file === undefined) {
      response.writeHead(file === undefined ? 404 : 405).end();
      return;
    }
    const bytes =
      url === '/' ? Buffer.from(file.bytes).toString('utf8').replace('{{endpoint}}', this.#endpoint) : file.bytes;
    response
      .writeHead(200, {
        'content-type': file.type,
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'self'; connect-src ws: wss:; img-src data:",
        'x-content-type-options': 'nosniff',
      })
      .end(bytes);
  }
}
