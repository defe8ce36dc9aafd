import {
  type ByteVector,
  encodeUtf8,
  type NetWorkBuffer,
  type PacketParser,
  PacketType,
  type ProxyProtocol,
  TarsDecodeException,
} from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { faultOf, LONGEST, push, pushSamples } from './mutants.testkit.js';
import type { ProtocolFaultCode } from './protocol-fault.js';

const { HEADER, MAX, lengthOf, packet, parser } = push;
const { PACKET_LESS, PACKET_FULL } = PacketType;

/** A view of bytes, as hand-written parsers make one. */
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

let pending = 0;
let taken = 0;
let isBegun = false;
const scratch = new Uint8Array(MAX);

/** Each is the parser of the push demo with one mistake. */
const mutants: Record<string, [ProtocolFaultCode, PacketParser]> = {
  'forgets to consume': [
    'NO_PROGRESS',
    (input, output) => {
      if (input.getBufferLength() < 4) return PACKET_LESS;
      return input.getHeader(lengthOf(input), output) ? PACKET_FULL : PACKET_LESS;
    },
  ],
  'trusts a negative length, and waits for it': [
    'NEGATIVE_LENGTH',
    (input, output) => {
      if (input.getBufferLength() < 4) return PACKET_LESS;
      const length = input.getValueOf4() | 0;
      if (length > MAX) throw new TarsDecodeException('too long');
      if (!input.getHeader(length, output)) return PACKET_LESS;
      input.moveHeader(length);
      return PACKET_FULL;
    },
  ],
  'trusts a negative length, and takes the header for a packet': [
    'NEGATIVE_LENGTH',
    (input, output) => {
      if (input.getBufferLength() < HEADER) return PACKET_LESS;
      const length = input.getValueOf4() | 0;
      if (length > MAX) throw new TarsDecodeException('too long');
      // The least length is forgotten, so the body may be too.
      if (input.getBufferLength() < length) return PACKET_LESS;
      input.moveHeader(HEADER);
      input.getHeader(length - HEADER, output);
      input.moveHeader(length - HEADER);
      return PACKET_FULL;
    },
  ],
  'trusts a negative length, and makes an array of it': [
    'NEGATIVE_LENGTH',
    (input, output) => {
      if (input.getBufferLength() < 4) return PACKET_LESS;
      const length = input.getValueOf4() | 0;
      if (length > MAX || (length >= 0 && length < HEADER)) throw new TarsDecodeException('too long or too short');
      if (input.getBufferLength() < length) return PACKET_LESS;
      const copy = new Uint8Array(length);
      copy.set(input.getHeader(length));
      output.assign(copy);
      input.moveHeader(length);
      return PACKET_FULL;
    },
  ],
  'reads past the packet': [
    'OVER_READ',
    (input, output) => {
      if (input.getBufferLength() < 4) return PACKET_LESS;
      const length = lengthOf(input);
      if (input.getBufferLength() < length) return PACKET_LESS;
      input.getHeader(Math.min(length + 1, input.getBufferLength()), output);
      input.moveHeader(length);
      return PACKET_FULL;
    },
  ],
  'copies the whole buffer each time': [
    'NOT_LINEAR',
    (input, output) => {
      if (input.getBufferLength() < 4) return PACKET_LESS;
      const all = input.mergeBuffers().slice();
      const length = viewOf(all).getUint32(0);
      if (length < HEADER || length > MAX) throw new TarsDecodeException('too long or too short');
      if (all.length < length) return PACKET_LESS;
      output.assignRange(all, 0, length);
      input.moveHeader(length);
      return PACKET_FULL;
    },
  ],
  'copies all that it gathers by itself each time': [
    'NOT_LINEAR',
    (input, output) => {
      const before = (input.getContextData() as Uint8Array | undefined) ?? new Uint8Array(0);
      const missing = (before.length < 4 ? 4 : viewOf(before).getUint32(0)) - before.length;
      const step = Math.min(missing, input.getBufferLength());
      const all = new Uint8Array(before.length + step);
      all.set(before);
      all.set(input.getHeader(step), before.length);
      input.moveHeader(step);
      input.setContextData(all);
      if (all.length < 4) return PACKET_LESS;
      const length = viewOf(all).getUint32(0);
      if (length < HEADER || length > MAX) throw new TarsDecodeException('too long or too short');
      if (all.length < length)
        return input.empty()
          ? PACKET_LESS
          : mutants['copies all that it gathers by itself each time']![1](input, output);
      output.assign(all);
      input.setContextData(undefined);
      return PACKET_FULL;
    },
  ],
  'throws on an empty buffer': [
    'EMPTY_BUFFER',
    (input, output) => {
      input.peekUint8(0);
      return parser(input, output);
    },
  ],
  'depends on chunk borders: takes a chunk for a packet': [
    'DEPENDS_ON_CHUNKS',
    (input, output) => {
      const chunk = input.getBufferPointer();
      if (chunk.length === 0) return PACKET_LESS;
      const length = chunk.length < 4 ? chunk.length : Math.min(chunk.length, input.getValueOf4());
      input.getHeader(length, output);
      input.moveHeader(length);
      return PACKET_FULL;
    },
  ],
  'depends on chunk borders: looks at the first chunk only': [
    'DEPENDS_ON_CHUNKS',
    (input, output) => {
      if (input.getBufferLength() < 4) return PACKET_LESS;
      const length = lengthOf(input);
      const chunk = input.getBufferPointer();
      if (chunk.length < Math.min(length, 6)) return PACKET_LESS;
      if (input.getBufferLength() < length) return PACKET_LESS;
      output.assign(chunk.slice(0, length));
      input.moveHeader(length);
      return PACKET_FULL;
    },
  ],
  'accepts a length without limit': [
    'UNBOUNDED',
    (input, output) => {
      if (input.getBufferLength() < 4) return PACKET_LESS;
      const length = input.getValueOf4();
      if (length < HEADER) throw new TarsDecodeException('too short');
      if (!input.getHeader(length, output)) return PACKET_LESS;
      input.moveHeader(length);
      return PACKET_FULL;
    },
  ],
  'accepts a length of zero': [
    'NO_PROGRESS',
    (input, output) => {
      if (input.getBufferLength() < 4) return PACKET_LESS;
      const length = input.getValueOf4();
      if (length > MAX) throw new TarsDecodeException('too long');
      if (!input.getHeader(length, output)) return PACKET_LESS;
      input.moveHeader(length);
      return PACKET_FULL;
    },
  ],
  'takes one byte too few': [
    'LEFT_BEHIND',
    (input, output) => {
      if (input.getBufferLength() < 4) return PACKET_LESS;
      const length = lengthOf(input);
      if (!input.getHeader(length, output)) return PACKET_LESS;
      input.moveHeader(length - 1);
      return PACKET_FULL;
    },
  ],
  'waits for one byte too many': [
    'SAMPLE_NOT_TAKEN',
    (input, output) => {
      if (input.getBufferLength() < 4) return PACKET_LESS;
      const length = lengthOf(input);
      if (input.getBufferLength() <= length) return PACKET_LESS;
      input.getHeader(length, output);
      input.moveHeader(length);
      return PACKET_FULL;
    },
  ],
  'reads the length before it is there': [
    'TRUNCATED',
    (input, output) => {
      if (input.empty()) return PACKET_LESS;
      const length = input.peekUint32(0);
      if (length < HEADER || length > MAX) throw new TarsDecodeException('too long or too short');
      if (!input.getHeader(length, output)) return PACKET_LESS;
      input.moveHeader(length);
      return PACKET_FULL;
    },
  ],
  'loses the second of two glued packets': [
    'OVER_READ',
    (input, output) => {
      const type = parser(input, output);
      if (type === PACKET_FULL) input.clearBuffers();
      return type;
    },
  ],
  'takes one packet of each chunk': [
    'LOSES_PACKET',
    (input, output) => {
      if (input.getContextData() === input.getBufferLength()) return PACKET_LESS;
      const type = parser(input, output);
      input.setContextData(type === PACKET_FULL ? input.getBufferLength() : undefined);
      return type;
    },
  ],
  'keeps state for all connections': [
    'SHARED_STATE',
    (input, output) => {
      if (!isBegun) {
        if (input.getBufferLength() < 4) return PACKET_LESS;
        pending = lengthOf(input) - 4;
        input.moveHeader(4);
        isBegun = true;
      }
      if (!input.getHeader(pending, output)) return PACKET_LESS;
      input.moveHeader(pending);
      isBegun = false;
      return PACKET_FULL;
    },
  ],
  'hands out a block that it uses again': [
    'OUTPUT_CHANGES',
    (input, output) => {
      if (input.getBufferLength() < 4) return PACKET_LESS;
      const length = lengthOf(input);
      if (input.getBufferLength() < length) return PACKET_LESS;
      scratch.set(input.getHeader(length));
      output.assignRange(scratch, 0, length);
      input.moveHeader(length);
      return PACKET_FULL;
    },
  ],
  'reads from the start of the ArrayBuffer': [
    'IGNORES_BYTE_OFFSET',
    (input, output) => {
      if (input.getBufferLength() < 4) return PACKET_LESS;
      const length = new DataView(input.getHeader(4).buffer).getUint32(0);
      if (length < HEADER || length > MAX) throw new TarsDecodeException('too long or too short');
      if (!input.getHeader(length, output)) return PACKET_LESS;
      input.moveHeader(length);
      return PACKET_FULL;
    },
  ],
  'is async': [
    'EMPTY_BUFFER',
    ((input: NetWorkBuffer, output: ByteVector) => Promise.resolve(parser(input, output))) as unknown as PacketParser,
  ],
  'gives a boolean': [
    'BAD_RESULT',
    ((input: NetWorkBuffer, output: ByteVector) => {
      return input.empty() ? PACKET_LESS : parser(input, output) === PACKET_FULL;
    }) as unknown as PacketParser,
  ],
  'stumbles over bad bytes': [
    'UNEXPECTED_ERROR',
    (input, output) => {
      const type = parser(input, output);
      const table: Record<number, { name: string }> = { 0: { name: 'ok' }, 1: { name: 'ok' } };
      if (type === PACKET_FULL && table[output.at(4)]!.name !== 'ok') throw new TarsDecodeException('not ok');
      return type;
    },
  ],
  'is slow': [
    'TOO_SLOW',
    (input, output) => {
      const end = performance.now() + (input.getBufferLength() > 12 ? 60 : 0);
      while (performance.now() < end) taken++;
      return parser(input, output);
    },
  ],
};

describe('checkProtocol finds the parser that', () => {
  it.each(Object.entries(mutants))('%s', async (name, [code, mutant]) => {
    // Encoded packets show what a large one costs; the samples are small.
    const packetOf = (bytes: number): Uint8Array => packet('x'.repeat(bytes - HEADER), 1);
    const timeLimitMs = code === 'TOO_SLOW' ? 30 : 5000;
    const fault = await faultOf(mutant, { samples: pushSamples, packetOf, timeLimitMs });
    expect(fault).toMatchObject({ name: 'ProtocolFault', code, half: 'parser', seed: 1 });
    // Shorter chunks are gathered by the buffer, so nothing smaller can show that fault.
    const needed = name.endsWith('first chunk only') ? 256 : LONGEST;
    expect(fault.bytes.length).toBeLessThanOrEqual(needed + 4);
    expect(fault.at).toBeLessThanOrEqual(fault.bytes.length);
    expect(fault.message).toMatch(/expected: .+\ngot: {6}.+\nrepeat: {3}seed 1$/);
  });

  it('makes none of the mistakes: it is the one the others are made of', async () => {
    await expect(faultOf(parser, { samples: pushSamples })).rejects.toThrow('no fault was found');
  });

  it('never gives a search up', async () => {
    const newline = encodeUtf8('\n');
    const lines: PacketParser = (input, output) => {
      const at = input.find(newline);
      if (at < 0) return PACKET_LESS;
      input.getHeader(at, output);
      input.moveHeader(at + 1);
      return PACKET_FULL;
    };
    const fault = await faultOf(lines, { samples: [encodeUtf8('a line\n')], maxBufferedBytes: 10_000 });
    expect(fault).toMatchObject({ code: 'UNBOUNDED', bytes: new Uint8Array(0) });
    expect(fault.message).toContain('and then 10001 bytes of 00');
  });

  it('waits for the end of a text for ever', async () => {
    const newline = encodeUtf8('\n');
    const lines: PacketParser = (input, output) => {
      const at = input.find(newline);
      if (at < 0 && !input.empty() && input.peekUint8(input.getBufferLength() - 1) < 0x20) {
        throw new TarsDecodeException('not a text');
      }
      if (at < 0) return PACKET_LESS;
      input.getHeader(at, output);
      input.moveHeader(at + 1);
      return PACKET_FULL;
    };
    const fault = await faultOf(lines, { samples: [encodeUtf8('a line\n')], maxBufferedBytes: 10_000 });
    expect(fault.code).toBe('UNBOUNDED');
    expect(fault.message).toContain('and then 10001 bytes of 41');
  });

  it('looks at bad bytes only when they come in one chunk', async () => {
    const strict: PacketParser = (input, output) => {
      const length = input.getValueOf4();
      const isWhole = length > HEADER && input.getBufferLength() >= length && input.getContextData() === undefined;
      input.setContextData(true);
      if (isWhole && input.peekUint8(HEADER) > 0x7f) throw new TarsDecodeException('not a text');
      return parser(input, output);
    };
    const fault = await faultOf(strict, { samples: pushSamples });
    expect(fault.code).toBe('DEPENDS_ON_CHUNKS');
    expect(fault.bytes.length).toBeLessThanOrEqual(LONGEST + 4);
    expect(fault.cuts).toHaveLength(1);
  });

  it('searches from the start each time', async () => {
    const lines: PacketParser = (input, output) => {
      const at = input.find(encodeUtf8('\n'));
      if (at < 0 && input.getBufferLength() < 10_000) return PACKET_LESS;
      if (at < 0) throw new TarsDecodeException('too long');
      input.getHeader(at, output);
      input.moveHeader(at + 1);
      return PACKET_FULL;
    };
    const packetOf = (bytes: number): Uint8Array => encodeUtf8(`${'x'.repeat(bytes - 1)}\n`);
    const fault = await faultOf(lines, { samples: [encodeUtf8('a line\n')], packetOf });
    expect(fault.code).toBe('NOT_LINEAR');
  });

  it('copies where nobody can see it', async () => {
    const gathered = new WeakMap<NetWorkBuffer, Uint8Array>();
    const hidden: PacketParser = (input, output) => {
      const before = gathered.get(input) ?? new Uint8Array(0);
      const needed = before.length < 4 ? 4 : viewOf(before).getUint32(0);
      const step = Math.min(needed - before.length, input.getBufferLength());
      const all = new Uint8Array(before.length + step);
      // Again and again, so that the test does not depend on how fast the machine copies.
      for (let i = 0; i < 8; i++) all.set(before);
      all.set(input.getHeader(step), before.length);
      input.moveHeader(step);
      gathered.set(input, all);
      if (all.length < 4) return PACKET_LESS;
      const length = viewOf(all).getUint32(0);
      if (length < HEADER || length > MAX) throw new TarsDecodeException('too long or too short');
      if (all.length < length) return input.empty() ? PACKET_LESS : hidden(input, output);
      output.assign(all);
      gathered.delete(input);
      return PACKET_FULL;
    };
    const packetOf = (bytes: number): Uint8Array => packet('x'.repeat(bytes - HEADER), 1);
    const fault = await faultOf(hidden, { samples: pushSamples, packetOf });
    expect(fault.code).toBe('NOT_LINEAR');
    expect(fault.actual).toMatch(/ms for 8192 bytes, and \d+ ms for 65536/);
  });
});

describe('checkProtocol finds the client that', () => {
  const responseFunc: ProxyProtocol['responseFunc'] = (input, response) => {
    const type = parser(input, response.sBuffer);
    if (type !== PACKET_FULL) return type;
    response.iRequestId = viewOf(response.sBuffer.data()).getUint32(4);
    response.sBuffer = response.sBuffer.data().subarray(HEADER);
    return type;
  };
  const requestFunc: ProxyProtocol['requestFunc'] = (request) => packet(request.sBuffer.toString(), request.iRequestId);
  const protocol: ProxyProtocol = { requestFunc, responseFunc };
  const samples = pushSamples.map((bytes) => ({
    bytes,
    body: bytes.subarray(HEADER),
    requestId: viewOf(bytes).getUint32(4),
  }));
  const encode = (body: Uint8Array | ByteVector, id = 0): Uint8Array => {
    return packet(new TextDecoder().decode(body instanceof Uint8Array ? body : body.data()), id);
  };
  const little = (bytes: Uint8Array): Uint8Array => {
    viewOf(bytes).setUint32(0, bytes.length, true);
    return bytes;
  };
  const block = new Uint8Array(100);

  it.each<[string, ProtocolFaultCode, string, object]>([
    [
      'reads 16 bits of the id',
      'REQUEST_ID',
      'responseFunc',
      {
        proxyProtocol: {
          requestFunc,
          responseFunc: (input, response) => {
            const type = responseFunc(input, response);
            response.iRequestId &= 0xffff;
            return type;
          },
        } satisfies ProxyProtocol,
      },
    ],
    [
      'sends 16 bits of the id',
      'REQUEST_ID',
      'requestFunc',
      {
        parser,
        proxyProtocol: {
          requestFunc: (request) => packet(request.sBuffer.toString(), request.iRequestId & 0xffff),
          responseFunc,
        } satisfies ProxyProtocol,
      },
    ],
    [
      'encodes answers with 16 bits of the id',
      'REQUEST_ID',
      'encode',
      {
        proxyProtocol: protocol,
        encode: (body: Uint8Array, id = 0) => encode(body, id & 0xffff),
      },
    ],
    [
      'encodes requests in the wrong byte order',
      'ROUND_TRIP',
      'requestFunc',
      {
        parser,
        proxyProtocol: {
          requestFunc: (request) => little(encode(request.sBuffer, request.iRequestId)),
          responseFunc,
        } satisfies ProxyProtocol,
      },
    ],
    [
      'encodes answers in the wrong byte order',
      'ROUND_TRIP',
      'encode',
      {
        proxyProtocol: protocol,
        encode: (body: Uint8Array, id = 0) => little(encode(body, id)),
      },
    ],
    [
      'loses a byte of the body',
      'ROUND_TRIP',
      'encode',
      {
        proxyProtocol: protocol,
        encode: (body: Uint8Array, id = 0) => encode(body.subarray(0, 11), id),
      },
    ],
    [
      'encodes into one block',
      'OUTPUT_CHANGES',
      'encode',
      {
        proxyProtocol: protocol,
        encode: (body: Uint8Array, id = 0) => {
          const bytes = encode(body, id);
          block.set(bytes);
          return block.subarray(0, bytes.length);
        },
      },
    ],
    [
      'sends heartbeats that the server does not know',
      'ROUND_TRIP',
      'heartbeat',
      {
        parser,
        proxyProtocol: { ...protocol, heartbeat: { request: () => Uint8Array.of(0, 0, 0, 4) } } satisfies ProxyProtocol,
      },
    ],
    [
      'cuts the body',
      'WRONG_PACKET',
      'responseFunc',
      {
        proxyProtocol: {
          requestFunc,
          responseFunc: (input, response) => {
            const type = responseFunc(input, response);
            response.sBuffer = response.sBuffer.data().subarray(0, 5);
            return type;
          },
        } satisfies ProxyProtocol,
      },
    ],
  ])('%s', async (_, code, half, mutant) => {
    const fault = await faultOf(mutant, { samples });
    expect(fault).toMatchObject({ code, half });
    expect(fault.bytes.length).toBeLessThanOrEqual(LONGEST + 4);
  });

  it('answers with the wrong id', async () => {
    const serve = (request: Uint8Array): Uint8Array => packet(String(request.length), 1);
    expect(await faultOf({ parser, proxyProtocol: protocol }, { samples, serve })).toMatchObject({
      code: 'REQUEST_ID',
    });
  });

  it('takes what must be refused', async () => {
    const rejects = [packet('forbidden', 1)];
    expect(await faultOf(protocolOf(protocol), { samples, rejects })).toMatchObject({ code: 'ACCEPTED' });
  });
});

function protocolOf(proxyProtocol: ProxyProtocol): { proxyProtocol: ProxyProtocol } {
  return { proxyProtocol };
}
