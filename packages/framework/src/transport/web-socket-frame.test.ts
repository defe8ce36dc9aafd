import { Buffer } from 'node:buffer';
import type { Writable } from 'node:stream';
import { assert, asyncProperty, constantFrom, integer, oneof } from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { frameHead, shortFrame } from './web-socket-frame.js';

/** The parser of `ws`, which its typings leave out. */
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable };

/** What the parser of `ws` makes of frames. */
async function parse(frames: readonly Uint8Array[]): Promise<{ data: Buffer; isBinary: boolean }[]> {
  const receiver = new Receiver({ isServer: false });
  const messages: { data: Buffer; isBinary: boolean }[] = [];
  receiver.on('message', (data: Buffer, isBinary: boolean) => messages.push({ data, isBinary }));
  const finished = new Promise((resolve, reject) => {
    receiver.on('finish', resolve);
    receiver.on('error', reject);
  });
  for (const frame of frames) receiver.write(frame);
  receiver.end();
  await finished;
  return messages;
}

function payloadOf(size: number): Buffer {
  const payload = Buffer.alloc(size);
  for (let i = 0; i < size; i++) payload[i] = (i * 31) & 0xff;
  return payload;
}

const anySize = oneof(integer({ min: 0, max: 70_000 }), constantFrom(0, 1, 125, 126, 16_384, 16_385, 65_535, 65_536));

describe('frameHead', () => {
  it('makes messages that ws reads, whatever the size', async () => {
    await assert(
      asyncProperty(anySize, async (size) => {
        const payload = payloadOf(size);
        const [message, ...more] = await parse([frameHead(size), payload]);
        expect(more).toEqual([]);
        expect(message?.isBinary).toBe(true);
        expect(message?.data.equals(payload)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('takes sizes beyond 4 GiB', () => {
    expect(frameHead(2 ** 33 + 5).toString('hex')).toBe('827f0000000200000005');
  });
});

describe('shortFrame', () => {
  it('is the head with the payload behind it, or nothing for a long payload', async () => {
    await assert(
      asyncProperty(anySize, async (size) => {
        const payload = payloadOf(size);
        const frame = shortFrame(payload);
        if (size > 16_384) expect(frame).toBeUndefined();
        else expect(frame).toEqual(Buffer.concat([frameHead(size), payload]));
      }),
      { numRuns: 60 },
    );
  });

  it('frames what is sent to many once', () => {
    const payload = payloadOf(100);
    const frame = shortFrame(payload);
    expect(shortFrame(payload)).toBe(frame);
    // Equal bytes are not the same bytes: the caller may have changed one of them.
    expect(shortFrame(payloadOf(100))).not.toBe(frame);
    expect(shortFrame(payload)).toEqual(frame);
  });
});
