#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { startRegistry } from './start-registry.js';

const usage = `tarsier-registry [--port N] [--host H] [--file FILE]

A TARS registry for development: servers register themselves, clients find them by name.

  --port N     where it listens; 17890 unless told, 0 for a port that is free
  --host H     127.0.0.1 unless told; 0.0.0.0 for every address
  --file FILE  nodes that do not register themselves, in the format of TARS configurations
  --help       this text
`;
const DEFAULT_PORT = '17890';
const MAX_PORT = 65_535;

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= MAX_PORT) return port;
  throw new Error(`--port: expected a number from 0 to ${MAX_PORT}, found "${text}"`);
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: DEFAULT_PORT },
      host: { type: 'string' },
      file: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return;
  }
  const { host, file } = values;
  const { locator, ended } = await startRegistry({
    port: portOf(values.port),
    ...(host !== undefined && { host }),
    ...(file !== undefined && { file }),
  });
  const where = locator.slice(locator.indexOf('@') + 1);
  process.stdout.write(
    `tarsier-registry listens on ${where}\n` +
      `For the <client> section of a configuration (servers that register also need register = y):\n` +
      `  locator = ${locator}\n`,
  );
  await ended;
}

run().catch((error: unknown) => {
  process.stderr.write(`tarsier-registry: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
