import { type Bytes, encodeUtf8, TarsException } from '@tarsier/protocol';
import { Bench, type Sample, Tally } from './bench.js';
import { isSame } from './bytes.js';
import { bodyOf, checkCost, type PacketOf } from './check-cost.js';
import { checkCuts, checkGlued, checkOverRead, checkTruncated } from './check-cuts.js';
import { checkGarbage } from './check-garbage.js';
import { checkIsolation } from './check-isolation.js';
import { checkLengths, checkUnended } from './check-lengths.js';
import { type Bodies, checkRoundTrip, type Encoders, toArray } from './check-round-trip.js';
import { checkRuns } from './check-runs.js';
import { checkEmpty, checkRejects, checkWhole } from './check-samples.js';
import { clientHalf, serverHalf } from './half.js';
import type {
  CheckedProtocol,
  CheckProtocolOptions,
  ProtocolParts,
  ProtocolReport,
  ProtocolSample,
} from './protocol-options.js';

type Step = readonly [name: string, run: (bench: Bench) => void];

/**
 * Checks a protocol with all that a network and a hostile peer may do to it: cuts, packets that stick together, parts, lengths
 * that lie, noise, bytes one by one.
 *
 * It needs no test runner: it rejects, and prints nothing. Each call has a limit of time for one packet, but a parser that never
 * returns cannot be stopped.
 *
 * @param protocol a ready framing, a parser, or the parts of a protocol; only what is there is checked.
 * @returns what was checked, and what could not be.
 * @throws ProtocolFault the first rule that is broken, with the smallest bytes that were found to show it; a TarsException
 * (`TARSIER_INVALID_ARGUMENT`) for options that leave nothing to check.
 */
export async function checkProtocol(protocol: CheckedProtocol, options: CheckProtocolOptions): Promise<ProtocolReport> {
  const parts = partsOf(protocol);
  const samples = options.samples.map(sampleOf);
  const answers = options.answers?.map(sampleOf) ?? samples;
  if (parts.parser === undefined && parts.proxyProtocol === undefined) {
    throw badArgument('checkProtocol: the protocol has neither parser nor proxyProtocol: give one of them', 'protocol');
  }
  if (samples.length === 0 && answers.length === 0) {
    throw badArgument('checkProtocol: there are no samples: give whole packets of the protocol', 'samples');
  }
  const tally = new Tally();
  const server = parts.parser === undefined ? undefined : new Bench(serverHalf(parts.parser), options, tally);
  const client =
    parts.proxyProtocol === undefined ? undefined : new Bench(clientHalf(parts.proxyProtocol), options, tally);
  if (server !== undefined) run(server, samples, options, packetMaker(parts, options, false));
  if (client !== undefined) run(client, answers, options, packetMaker(parts, options, true));
  checkRoundTrip(encodersOf(parts, options, samples, server, client));
  for (const line of tally.skipped) options.log?.(`skipped: ${line}`);
  return { seed: options.seed ?? 1, checks: tally.checks, skipped: tally.skipped };
}

function badArgument(message: string, key: string): TarsException {
  return new TarsException(message, { code: 'TARSIER_INVALID_ARGUMENT', where: { key } });
}

function run(bench: Bench, samples: readonly Sample[], options: CheckProtocolOptions, packetOf: PacketOf): void {
  // The order makes the first fault that is found the one that explains the others.
  const steps: readonly Step[] = [
    ['empty buffer', checkEmpty],
    [
      'whole packets',
      (bench) => {
        bench.samples = checkWhole(bench, samples);
      },
    ],
    ['connections apart', checkIsolation],
    ['truncated packets', checkTruncated],
    ['bytes behind a packet', checkOverRead],
    ['glued packets', checkGlued],
    ['cuts', checkCuts],
    ['damaged lengths', checkLengths],
    ['packets without end', checkUnended],
    ['damaged packets and noise', checkGarbage],
    ['refused bytes', (bench) => checkRejects(bench, options.rejects ?? [])],
    ['cost', (bench) => checkCost(bench, packetOf)],
    ['cost of repeated bytes', checkRuns],
  ];
  for (const [name, step] of steps) {
    step(bench);
    options.log?.(`${bench.half.name}: ${name}: ok`);
  }
}

function partsOf(protocol: CheckedProtocol): ProtocolParts & { readonly isSymmetric: boolean } {
  if (typeof protocol !== 'function') return { ...protocol, isSymmetric: protocol.proxyProtocol === undefined };
  if (!('proxyProtocol' in protocol)) return { parser: protocol, isSymmetric: false };
  const { proxyProtocol } = protocol;
  return { parser: protocol, proxyProtocol, encode: (body, id) => protocol.encode(body, id), isSymmetric: true };
}

function sampleOf(sample: Uint8Array | ProtocolSample): Sample {
  if (sample instanceof Uint8Array) return { bytes: sample, body: undefined, requestId: undefined, output: undefined };
  const { bytes, body, requestId, output } = sample;
  return { bytes, body: bytesOf(body), requestId, output: bytesOf(output) };
}

function bytesOf(value: Bytes | string | undefined): Uint8Array | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? encodeUtf8(value) : toArray(value);
}

/** Makes large packets by whatever can. */
function packetMaker(parts: ProtocolParts, options: CheckProtocolOptions, isClient: boolean): PacketOf {
  return (size) => {
    if (options.packetOf !== undefined) return options.packetOf(size);
    const { encode } = parts;
    if (encode === undefined) return undefined;
    try {
      return toArray(encode(bodyOf(size), isClient ? 0 : 1)).slice();
    } catch {
      // Too large for this protocol: a smaller one is tried.
      return undefined;
    }
  };
}

function encodersOf(
  parts: ProtocolParts & { readonly isSymmetric: boolean },
  options: CheckProtocolOptions,
  samples: readonly Sample[],
  server: Bench | undefined,
  client: Bench | undefined,
): Encoders {
  const given = (options.bodies ?? []).map((body) => bytesOf(body) as Uint8Array);
  const bodiesOf = (samples: readonly Sample[]): Uint8Array[] => {
    return [...given, ...samples.flatMap(({ body }) => (body === undefined ? [] : [body]))];
  };
  const decoded = client?.samples.map(({ packet }) => packet.bytes) ?? [];
  const answerBodies = bodiesOf(client?.samples ?? []);
  const requestBodies = bodiesOf(samples);
  // Where answers look different, what they carry need not be a request.
  const fromAnswers = options.answers === undefined ? decoded : [];
  return {
    proxyProtocol: parts.proxyProtocol,
    encode: parts.encode,
    isSymmetric: parts.isSymmetric,
    serve: options.serve,
    requestBodies: distinct(requestBodies, fromAnswers),
    answerBodies: distinct(answerBodies, decoded),
    server,
    client,
  };
}

/** Those that were given, or, when there are none, what was decoded. Each once, shortest first. */
function distinct(given: readonly Uint8Array[], decoded: readonly Uint8Array[]): Bodies {
  const isGiven = given.length > 0;
  const sorted = (isGiven ? given : decoded).toSorted((a, b) => a.length - b.length);
  return { isGiven, all: sorted.filter((body, i) => !sorted.slice(0, i).some((other) => isSame(body, other))) };
}
