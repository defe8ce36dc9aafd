import type { Bench } from './bench.js';
import { failSmallest, someStream } from './check-cuts.js';
import { checkRules } from './check-lengths.js';
import { randomCuts } from './random.js';
import { isSameOutcome } from './stream.js';

const EXTREMES = [0, 1, 0x0a, 0x0d, 0x20, 0x7f, 0x80, 0xff];

/** Noise and damaged packets: refused or waited for, the same however they are cut. */
export function checkGarbage(bench: Bench): void {
  for (let run = 0; run < bench.runs; run++) {
    bench.count('damaged packets and noise');
    const stream = bench.streamOf(damaged(bench));
    const whole = bench.feed(stream);
    checkRules(bench, whole, stream, false);
    const cuts = randomCuts(bench.random, stream.length, 8);
    if (!isSameOutcome(whole, bench.feed(stream, cuts))) failSmallest(bench, { bytes: stream, cuts });
  }
}

function damaged(bench: Bench): Uint8Array {
  const { random } = bench;
  if (bench.samples.length === 0 || random(6) === 0) {
    return Uint8Array.from({ length: 1 + random(48) }, () => random(256));
  }
  const stream = someStream(bench);
  for (let i = stream.length === 0 ? -1 : random(4); i >= 0; i--) {
    const at = random(stream.length);
    const kind = random(3);
    if (kind === 0) stream[at] = (stream[at] as number) ^ (1 << random(8));
    else if (kind === 1) stream[at] = EXTREMES[random(EXTREMES.length)] as number;
    else stream.copyWithin(at, random(stream.length), random(stream.length));
  }
  return random(4) === 0 ? stream.subarray(0, random(stream.length + 1)) : stream;
}
