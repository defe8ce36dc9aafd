import { ByteVector, NetWorkBuffer, PacketType, parseBinary4 } from '@tarsier/framework';
import { Bench } from 'tinybench';
import { serveParent } from '../child.js';

/** Packets to feed to a parser. */
export interface Feed {
  readonly packetBytes: readonly number[];
  readonly rounds: number;
}

/** Nanoseconds per byte, one for each round. */
export interface FeedCost {
  readonly packetBytes: number;
  readonly byteByByte: number[];
  readonly chunks: number[];
}

/** What one read of a socket brings at most. */
const CHUNK_BYTES = 65_536;
/** Chunks of one byte, one for each value: making a million chunks would be what is measured. */
const ONE_BYTE = Array.from({ length: 256 }, (_, value) => Uint8Array.of(value));

function makePacket(size: number): Uint8Array {
  const packet = Uint8Array.from({ length: size }, (_, i) => (i * 31) % 256);
  new DataView(packet.buffer).setUint32(0, size);
  return packet;
}

/** As a connection does it: after every chunk the parser is asked. */
function feedBytes(packet: Uint8Array): void {
  const input = new NetWorkBuffer();
  const output = new ByteVector();
  let type: PacketType = PacketType.PACKET_LESS;
  for (let i = 0; i < packet.length; i++) {
    input.addBuffer(ONE_BYTE[packet[i] as number] as Uint8Array);
    type = parseBinary4(input, output);
  }
  check(type, output, packet);
}

function feedChunks(packet: Uint8Array): void {
  const input = new NetWorkBuffer();
  const output = new ByteVector();
  let type: PacketType = PacketType.PACKET_LESS;
  for (let at = 0; at < packet.length; at += CHUNK_BYTES) {
    input.addBuffer(packet.subarray(at, at + CHUNK_BYTES));
    type = parseBinary4(input, output);
  }
  check(type, output, packet);
}

function check(type: PacketType, output: ByteVector, packet: Uint8Array): void {
  const last = output.length - 1;
  if (type !== PacketType.PACKET_FULL || last + 5 !== packet.length || output.at(last) !== packet[packet.length - 1]) {
    throw new Error(`a packet of ${packet.length} bytes did not come out as it went in`);
  }
}

async function measure({ packetBytes, rounds }: Feed): Promise<FeedCost[]> {
  const costs = packetBytes.map((size): FeedCost => ({ packetBytes: size, byteByByte: [], chunks: [] }));
  for (let i = 0; i < rounds; i++) {
    const bench = new Bench({ time: 200, iterations: 3, warmupTime: 50, warmupIterations: 1, throws: true });
    for (const { packetBytes: size } of costs) {
      const packet = makePacket(size);
      bench.add(`bytes ${size}`, () => feedBytes(packet)).add(`chunks ${size}`, () => feedChunks(packet));
    }
    await bench.run();
    const nsPerByte = (name: string, size: number): number => {
      const result = bench.getTask(name)?.result;
      if (result?.state !== 'completed') throw new Error(`${name}: not measured`);
      return (1e6 * result.latency.p50) / size;
    };
    for (const cost of costs) {
      cost.byteByByte.push(nsPerByte(`bytes ${cost.packetBytes}`, cost.packetBytes));
      cost.chunks.push(nsPerByte(`chunks ${cost.packetBytes}`, cost.packetBytes));
    }
  }
  return costs;
}

serveParent({ measure });
