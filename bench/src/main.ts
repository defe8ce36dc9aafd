import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { killChildren } from './child-process.js';
import type { Figure, FigureResult, Plan } from './figure.js';
import { codec } from './figures/codec.js';
import { echo, echoLarge } from './figures/echo.js';
import { feeding } from './figures/feeding.js';
import { hubHeld, hubLag, hubMemory, hubPush } from './figures/hub.js';
import { memory } from './figures/memory.js';
import { push10k } from './figures/push.js';
import { roundTrip } from './figures/round-trip.js';
import { rpcCall } from './figures/rpc-call.js';
import { tarsRpc } from './figures/tars.js';
import { tarsCpp } from './figures/tarscpp.js';
import { workers } from './figures/workers.js';
import { machine, markdownTable, replaceTable, terminalTable } from './report.js';

const FIGURES: readonly Figure[] = [
  echo,
  echoLarge,
  roundTrip,
  rpcCall,
  tarsRpc,
  tarsCpp,
  push10k,
  hubPush,
  hubLag,
  hubMemory,
  hubHeld,
  memory,
  feeding,
  codec,
  workers,
];
const DOCUMENT = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

interface Options {
  readonly only?: readonly string[];
  readonly rounds?: number;
  readonly quick: boolean;
  readonly json?: string;
  readonly docs: boolean;
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100) throw new InvalidArgumentError('expected 1 to 100.');
  return value;
}

const options = new Command('bench')
  .description(
    'What Tarsier costs, in ratios. The status is 0 whether goals are met or not, and not 0 if something broke.',
  )
  .addOption(new Option('--only <names...>', 'figures to measure').choices(FIGURES.map((figure) => figure.name)))
  .option('--rounds <n>', 'rounds of each figure', positiveInteger)
  .option('--quick', 'a short look at everything: says whether it runs, not how fast it is', false)
  .option('--json <file>', 'writes all rounds to a file too')
  .option('--docs', 'writes the table to docs/performance.md too', false)
  .parse()
  .opts<Options>();

/** A line that tells what goes on; on a terminal it is replaced by the next. */
function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

async function main(): Promise<void> {
  const { quick } = options;
  const rounds = options.rounds ?? (quick ? 1 : 5);
  const results: FigureResult[] = [];
  for (const figure of FIGURES) {
    if (options.only?.includes(figure.name) === false) continue;
    const { missing = '' } = figure;
    if (missing !== '') {
      console.error(`${figure.name} is left out: ${missing}`);
      continue;
    }
    say(figure.name);
    const plan: Plan = {
      rounds,
      roundMs: quick ? 250 : 1200,
      warmMs: quick ? 100 : 300,
      isQuick: quick,
      say: (text) => say(`${figure.name}: ${text}`),
    };
    results.push(...(await figure.run(plan)));
  }
  say('');
  const on = machine();
  console.log(terminalTable(results, on));
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify({ machine: on, results }, null, 2)}\n`);
  if (options.docs)
    await writeFile(DOCUMENT, replaceTable(await readFile(DOCUMENT, 'utf8'), markdownTable(results, on)));
}

process.on('exit', killChildren);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

try {
  await main();
} catch (error) {
  say('');
  console.error(error);
  process.exitCode = 1;
} finally {
  killChildren();
}
