import { Buffer } from 'node:buffer';

/** FIN, and the opcode of a binary message. */
const FINAL_BINARY = 0x82;
/** A payload up to this size is copied behind its head, so that both are one write. */
const COPY_BYTES = 16_384;

/** What makes `size` bytes a binary message of one frame, as a server sends it: not masked. Source: RFC 6455, section 5.2. */
export function frameHead(size: number): Buffer {
  if (size < 126) return Buffer.from([FINAL_BINARY, size]);
  if (size < 65_536) return Buffer.from([FINAL_BINARY, 126, size >> 8, size & 0xff]);
  const head = Buffer.allocUnsafe(10);
  head[0] = FINAL_BINARY;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(size), 2);
  return head;
}

let lastPayload: Uint8Array | undefined;
let lastFrame: Buffer | undefined;

/**
 * A short payload as a frame in one piece; undefined for one that is too long to be copied.
 *
 * The last one is remembered: what is pushed to thousands is framed once. That relies on the rule that bytes handed over for
 * sending are not changed afterwards.
 */
export function shortFrame(payload: Uint8Array): Buffer | undefined {
  if (payload === lastPayload) return lastFrame;
  const size = payload.length;
  if (size > COPY_BYTES) return undefined;
  const headBytes = size < 126 ? 2 : 4;
  const frame = Buffer.allocUnsafe(headBytes + size);
  frame[0] = FINAL_BINARY;
  if (headBytes === 2) frame[1] = size;
  else {
    frame[1] = 126;
    frame.writeUInt16BE(size, 2);
  }
  frame.set(payload, headBytes);
  lastPayload = payload;
  lastFrame = frame;
  return frame;
}
