import { strict as assert } from 'node:assert';
import { decodeStruct, encodeStruct } from '@tarsier/framework';
import protobuf from 'protobufjs/minimal.js';
import { Order as ProtobufOrder } from '../../generated/order.js';
import { serveParent } from '../child.js';
import { Order, sample } from '../codec/order.js';
import { TarsStreamOrder } from '../codec/tars-stream-order.js';

/** How long, and how often. */
export interface CodecLoad {
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmMs: number;
}

/** Messages per second of CPU time of one library, one number for each round. */
export interface CodecRates {
  readonly library: 'Tarsier' | 'protobufjs' | '@tars/stream';
  readonly bytes: number;
  readonly encode: number[];
  readonly decode: number[];
}

interface Codec {
  readonly rates: CodecRates;
  readonly encode: () => unknown;
  readonly decode: () => unknown;
}

// 64-bit integers are numbers in all three.
Reflect.set(protobuf.util, 'Long', undefined);
protobuf.configure();

/** Calls between two looks at the clock. */
const CALLS = 500;

function codecOf(
  library: CodecRates['library'],
  encode: () => Uint8Array,
  decodeFrom: (bytes: Buffer) => unknown,
): Codec {
  // As bytes come from the network: a part of a larger block.
  const encoded = encode();
  const block = Buffer.alloc(encoded.length + 64);
  block.set(encoded, 32);
  const bytes = block.subarray(32, 32 + encoded.length);
  return {
    rates: { library, bytes: bytes.length, encode: [], decode: [] },
    encode,
    decode: () => decodeFrom(bytes),
  };
}

function makeCodecs(): Codec[] {
  const message = ProtobufOrder.create({ ...sample, attributes: Object.fromEntries(sample.attributes) });
  const order = TarsStreamOrder.from(sample);
  const codecs = [
    codecOf(
      'Tarsier',
      () => encodeStruct(Order, sample),
      (bytes) => decodeStruct(Order, bytes),
    ),
    codecOf(
      'protobufjs',
      () => ProtobufOrder.encode(message).finish(),
      (bytes) => ProtobufOrder.decode(bytes),
    ),
    codecOf(
      '@tars/stream',
      () => order.encode(),
      (bytes) => TarsStreamOrder.decode(bytes),
    ),
  ];
  const [tarsier, protobuf, tarsStream] = codecs as [Codec, Codec, Codec];
  assert.deepEqual(Buffer.from(tarsier.encode() as Uint8Array), tarsStream.encode(), 'both write the same bytes');
  const decoded = tarsier.decode() as Order;
  assert.deepEqual({ ...decoded, signature: Uint8Array.from(decoded.signature) }, { ...sample });
  const other = protobuf.decode() as typeof message;
  assert.equal(other.customer, sample.customer);
  assert.equal(other.createdMs, sample.createdMs);
  assert.equal(other.items.length, sample.items.length);
  const third = tarsStream.decode() as TarsStreamOrder;
  assert.equal(third.note, sample.note);
  assert.equal(third.createdMs, sample.createdMs);
  assert.equal(third.history.value.length, sample.history.length);
  return codecs;
}

/** CPU time so far in ms: others that run on this core do not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Runs all in turns, each a short while at a time, so that whatever disturbs them disturbs all. */
function ratesOf(runs: readonly (() => unknown)[], forMs: number): number[] {
  const spent = runs.map(() => ({ ms: 0, calls: 0 }));
  do {
    for (const [i, run] of runs.entries()) {
      const startMs = cpuMs();
      for (let call = 0; call < CALLS; call++) run();
      const sum = spent[i] as { ms: number; calls: number };
      sum.ms += cpuMs() - startMs;
      sum.calls += CALLS;
    }
  } while (Math.min(...spent.map(({ ms }) => ms)) < forMs);
  return spent.map(({ ms, calls }) => (1000 * calls) / ms);
}

function measure({ rounds, roundMs, warmMs }: CodecLoad): CodecRates[] {
  const codecs = makeCodecs();
  const encodes = codecs.map(({ encode }) => encode);
  const decodes = codecs.map(({ decode }) => decode);
  for (let round = -1; round < rounds; round++) {
    const encodeRates = ratesOf(encodes, round < 0 ? warmMs : roundMs);
    const decodeRates = ratesOf(decodes, round < 0 ? warmMs : roundMs);
    if (round < 0) continue;
    for (const [i, { rates }] of codecs.entries()) {
      rates.encode.push(encodeRates[i] as number);
      rates.decode.push(decodeRates[i] as number);
    }
  }
  return codecs.map(({ rates }) => rates);
}

serveParent({ measure });
