import {
  type ByteVector,
  decodeUtf8,
  encodeUtf8,
  type NetWorkBuffer,
  type PacketParser,
  PacketType,
} from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { checkProtocol } from './check-protocol.js';
import { faultOf } from './mutants.testkit.js';

const END = encodeUtf8(';');
const MAX = 100_000;

/** A protocol of `name=value;` that reads the fields by a function of the caller. */
function fields(read: (text: string) => string): PacketParser {
  return (input: NetWorkBuffer, output: ByteVector): PacketType => {
    const end = input.find(END);
    if (end < 0 && input.getBufferLength() > MAX) return PacketType.PACKET_ERR;
    if (end < 0) return PacketType.PACKET_LESS;
    const text = decodeUtf8(input.getHeader(end));
    output.assign(encodeUtf8(read(text)));
    input.moveHeader(end + END.length);
    return PacketType.PACKET_FULL;
  };
}

const samples = ['name=value;', 'a=b c;', 'k=1;'].map((text) => encodeUtf8(text));

describe('checkProtocol, with bytes that are repeated', () => {
  it.each<[string, (text: string) => string, RegExp]>([
    ['trims spaces by an expression', (text) => text.replace(/[ ]+$/, ''), /the byte 0x20/],
    ['takes digits off the end by an expression', (text) => text.replace(/\d+$/, ''), /the byte 0x3[09]/],
    ['cuts lists off one entry at a time', cutLists, /the byte 0x2c/],
    ['nests repetitions', (text) => String(/^(a+)+$/.test(text.slice(0, 40))), /the byte 0x61/],
  ])('finds a parser that %s', { timeout: 60_000 }, async (_, read, byte) => {
    const fault = await faultOf(fields(read), { samples });
    expect(fault).toMatchObject({ code: 'NOT_LINEAR', half: 'parser' });
    expect(fault.message).toMatch(byte);
    expect(fault.message).toMatch(/ms for \d+ bytes of .*, and \d+ ms for \d+ bytes/);
  });

  it.each<[string, (text: string) => string]>([
    ['reads in one pass', (text) => text.trim()],
    ['is slow for one byte, and as slow for each of them', slowly],
  ])('passes a parser that %s', { timeout: 60_000 }, async (_, read) => {
    const { checks } = await checkProtocol(fields(read), { samples });
    expect(checks['parser: cost of repeated bytes']).toBeGreaterThan(100);
    expect(checks['parser: cost of repeated bytes in chunks']).toBeGreaterThan(50);
  });
});

/** Looks for the first comma and copies the rest, for each entry. */
function cutLists(text: string): string {
  let rest = Array.from(text);
  while (rest.includes(',')) rest = rest.slice(rest.indexOf(',') + 1);
  return rest.join('');
}

/** The same work for each comma. */
function slowly(text: string): string {
  if (!text.includes(',,')) return text;
  let hash = 0;
  for (let i = 0; i < text.length; i++) {
    for (let j = 0; j < 300; j++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  }
  return String(hash);
}
