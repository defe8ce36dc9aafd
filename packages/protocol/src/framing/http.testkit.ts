import { ByteVector } from '../buffer/byte-vector.js';
import { NetWorkBuffer } from '../buffer/network-buffer.js';
import { TarsException } from '../errors/tars-exception.js';
import { parseHttp } from './http-message.js';
import type { PacketParser } from './packet-parser.js';
import { PacketType } from './packet-type.js';

/** What a parser makes of a stream: the packets that it takes, and how it ends. */
export interface HttpOutcome {
  readonly messages: readonly string[];
  /** `waits`, `closes`, or the code of what was thrown. */
  readonly end: string;
}

/** Text as bytes: a character for each, as Node's own `latin1`. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** Feeds a stream, cut at the given offsets. */
export function outcomeOf(
  bytes: Uint8Array,
  cuts: readonly number[] = [],
  parser: PacketParser = parseHttp,
): HttpOutcome {
  const input = new NetWorkBuffer();
  const messages: string[] = [];
  const edges = [...new Set([0, ...cuts.filter((cut) => cut > 0 && cut < bytes.length), bytes.length])];
  edges.sort((a, b) => a - b);
  for (let i = 1; i < edges.length; i++) {
    input.addBuffer(bytes.slice(edges[i - 1], edges[i]));
    while (!input.empty()) {
      const output = new ByteVector();
      let type: PacketType;
      try {
        type = parser(input, output);
      } catch (error) {
        return { messages, end: TarsException.is(error) ? error.code : String(error) };
      }
      if (type === PacketType.PACKET_LESS) break;
      messages.push(String.fromCharCode(...output.data()));
      if (type === PacketType.PACKET_FULL_CLOSE) return { messages, end: 'closes' };
    }
  }
  return { messages, end: 'waits' };
}
