// Bundles protocol and proxy as a web page would, and prints how large they are. Fails when something of Node is in them,
// or when a client is larger than it may be.
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a page pays for a client with one framing: the next 250 bytes above what it is, so that growth is noticed. */
const LIMIT_BYTES = 31_000;
const resolveDir = fileURLToPath(new URL('..', import.meta.url));

/** Minified and compressed bytes of a module. */
async function sizeOf(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  const [{ contents: bytes }] = outputFiles;
  return {
    bytes: bytes.length,
    gzipped: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  };
}

const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
const all = await sizeOf("export * from '@tarsier/protocol'; export * from '@tarsier/proxy';");
const typical = await sizeOf(
  "export { lengthField } from '@tarsier/protocol'; export { Communicator, ServantProxyCallback } from '@tarsier/proxy';",
);
console.log(
  `browser bundle: ${kb(typical.gzipped)} gzipped (${kb(typical.brotli)} with brotli, ${kb(typical.bytes)} minified) ` +
    `for a client with one framing; ${kb(all.gzipped)} gzipped (${kb(all.brotli)}, ${kb(all.bytes)}) for all of protocol and proxy`,
);
if (typical.gzipped > LIMIT_BYTES) {
  console.error(`the browser bundle has ${typical.gzipped} bytes gzipped, more than ${LIMIT_BYTES}`);
  process.exitCode = 1;
}
