import { Core, withChildren } from '../child-process.js';
import { atLeast, type Figure, type FigureResult, type FigureValue, type Goal, type Plan } from '../figure.js';
import type { CodecLoad, CodecRates } from '../load/codec.js';
import { median, ratios } from '../statistics.js';

const STARTS = 3;

/** What the codec of TARS costs. */
export const codec: Figure = {
  name: 'tars-codec',
  about: 'a message encoded and decoded, against static code of protobufjs and against @tars/stream',
  run: async (plan) => {
    const [tarsier, protobuf, tarsStream] = await measure(plan);
    const compare = (what: 'encode' | 'decode', id: string, other: CodecRates, goal: Goal): FigureResult => ({
      id: `tars-${what}-${id}`,
      name: `${what} a message: Tarsier / ${other.library}`,
      goal,
      ratios: ratios(tarsier[what], other[what]),
      values: [valueOf(tarsier, what), valueOf(other, what)],
    });
    return [
      compare('encode', 'protobuf', protobuf, atLeast(1)),
      compare('decode', 'protobuf', protobuf, atLeast(1)),
      compare('encode', 'stream', tarsStream, atLeast(5)),
      compare('decode', 'stream', tarsStream, atLeast(5)),
    ];
  },
};

type AllRates = [tarsier: CodecRates, protobuf: CodecRates, tarsStream: CodecRates];

/** In several processes, one after the other: what the engine inlines differs from start to start, and stays with it. */
async function measure(plan: Plan): Promise<AllRates> {
  const starts = Math.min(STARTS, plan.rounds);
  const load: CodecLoad = {
    rounds: Math.ceil(plan.rounds / starts),
    roundMs: plan.roundMs / 4,
    warmMs: plan.warmMs,
  };
  const all: AllRates[] = [];
  while (all.length < starts) {
    plan.say(`encoding and decoding, start ${all.length + 1} of ${starts}`);
    all.push(
      await withChildren(async (start) => {
        const child = await start('load/codec.js', Core.SERVER);
        return child.ask<AllRates>('measure', load, 120_000);
      }),
    );
  }
  return [joined(all, 0), joined(all, 1), joined(all, 2)];
}

/** The rounds of one library from all starts. */
function joined(all: readonly AllRates[], library: 0 | 1 | 2): CodecRates {
  const rates = all.map((one) => one[library]);
  return {
    ...(rates[0] as CodecRates),
    encode: rates.flatMap(({ encode }) => encode),
    decode: rates.flatMap(({ decode }) => decode),
  };
}

function valueOf(rates: CodecRates, what: 'encode' | 'decode'): FigureValue {
  return {
    label: `${rates.library}, ${rates.bytes} bytes`,
    unit: 'messages per CPU second',
    median: median(rates[what]),
  };
}
