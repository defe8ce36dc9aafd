import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { PacketType } from '../framing/packet-type.js';
import { ByteVector } from './byte-vector.js';
import { NetWorkBuffer } from './network-buffer.js';

/** The buffer, a plain array that says what it must hold, and what it has handed out. */
interface World {
  readonly buffer: NetWorkBuffer;
  model: number[];
  readonly handedOut: [Uint8Array, number[]][];
}

type Step = (world: World) => void;

// Few values, so that patterns and small lengths occur.
const byte = fc.oneof({ weight: 6, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(255) });
const crumbs = fc.uint8Array({ max: 3, maxLength: 12 });
const chunk = fc.oneof(
  fc.array(byte, { maxLength: 20 }).map((bytes) => Uint8Array.from(bytes)),
  crumbs,
  fc.tuple(fc.integer({ min: 200, max: 1500 }), byte).map(([size, fill]) => new Uint8Array(size).fill(fill)),
);
const share = fc.double({ min: 0, max: 1.05, noNaN: true });
const patterns = [[0], [0, 1], [1, 1, 2], [0, 0, 0, 0, 0, 1]].map((bytes) => Uint8Array.from(bytes));

function handOut(world: World, bytes: Uint8Array, expected: number[]): void {
  expect(Array.from(bytes)).toEqual(expected);
  world.handedOut.push([bytes, expected]);
}

function indexOf(model: readonly number[], pattern: Uint8Array): number {
  for (let at = 0; at + pattern.length <= model.length; at++) {
    if (pattern.every((byte, i) => model[at + i] === byte)) return at;
  }
  return -1;
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: chunk.map(
      (bytes): Step =>
        (world) => {
          world.buffer.addBuffer(bytes.slice());
          world.model = world.model.concat(Array.from(bytes));
        },
    ),
  },
  share.map(
    (share): Step =>
      (world) => {
        const length = Math.round(share * world.model.length);
        const output = new ByteVector('untouched');
        const fits = length <= world.model.length;
        expect(world.buffer.getHeader(length, output)).toBe(fits);
        if (fits) handOut(world, output.data(), world.model.slice(0, length));
        else expect(output.toString()).toBe('untouched');
      },
  ),
  {
    weight: 2,
    arbitrary: share.map(
      (share): Step =>
        (world) => {
          const length = Math.round(share * share * world.model.length);
          const fits = length <= world.model.length;
          expect(world.buffer.moveHeader(length)).toBe(fits);
          if (fits) world.model = world.model.slice(length);
        },
    ),
  },
  fc.tuple(share, fc.boolean()).map(
    ([share, isLittleEndian]): Step =>
      (world) => {
        const { buffer, model } = world;
        const at = Math.floor(share * model.length);
        const view = new DataView(Uint8Array.from(model).buffer);
        const look: [number, () => number, () => number][] = [
          [1, () => buffer.peekUint8(at), () => view.getUint8(at)],
          [2, () => buffer.peekUint16(at, isLittleEndian), () => view.getUint16(at, isLittleEndian)],
          [4, () => buffer.peekUint32(at, isLittleEndian), () => view.getUint32(at, isLittleEndian)],
        ];
        for (const [size, actual, expected] of look) {
          if (at + size <= model.length) expect(actual()).toBe(expected());
          else expect(actual).toThrow(/asked of a buffer/);
        }
      },
  ),
  fc.constantFrom(...patterns).map(
    (pattern): Step =>
      (world) => {
        expect(world.buffer.find(pattern)).toBe(indexOf(world.model, pattern));
      },
  ),
  fc.tuple(fc.constantFrom(1, 2, 4), fc.nat(5), fc.nat(2000)).map(
    ([prefix, min, max]): Step =>
      (world) => {
        const { buffer, model } = world;
        const length = model.slice(0, prefix).reduce((value, byte) => value * 256 + byte, 0);
        const output = new ByteVector('untouched');
        const names = { 1: 'parseBufferOf1', 2: 'parseBufferOf2', 4: 'parseBufferOf4' } as const;
        const type = buffer[names[prefix as 1 | 2 | 4]](output, min, max);
        const isWrong = length < Math.max(min, prefix) || length > max;
        if (model.length < prefix) expect(type).toBe(PacketType.PACKET_LESS);
        else if (isWrong) expect(type).toBe(PacketType.PACKET_ERR);
        else if (model.length < length) expect(type).toBe(PacketType.PACKET_LESS);
        else {
          expect(type).toBe(PacketType.PACKET_FULL);
          handOut(world, output.data(), model.slice(prefix, length));
          world.model = model.slice(length);
        }
        if (type !== PacketType.PACKET_FULL) expect(output.toString()).toBe('untouched');
      },
  ),
  fc.constant<Step>((world) => {
    const output = new ByteVector();
    expect(world.buffer.getBuffers(output)).toBe(true);
    handOut(world, output.data(), world.model.slice());
  }),
);

it('behaves as a plain array of bytes does, and changes nothing that it handed out', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      // Blocks full of other bytes show whatever reads beyond what was received.
      const buffer = new NetWorkBuffer((size) => new Uint8Array(size).fill(1));
      const world: World = { buffer, model: [], handedOut: [] };
      for (const step of steps) {
        step(world);
        expect(world.buffer.getBufferLength()).toBe(world.model.length);
        expect(world.buffer.empty()).toBe(world.model.length === 0);
      }
      expect(Array.from(world.buffer.mergeBuffers())).toEqual(world.model);
      for (const [bytes, expected] of world.handedOut) expect(Array.from(bytes)).toEqual(expected);
    }),
    { numRuns: 400 },
  );
});
