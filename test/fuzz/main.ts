import { parseArgs } from 'node:util';
import { setLogger } from '@tarsier/framework';
import { runCase, runFuzz } from './run-fuzz.js';
import { targets } from './targets.js';

/** `npm run fuzz`: hostile bytes for everything that reads what others wrote, for minutes. */

const USAGE = `npm run fuzz -- [--minutes N] [--seed S] [--target NAME] [--case S]
  --minutes N    so long; 1 unless told
  --seed S       the same seed gives the same cases; one of the time unless told
  --target NAME  only those whose name has this in it
  --case S       one case again, as a fault has printed it`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    target: { type: 'string', default: '' },
    case: { type: 'string' },
    help: { type: 'boolean' },
  },
});

function run(): void {
  setLogger({ debug() {}, info() {}, warn() {}, error() {} });
  const minutes = Number(values.minutes);
  const seed = Number(values.seed ?? Date.now() % 2 ** 32);
  const chosen = targets.filter(({ name }) => name.includes(values.target));
  if (values.help || !(minutes > 0) || !Number.isInteger(seed) || chosen.length === 0) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  try {
    if (values.case !== undefined) {
      for (const one of chosen) console.log(one.name, runCase(one, Number(values.case)));
      return;
    }
    console.log(`seed ${seed}, ${chosen.length} targets, ${minutes} minutes`);
    const report = runFuzz(chosen, { seed, ms: minutes * 60_000 });
    const { cases, refused, slowestMs, slowestAt, heapGrowth } = report;
    console.log(`${cases} cases, ${refused} refused with an exception of a type, none with another`);
    console.log(`the slowest took ${slowestMs.toFixed(1)} ms (${slowestAt})`);
    console.log(`the heap has grown by ${(heapGrowth / 1024).toFixed(0)} KiB`);
  } catch (error) {
    console.log(error);
    process.exitCode = 1;
  }
}

run();
