import { type Bytes, ByteVector, type ProxyProtocol, RequestPacket, type Transceiver } from '@tarsier/protocol';
import type { Bench } from './bench.js';
import { isSame, shortHex } from './bytes.js';
import type { ProtocolFaultCode, ProtocolHalf } from './protocol-fault.js';
import { describe, describePacket, type Outcome, type Packet, thrown } from './stream.js';

/** Where an id of fewer bytes, or one with a sign, shows. */
const IDS = [1, 2, 0xff, 0x100, 0xffff, 0x1_0000, 0x1_0001, 0x7fff_ffff];
const MAX_BODIES = 16;

/** What the encoders are given. */
export interface Bodies {
  /** The author gave them, so none may be refused. What was decoded need not be a body that can be sent. */
  readonly isGiven: boolean;
  readonly all: readonly Uint8Array[];
}

/** What the encoders are checked with. */
export interface Encoders {
  readonly proxyProtocol: ProxyProtocol | undefined;
  readonly encode: ((body: Bytes, requestId?: number) => Bytes) | undefined;
  /** `encode` makes requests too. */
  readonly isSymmetric: boolean;
  readonly serve: ((request: Uint8Array) => Bytes) | undefined;
  readonly requestBodies: Bodies;
  readonly answerBodies: Bodies;
  /** The decoders; undefined where there is none. */
  readonly server: Bench | undefined;
  readonly client: Bench | undefined;
}

/** What encoders made must stay as it was: it is sent without a copy. */
class Kept {
  readonly #all: { readonly given: Uint8Array; readonly copy: Uint8Array; readonly half: ProtocolHalf }[] = [];

  keep(bytes: Bytes, half: ProtocolHalf): Uint8Array {
    const given = toArray(bytes);
    const copy = given.slice();
    this.#all.push({ given, copy, half });
    return copy;
  }

  check(bench: Bench): void {
    for (const { given, copy, half } of this.#all) {
      if (isSame(given, copy)) continue;
      const at = copy.findIndex((byte, i) => byte !== given[i]);
      const expected = 'bytes that stay as they are, for they are sent later and without a copy';
      bench.fail('OUTPUT_CHANGES', { bytes: copy, at, expected, actual: `later they are [${shortHex(given)}]` }, half);
    }
  }
}

/** What one side encodes the other decodes to the same. */
export function checkRoundTrip(encoders: Encoders): void {
  const { client, server, proxyProtocol } = encoders;
  const kept = new Kept();
  if (client !== undefined && encoders.encode !== undefined) checkAnswers(encoders, client, encoders.encode, kept);
  if (server !== undefined && proxyProtocol !== undefined) checkRequests(encoders, server, proxyProtocol, kept);
  if (server !== undefined && encoders.encode !== undefined && encoders.isSymmetric) {
    checkSent(encoders, server, encoders.encode, kept);
  }
  const bench = server ?? client;
  if (bench !== undefined) kept.check(bench);
}

function hasIds(proxyProtocol: ProxyProtocol | undefined): boolean {
  return (proxyProtocol?.connectionSerial ?? 0) === 0;
}

/** encode → responseFunc: the same id and the same body. */
function checkAnswers(encoders: Encoders, client: Bench, encode: NonNullable<Encoders['encode']>, kept: Kept): void {
  const { answerBodies } = encoders;
  const ids = hasIds(encoders.proxyProtocol) ? [...IDS, 0] : [0];
  for (const body of answerBodies.all.slice(0, MAX_BODIES)) {
    for (const id of ids) {
      const bytes = encoded(use(client, 'encode', id, body, answerBodies), kept, () => encode(body, id));
      if (bytes === undefined) continue;
      client.count('round trip of answers');
      const packet = decoded(client, bytes, 'encode', body, id);
      checkId(client, bytes, packet, id, 'encode');
      if (isSame(packet.bytes, body)) continue;
      const expected = `sBuffer [${shortHex(body)}]`;
      client.fail('ROUND_TRIP', { bytes, expected, actual: describePacket(packet) }, 'encode');
    }
  }
}

/** requestFunc → parser: one packet, another one for each id; and what the server answers brings the id. */
function checkRequests(encoders: Encoders, server: Bench, protocol: ProxyProtocol, kept: Kept): void {
  const { serve, client, requestBodies } = encoders;
  const isSerial = !hasIds(protocol);
  for (const body of requestBodies.all.slice(0, MAX_BODIES)) {
    const seen = new Map<string, number>();
    for (const id of isSerial ? [1] : IDS) {
      const bytes = encoded(use(server, 'requestFunc', id, body, requestBodies), kept, () =>
        protocol.requestFunc(requestOf(id, body), transceiver),
      );
      if (bytes === undefined) continue;
      server.count('round trip of requests');
      const packet = decoded(server, bytes, 'requestFunc', body, id);
      const same = seen.get(bytes.join());
      if (same !== undefined) {
        const expected = `other bytes for the id ${id} than for ${same}`;
        server.fail(
          'REQUEST_ID',
          { bytes, expected, actual: 'the same: the id was cut short or left out' },
          'requestFunc',
        );
      }
      seen.set(bytes.join(), id);
      if (serve === undefined || client === undefined) continue;
      const answer = toArray(serve(packet.bytes)).slice();
      client.count('answers to requests');
      const response = decoded(client, answer, 'responseFunc', body, id);
      if (!isSerial) checkId(client, answer, response, id, 'responseFunc');
    }
  }
  if (requestBodies.all.length === 0) server.skip('round trip of requests', 'give bodies, or samples with a body');
  checkHeartbeat(server, protocol, kept);
}

/** encode → parser, where both directions have the same packets. */
function checkSent(encoders: Encoders, server: Bench, encode: NonNullable<Encoders['encode']>, kept: Kept): void {
  const { requestBodies } = encoders;
  for (const body of requestBodies.all.slice(0, MAX_BODIES)) {
    const bytes = encoded(use(server, 'encode', 1, body, requestBodies), kept, () => encode(body, 1));
    if (bytes === undefined) continue;
    server.count('round trip of requests');
    decoded(server, bytes, 'encode', body, 1);
  }
}

function checkHeartbeat(server: Bench, protocol: ProxyProtocol, kept: Kept): void {
  const { heartbeat } = protocol;
  if (heartbeat === undefined) return;
  server.count('heartbeat');
  const bytes = encoded({ bench: server, half: 'heartbeat', id: 1, body: new Uint8Array(0), isDue: true }, kept, () =>
    heartbeat.request(transceiver),
  );
  if (bytes !== undefined) decoded(server, bytes, 'heartbeat', new Uint8Array(0), 1);
}

function use(bench: Bench, half: ProtocolHalf, id: number, body: Uint8Array, bodies: Bodies): Use {
  return { bench, half, id, body, isDue: bodies.isGiven };
}

/** One use of an encoder. */
interface Use {
  readonly bench: Bench;
  readonly half: ProtocolHalf;
  readonly id: number;
  readonly body: Uint8Array;
  /** It must not be refused. */
  readonly isDue: boolean;
}

/** Encodes; undefined when it is refused, and may be. */
function encoded({ bench, half, id, body, isDue }: Use, kept: Kept, run: () => Bytes): Uint8Array | undefined {
  try {
    return kept.keep(run(), half);
  } catch (cause) {
    // An id may be too large for its field.
    if ((id > 1 || !isDue) && bench.judge.isRefusal(cause)) return undefined;
    const expected = `the packet of this body with id ${id}`;
    return bench.fail('ROUND_TRIP', { bytes: body, how: 'as body', expected, actual: thrown(cause), cause }, half);
  }
}

/** The one packet that a decoder makes of what was encoded. */
function decoded(bench: Bench, bytes: Uint8Array, half: ProtocolHalf, body: Uint8Array, id: number): Packet {
  const outcome: Outcome = bench.feed(bench.streamOf(bytes));
  const [packet] = outcome.packets;
  const isOne =
    outcome.packets.length === 1 && outcome.end !== 'refuses' && (outcome.end === 'closes' || outcome.held === 0);
  if (packet !== undefined && isOne && outcome.violation === undefined) return packet;
  const expected = `${bench.half.name} takes what ${half} made of id ${id} and the body [${shortHex(body)}] as one packet`;
  const code: ProtocolFaultCode = 'ROUND_TRIP';
  return bench.fail(code, { bytes, expected, actual: describe(outcome), cause: outcome.error }, half);
}

function checkId(bench: Bench, bytes: Uint8Array, packet: Packet, id: number, half: ProtocolHalf): void {
  if (packet.requestId === id) return;
  bench.fail('REQUEST_ID', { bytes, expected: `iRequestId ${id}`, actual: `iRequestId ${packet.requestId}` }, half);
}

const transceiver: Transceiver = { endpoint: 'tcp -h 127.0.0.1 -p 10099 -t 60000', isConnected: true };

function requestOf(id: number, body: Uint8Array): RequestPacket {
  const request = new RequestPacket();
  request.iRequestId = id;
  request.sBuffer = body;
  request.sServantName = 'Test.CheckServer.CheckObj';
  request.iTimeout = 3000;
  return request;
}

export function toArray(bytes: Bytes): Uint8Array {
  return bytes instanceof ByteVector ? bytes.data() : bytes;
}
