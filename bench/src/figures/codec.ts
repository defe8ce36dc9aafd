import { Core, withChildren } from '../child-process.js';
import { atLeast, type Figure, type FigureResult, type FigureValue, type Goal } from '../figure.js';
import type { CodecLoad, CodecRates } from '../load/codec.js';
import { median, ratios } from '../statistics.js';

/** What the codec of TARS costs. */
export const codec: Figure = {
  name: 'tars-codec',
  about: 'a message encoded and decoded, against static code of protobufjs and against @tars/stream',
  run: (plan) =>
    withChildren(async (start) => {
      const child = await start('load/codec.js', Core.SERVER);
      plan.say('encoding and decoding');
      const load: CodecLoad = { rounds: plan.rounds, roundMs: plan.roundMs / 4, warmMs: plan.warmMs };
      const [tarsier, protobuf, tarsStream] = (await child.ask<CodecRates[]>('measure', load, 120_000)) as [
        CodecRates,
        CodecRates,
        CodecRates,
      ];
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
    }),
};

function valueOf(rates: CodecRates, what: 'encode' | 'decode'): FigureValue {
  return {
    label: `${rates.library}, ${rates.bytes} bytes`,
    unit: 'messages per CPU second',
    median: median(rates[what]),
  };
}
