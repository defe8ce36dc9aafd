import {
  type ByteVector,
  encodeUtf8,
  type NetWorkBuffer,
  type PacketParser,
  PacketType,
  TarsDecodeException,
} from '@tarsier/protocol';
import { checkProtocol } from './check-protocol.js';
import { ProtocolFault } from './protocol-fault.js';
import type { CheckedProtocol, CheckProtocolOptions } from './protocol-options.js';

const HEADER = 8;
const MAX = 100_000;

/** `| uint32 BE: length of all | uint32 BE: request id | body |`, as the push demo has it. */
function packet(body: string, id: number): Uint8Array {
  const text = encodeUtf8(body);
  const bytes = new Uint8Array(HEADER + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, id);
  bytes.set(text, HEADER);
  return bytes;
}

function lengthOf(input: NetWorkBuffer): number {
  const length = input.getValueOf4();
  if (length < HEADER || length > MAX) throw new TarsDecodeException(`a length of ${length}`);
  return length;
}

function parser(input: NetWorkBuffer, output: ByteVector): PacketType {
  if (input.getBufferLength() < 4) return PacketType.PACKET_LESS;
  const length = lengthOf(input);
  if (!input.getHeader(length, output)) return PacketType.PACKET_LESS;
  input.moveHeader(length);
  return PacketType.PACKET_FULL;
}

/** The protocol that the mutants are made of. */
export const push = { HEADER, MAX, packet, lengthOf, parser: parser satisfies PacketParser };

/** The longest has 20 bytes. */
export const pushSamples: Uint8Array[] = [packet('', 1), packet('hi', 0), packet('hello world!', 0x1_0203)];
export const LONGEST = 20;

/** The fault that is found; throws when there is none. */
export async function faultOf(protocol: CheckedProtocol, options: CheckProtocolOptions): Promise<ProtocolFault> {
  try {
    await checkProtocol(protocol, options);
  } catch (error) {
    if (error instanceof ProtocolFault) return error;
    throw error;
  }
  throw new Error('no fault was found');
}
