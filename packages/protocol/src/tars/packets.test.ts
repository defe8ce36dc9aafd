import { describe, expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { NetWorkBuffer } from '../buffer/network-buffer.js';
import { TarsDecodeException, TarsEncodeException } from '../errors/exceptions.js';
import { PacketType } from '../framing/packet-type.js';
import { responseParser, testParserContract, withId } from '../framing/parser-contract.testkit.js';
import { RequestPacket } from '../message/request-packet.js';
import { ResponsePacket } from '../message/response-packet.js';
import { decodeArgs, decodeResult, encodeArgs, encodeResult } from './call-codec.js';
import { encodePush } from './encode-push.js';
import { tarsParser } from './frame.js';
import { TarsOutputStream } from './output-stream.js';
import { decodeRequest, encodeRequest } from './request-codec.js';
import { decodeResponse, encodeResponse } from './response-codec.js';
import { tars } from './tars.js';
import { tarsFunction } from './tars-function.js';
import { tarsProtocol } from './tars-protocol.js';
import { fromHex, plainRequest, plainResponse, toHex } from './vectors.testkit.js';

const hex = (text: string): string => toHex(fromHex(text));

function request(init: Partial<RequestPacket> = {}): RequestPacket {
  return Object.assign(
    new RequestPacket(),
    { iVersion: 1, iRequestId: 1, sServantName: 'A.B.C', sFuncName: 'f' },
    init,
  );
}

function response(init: Partial<ResponsePacket> = {}): ResponsePacket {
  return Object.assign(new ResponsePacket(), { iVersion: 1, iRequestId: 1 }, init);
}

/** What a packet carries, its length taken off. */
function bodyOf(packet: ByteVector): ByteVector {
  return new ByteVector().assignRange(packet.buffer, packet.start + 4, packet.end);
}

function decoded(packet: ByteVector): ResponsePacket {
  const into = new ResponsePacket();
  decodeResponse(bodyOf(packet), into);
  return into;
}

describe('the bytes of the protocol', () => {
  const PING =
    '00 00 00 26 10 01 2c 3c 40 01 56 05 41 2e 42 2e 43 66 09 74 61 72 73 5f 70 69 6e 67 7d 00 0c 81 0b b8 98 0c a8 0c';

  it('a request', () => {
    const ping = request({ sFuncName: 'tars_ping', iTimeout: 3000 });
    expect(toHex(encodeRequest(ping))).toBe(hex(PING));
    expect(plainRequest(decodeRequest(bodyOf(new ByteVector(fromHex(PING)))))).toEqual(plainRequest(ping));
  });

  it('an answer', () => {
    const ANSWER = '00 00 00 10 10 01 2c 30 01 4c 5c 6d 00 0c 78 0c';
    expect(toHex(encodeResponse(response()))).toBe(hex(ANSWER));
    expect(plainResponse(decoded(new ByteVector(fromHex(ANSWER))))).toEqual(plainResponse(response()));
  });

  it('a struct', () => {
    const os = new TarsOutputStream();
    os.writeStruct(2, undefined, {
      write: (os) => {
        os.writeInt32(0, 5);
        os.writeString(20, 'a');
      },
    });
    expect(toHex(os.toBytes())).toBe(hex('2a 00 05 f6 14 01 61 0b'));
  });

  it('arguments in TUP', () => {
    const fn = tarsFunction<[string], void>('f', undefined, [{ name: 'sReq', type: tars.string }]);
    const bytes = encodeArgs(fn, ['hi'], 3);
    expect(toHex(bytes)).toBe(hex('08 00 01 06 04 73 52 65 71 1d 00 00 04 06 02 68 69'));
    expect(decodeArgs(fn, new ByteVector(bytes), 3)).toEqual(['hi']);
    const complex = encodeArgs(fn, ['hi'], 2);
    expect(toHex(complex)).toBe(
      hex('08 00 01 06 04 73 52 65 71 18 00 01 06 06 73 74 72 69 6e 67 1d 00 00 04 06 02 68 69'),
    );
    expect(decodeArgs(fn, new ByteVector(complex), 2)).toEqual(['hi']);
  });

  it('a push', () => {
    const PUSH =
      '00 00 00 34 10 01 2c 3c 4c 5c 6d 00 00 0f 0c 16 0c 70 75 73 68 20 6d 65 73 73 61 67 65 78 00 01 06 09 54 41 52 53 5f 46 55 4e 43 16 07 70 75 73 68 4d 73 67';
    const pushMsg = tarsFunction<[], { _ret: number; msg: string }>('pushMsg', tars.int, [
      { name: 'msg', type: tars.string, isOut: true },
    ]);
    const packet = encodePush(pushMsg, { _ret: 0, msg: 'push message' });
    expect(toHex(packet)).toBe(hex(PUSH));
    const push = decoded(packet);
    expect(push).toMatchObject({ iRequestId: 0, iRet: 0, status: new Map([['TARS_FUNC', 'pushMsg']]) });
    expect(decodeResult(pushMsg, push.sBuffer, push.iVersion)).toEqual({ _ret: 0, msg: 'push message' });
    const context = new Map([['k', 'v']]);
    expect(decoded(encodePush(pushMsg, { _ret: 0, msg: '' }, { iRet: 7, context }))).toMatchObject({
      iRet: 7,
      context,
    });
  });
});

describe('results', () => {
  const both = tarsFunction<[number], { _ret: number; out: string }>('f', tars.int, [
    { name: 'out', type: tars.string, isOut: true },
    { name: 'in', type: tars.int, isRouteKey: true },
  ]);

  it('carry the return value with tag 0, and out parameters by their positions', () => {
    expect(both.params.map(({ tag, isOut, isRouteKey }) => ({ tag, isOut, isRouteKey }))).toEqual([
      { tag: 1, isOut: true, isRouteKey: false },
      { tag: 2, isOut: false, isRouteKey: true },
    ]);
    expect(toHex(encodeResult(both, { _ret: 1, out: 'a' }, 1))).toBe(hex('00 01 16 01 61'));
    expect(toHex(encodeArgs(both, [5], 1))).toBe(hex('20 05'));
  });

  it('carry the return value under both names in TUP, and are read under either', () => {
    const fn = tarsFunction<[], number>('f', tars.int, []);
    const bytes = encodeResult(fn, 5, 3);
    expect(toHex(bytes)).toBe(hex('08 00 02 06 00 1d 00 00 02 00 05 06 08 74 61 72 73 5f 72 65 74 1d 00 00 02 00 05'));
    for (const only of [
      '08 00 01 06 00 1d 00 00 02 00 05',
      '08 00 01 06 08 74 61 72 73 5f 72 65 74 1d 00 00 02 00 05',
    ]) {
      expect(decodeResult(fn, new ByteVector(fromHex(only)), 3)).toBe(5);
    }
  });

  it('are members in JSON', () => {
    expect(new ByteVector(encodeResult(both, { _ret: 1, out: 'a' }, 5)).toString()).toBe('{"tars_ret":1,"out":"a"}');
    expect(new ByteVector(encodeArgs(both, [5], 5)).toString()).toBe('{"in":5}');
  });

  it('of nothing are empty', () => {
    const fn = tarsFunction<[], void>('f', tars.void_, []);
    expect(encodeResult(fn, undefined, 1)).toHaveLength(0);
    expect(decodeResult(fn, new ByteVector(), 1)).toBeUndefined();
    expect(decodeResult(fn, new ByteVector(), 5)).toBeUndefined();
    expect(decodeArgs(fn, new ByteVector(), 1)).toEqual([]);
  });

  it('have no other versions', () => {
    for (const version of [0, 4, 6]) {
      expect(() => encodeResult(both, { _ret: 1, out: '' }, version)).toThrow(TarsEncodeException);
      expect(() => encodeArgs(both, [1], version)).toThrow(TarsEncodeException);
      expect(() => decodeResult(both, new ByteVector(), version)).toThrow(TarsDecodeException);
      expect(() => decodeArgs(both, new ByteVector(), version)).toThrow(TarsDecodeException);
    }
  });
});

describe('requests', () => {
  it('keep their body where it is', () => {
    const packet = encodeRequest(request({ sBuffer: new ByteVector('body') }));
    const { sBuffer } = decodeRequest(bodyOf(packet));
    expect(sBuffer.buffer).toBe(packet.buffer);
    expect(sBuffer.toString()).toBe('body');
  });

  it('are refused when a field does not fit', () => {
    expect(() => encodeRequest(request({ iRequestId: 2 ** 31 }))).toThrow(
      'the field with tag 4 is 2147483648, which is no int',
    );
    expect(() => encodeRequest(request({ iVersion: 1.5 }))).toThrow(TarsEncodeException);
  });

  it('need each of their fields', () => {
    const whole = bodyOf(encodeRequest(request({ context: new Map([['a', 'b']]) }))).data();
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeRequest(new ByteVector(whole.slice(0, length)))).toThrow(/^byte \d+, RequestPacket\.\w+/);
    }
  });
});

describe('answers', () => {
  it('in TUP look like requests, with the result in their status', () => {
    for (const iVersion of [2, 3]) {
      const answer = response({
        iVersion,
        iRet: -7,
        sResultDesc: 'late',
        sBuffer: new ByteVector('x'),
        context: new Map([['c', 'd']]),
      });
      const packet = encodeResponse(answer, request({ sFuncName: 'func' }));
      const frame = decodeRequest(bodyOf(packet));
      expect(plainRequest(frame)).toMatchObject({
        iVersion,
        iRequestId: 1,
        sServantName: 'A.B.C',
        sFuncName: 'func',
        status: new Map([
          ['STATUS_RESULT_CODE', '-7'],
          ['STATUS_RESULT_DESC', 'late'],
        ]),
      });
      expect(decoded(packet)).toMatchObject({
        iVersion,
        iRequestId: 1,
        iRet: -7,
        sResultDesc: 'late',
        context: new Map([['c', 'd']]),
      });
      expect(answer.status).toEqual(new Map());
      expect(decoded(encodeResponse(response({ iVersion })))).toMatchObject({ iRet: 0, sResultDesc: '' });
    }
  });

  it('in the form of TARS are read too where the request was TUP: TarsCpp answers version 2 so', () => {
    // The answer of a C++ server to arguments that it could not read.
    const packet = encodeResponse(response({ iRequestId: 2, iRet: -1, sResultDesc: 'require field not exist' }));
    expect(packet.at(5)).toBe(1);
    packet.buffer[packet.start + 5] = 2;
    expect(decoded(packet)).toMatchObject({
      iVersion: 2,
      iRequestId: 2,
      iRet: -1,
      sResultDesc: 'require field not exist',
    });
  });

  it('in TUP with a result that is none are refused', () => {
    const status = new Map([['STATUS_RESULT_CODE', 'x']]);
    expect(() => decoded(encodeResponse(response({ iVersion: 3, status })))).toThrow(TarsDecodeException);
  });

  it('of unknown versions are refused, but for pushes of TarsGo, which have none', () => {
    for (const iVersion of [0, 4, 6]) {
      expect(() => decoded(encodeResponse(response({ iVersion })))).toThrow(`iVersion ${iVersion}`);
    }
    expect(
      decoded(
        encodeResponse(response({ iVersion: 0, iRequestId: 0, sBuffer: new ByteVector('go') })),
      ).sBuffer.toString(),
    ).toBe('go');
  });
});

describe('tarsProtocol', () => {
  const node = { endpoint: 'tcp -h 127.0.0.1 -p 1', isConnected: true, object: 'A.B.C' };

  it('sends requests as version 1 that have none', () => {
    const call = request({ iVersion: 0 });
    const packet = tarsProtocol.requestFunc(call, node) as ByteVector;
    expect(decodeRequest(bodyOf(packet)).iVersion).toBe(1);
    expect(decodeRequest(bodyOf(tarsProtocol.requestFunc(request({ iVersion: 5 }), node) as ByteVector)).iVersion).toBe(
      5,
    );
  });

  it('knows the answers of its heartbeats', () => {
    const ping = decodeRequest(bodyOf(tarsProtocol.heartbeat?.request(node) as ByteVector));
    expect(ping).toMatchObject({
      iVersion: 1,
      iRequestId: -1,
      sFuncName: 'tars_ping',
      sServantName: 'A.B.C',
      cPacketType: 0,
    });
    expect(tarsProtocol.heartbeat?.isAnswer?.(response({ iRequestId: -1, iRet: -4 }))).toBe(true);
    expect(tarsProtocol.heartbeat?.isAnswer?.(response({ iRequestId: 1 }))).toBe(false);
    expect(tarsProtocol.heartbeat?.isAnswer?.(response({ iRequestId: 0 }))).toBe(false);
  });

  it('knows that a TarsGo server says goodbye', () => {
    expect(tarsProtocol.isGoaway?.(response({ iRequestId: 0, sResultDesc: '_reconnect_' }))).toBe(true);
    expect(tarsProtocol.isGoaway?.(response({ iRequestId: 1, sResultDesc: '_reconnect_' }))).toBe(false);
    expect(tarsProtocol.isGoaway?.(response({ iRequestId: 0 }))).toBe(false);
  });

  it('takes answers one after the other', () => {
    const input = new NetWorkBuffer();
    for (const iRequestId of [1, 2]) input.addBuffer(encodeResponse(response({ iRequestId })).data());
    for (const iRequestId of [1, 2]) {
      const into = new ResponsePacket();
      expect(tarsProtocol.responseFunc(input, into)).toBe(PacketType.PACKET_FULL);
      expect(into.iRequestId).toBe(iRequestId);
    }
    expect(input.empty()).toBe(true);
  });
});

describe('tarsParser', () => {
  it.each([0, 4, 104_857_601, 0xffff_ffff])('refuses a length of %i', (length) => {
    const input = new NetWorkBuffer();
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, length);
    input.addBuffer(bytes);
    expect(() => tarsParser(input, new ByteVector())).toThrow(`says ${length};`);
  });
});

const packets = [request(), request({ sBuffer: new ByteVector('x'.repeat(300)), context: new Map([['a', 'b']]) })].map(
  (one) => encodeRequest(one).data(),
);
testParserContract('tarsParser', {
  parser: tarsParser,
  packets,
  outputs: packets.map((packet) => packet.slice(4)),
  maxBufferedBytes: 104_857_600,
});

const answers = [
  response({ sBuffer: new ByteVector('one') }),
  response({ iRequestId: 7, status: new Map([['a', 'b']]) }),
];
testParserContract('tarsProtocol', {
  parser: responseParser(tarsProtocol),
  packets: answers.map((one) => encodeResponse(one).data()),
  outputs: answers.map((one) => withId(one.iRequestId, one.sBuffer.data())),
  maxBufferedBytes: 104_857_600,
});
