import { ByteVector, decodeResult, encodeArgs, TarsException } from '@tarsier/protocol';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { client, destroyClients, RawClient } from '../raw-client.testkit.js';
import type { TestServer } from '../test-server.testkit.js';
import { add, ask, call, greet, hello, request, startTars, stopTars } from './tars-server.testkit.js';

let server: TestServer;
const crashes: unknown[] = [];
const note = (error: unknown): void => {
  crashes.push(error);
};

beforeAll(async () => {
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  server = await startTars({
    hello: (name) => {
      if (name.length % 3 === 1) throw new TarsException(name, { iRet: name.length });
      return name.length % 3 === 2 ? Promise.reject(new Error(name)) : name;
    },
  });
});

afterAll(async () => {
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
  destroyClients();
  await stopTars();
  expect(crashes).toEqual([]);
});

/** Valid requests of every kind, to begin with. */
const valid = fc.oneof(
  fc.string({ maxLength: 40 }).map((name) => greet(name)),
  fc
    .tuple(fc.integer({ min: -9, max: 9 }), fc.integer(), fc.constantFrom(1, 2, 3, 5))
    .map(([a, b, iVersion]) => call(add, [a, b], { iVersion })),
  fc
    .record({
      iVersion: fc.constantFrom(0, 1, 2, 3, 4, 5, 9),
      cPacketType: fc.constantFrom(0, 1, 2),
      iRequestId: fc.integer(),
      sFuncName: fc.constantFrom('hello', 'add', 'nothing', 'missing', 'tars_ping', '__proto__', ''),
      sBuffer: fc.uint8Array({ maxLength: 60 }).map((bytes) => new ByteVector(bytes)),
      context: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }).map((entries) => new Map(entries)),
    })
    .map((fields) => request(fields)),
);

const change = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), byte: fc.nat(8) }),
  fc.record({ kind: fc.constant('add' as const), at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }),
);

/** A packet with other bytes in it; its length is put right, so that what is in it comes to be read. */
function mutated(
  packet: Uint8Array,
  changes: readonly { kind: 'set' | 'cut' | 'add'; at: number; byte: number }[],
): Buffer {
  let bytes = Buffer.from(packet);
  for (const { kind, at, byte } of changes) {
    const place = 4 + (at % (bytes.length - 4 || 1));
    if (kind === 'set') bytes[place] = byte;
    else if (kind === 'add') bytes = Buffer.concat([bytes.subarray(0, place), Buffer.of(byte), bytes.subarray(place)]);
    else bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(Math.min(bytes.length, place + byte))]);
    if (bytes.length < 5) break;
  }
  if (bytes.length >= 5) bytes.writeUInt32BE(bytes.length, 0);
  return bytes;
}

describe('a TARS server', () => {
  it('lives with whatever comes, and serves all other connections', async () => {
    const other = await client(server.port);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(valid, fc.array(change, { maxLength: 4 })), { minLength: 1, maxLength: 5 }),
        async (packets) => {
          const peer = await RawClient.connect(server.port);
          for (const [packet, changes] of packets) peer.send(mutated(packet, changes));
          // Behind it: a ping that is answered unless the connection was closed for it.
          peer.send(request({ sFuncName: 'tars_ping', iRequestId: 0x7654_3210 }));
          const mark = Buffer.of(0x32, 0x76, 0x54, 0x32, 0x10);
          while (!peer.isClosed && !peer.received.includes(mark)) await new Promise((resolve) => setImmediate(resolve));
          peer.destroy();
          expect(decodeResult(hello, (await ask(other, greet('abc'))).sBuffer, 1)).toBe('abc');
        },
      ),
      { numRuns: 300 },
    );
    expect(crashes).toEqual([]);
  }, 60_000);

  it('answers random arguments, each with its id', async () => {
    const peer = await client(server.port);
    let iRequestId = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('hello', 'add'), fc.uint8Array({ maxLength: 40 }), async (sFuncName, body) => {
        const answer = await ask(peer, request({ sFuncName, iRequestId: ++iRequestId, sBuffer: new ByteVector(body) }));
        expect(answer.iRequestId).toBe(iRequestId);
        expect(answer.iRet).toBeTypeOf('number');
      }),
      { numRuns: 500 },
    );
    const answer = await ask(
      peer,
      request({ sFuncName: 'hello', sBuffer: new ByteVector(encodeArgs(hello, ['abc'], 1)) }),
    );
    expect(answer.iRet).toBe(0);
  }, 60_000);
});
