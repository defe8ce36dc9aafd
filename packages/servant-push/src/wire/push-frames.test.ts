import { ByteVector, NetWorkBuffer, PacketType, RequestPacket, ResponsePacket, TarsException } from '@tarsier/protocol';
import { checkProtocol } from '@tarsier/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionNews } from '../client/session-protocol.js';
import type { SessionNotice, SessionRequest } from '../hub/hub-protocol.js';
import { pushFrames } from './push-frames.js';

const frames = pushFrames();
const transceiver = { endpoint: 'tcp -h a -p 1', isConnected: true };
const text = fc.string({ unit: 'grapheme', maxLength: 50 });
const sequence = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const id = fc.integer({ min: 1, max: 0xffff_fffe });

/** What the server's parser makes of bytes. */
function onServer(bytes: Uint8Array): { getRequestVector(): ByteVector } {
  const input = new NetWorkBuffer();
  input.addBuffer(bytes);
  const packet = new ByteVector();
  expect(frames.parser(input, packet)).toBe(PacketType.PACKET_FULL);
  expect(input.getBufferLength()).toBe(0);
  return { getRequestVector: () => packet };
}

/** What the client's decoder makes of bytes. */
function onClient(bytes: Uint8Array): ResponsePacket {
  const input = new NetWorkBuffer();
  input.addBuffer(bytes);
  const response = new ResponsePacket();
  expect(frames.proxyProtocol.responseFunc(input, response)).toBe(PacketType.PACKET_FULL);
  return response;
}

/** The bytes of a call of the session. */
function called(call: { func: string; body: Uint8Array | ByteVector }, requestId: number): Uint8Array {
  const request = new RequestPacket();
  request.sFuncName = call.func;
  request.sBuffer = call.body;
  request.iRequestId = requestId;
  return new ByteVector(frames.proxyProtocol.requestFunc(request, transceiver)).data();
}

/** As the hub reads it; a `Current` has the same method. */
const read = (bytes: Uint8Array): SessionRequest | undefined => frames.hub.session?.read(onServer(bytes) as never);
const notice = (one: SessionNotice, requestId: number): Uint8Array =>
  new ByteVector(frames.hub.session?.encode(one, requestId)).data();

describe('push frames', () => {
  it('bear what networks and strangers do', async () => {
    const { calls } = frames.session;
    const samples = [
      called(calls.open(false), 1),
      called(calls.subscribe('a group'), 2),
      called(calls.ack(70_000), 0),
      called({ func: 'echo', body: new Uint8Array([1, 2, 3]) }, 7),
    ];
    await checkProtocol(
      { parser: frames.parser, proxyProtocol: frames.proxyProtocol },
      {
        samples,
        answers: [
          notice({ kind: 'expired' }, 1),
          notice({ kind: 'gap', from: 1, to: 9 }, 0),
          new ByteVector(
            frames.hub.encode({
              topic: 't',
              payload: new Uint8Array(5),
              sequence: 9,
              delivery: 'reliable',
              key: '',
              id: '',
            }),
          ).data(),
        ],
        maxPacketBytes: 1_048_576,
      },
    );
  });

  it('carry what a client asks for', () => {
    const { calls } = frames.session;
    fc.assert(
      fc.property(text, text, sequence, id, fc.boolean(), (one, other, number, requestId, hasEarly) => {
        expect(read(called(calls.open(hasEarly), requestId))).toEqual({ kind: 'open', requestId, hasEarly });
        expect(read(called(calls.resume(one, other, number, 3, hasEarly), requestId))).toEqual({
          kind: 'resume',
          requestId,
          session: one,
          epoch: other,
          sequence: number,
          subscriptions: 3,
          hasEarly,
        });
        expect(read(called(calls.ack(number), 0))).toEqual({ kind: 'ack', sequence: number });
        expect(read(called(calls.subscribe(one), requestId))).toEqual({ kind: 'subscribe', requestId, group: one });
        expect(read(called(calls.unsubscribe(one), requestId))).toEqual({ kind: 'unsubscribe', requestId, group: one });
      }),
    );
  });

  it('are read without the byte that older clients do not send', () => {
    const { calls } = frames.session;
    const shortened = ({ func, body }: ReturnType<typeof calls.open>): Uint8Array =>
      called({ func, body: new ByteVector(body).data().slice(0, -1) }, 1);
    expect(read(shortened(calls.open(true)))).toMatchObject({ kind: 'open', hasEarly: false });
    expect(read(shortened(calls.resume('s', 'e', 7, 3, false)))).toMatchObject({ subscriptions: 3, hasEarly: true });
  });

  it('carry what a client is told', () => {
    const notices = fc.oneof(
      fc.record({
        kind: fc.constant('opened' as const),
        session: text,
        epoch: text,
        sequence,
        windowMs: fc.integer({ min: 0, max: 0xffff_ffff }),
      }),
      fc.record({ kind: fc.constant('resumed' as const), sequence }),
      fc.constant({ kind: 'expired' as const }),
      fc.record({ kind: fc.constant('gap' as const), from: sequence, to: sequence }),
      fc.record({ kind: fc.constant('position' as const), sequence }),
      fc.record({ kind: fc.constant('subscribed' as const), group: text, sequence }),
      fc.record({ kind: fc.constant('unsubscribed' as const), group: text }),
      fc.record({
        kind: fc.constant('refused' as const),
        group: text,
        reason: text,
        code: text,
        isLater: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('denied' as const), reason: text, code: text, isLater: fc.boolean() }),
    );
    fc.assert(
      fc.property(notices, id, (one, requestId) => {
        const response = onClient(notice(one, requestId));
        expect(response.iRequestId).toBe(requestId);
        expect(frames.session.read(response)).toEqual(one satisfies SessionNews);
      }),
    );
  });

  it('carry pushes', () => {
    fc.assert(
      fc.property(text, fc.uint8Array({ maxLength: 300 }), sequence, text, (topic, payload, number, id) => {
        const push = { topic, payload, sequence: number, delivery: 'reliable', key: '', id } as const;
        const response = onClient(new ByteVector(frames.hub.encode(push)).data());
        expect(response.iRequestId).toBe(0);
        const news = frames.session.read(response);
        expect(news).toMatchObject({ kind: 'push', topic, sequence: number, id });
        expect(news?.kind === 'push' && Buffer.compare(news.payload.data(), payload)).toBe(0);
      }),
    );
  });

  it('carry calls of the application, of which the body is all that it sees', () => {
    const bytes = called({ func: 'echo', body: new Uint8Array([1, 2, 3]) }, 7);
    expect(read(bytes)).toBeUndefined();
    const { requestId, body } = frames.request(onServer(bytes));
    expect([requestId, ...body.data()]).toEqual([7, 1, 2, 3]);
    const response = onClient(frames.answer(7, 'ok'));
    expect(frames.session.read(response)).toBeUndefined();
    expect(response.iRequestId).toBe(7);
    expect(response.sBuffer.toString()).toBe('ok');
  });

  it('have the layout that the documentation shows', () => {
    const push = {
      topic: 'g',
      payload: Buffer.from('hi'),
      sequence: 7,
      delivery: 'reliable',
      key: '',
      id: '',
    } as const;
    expect(Buffer.from(new ByteVector(frames.hub.encode(push)).data()).toString('hex')).toBe(
      '00000014000000001000000000000700016768 69'.replace(' ', ''),
    );
  });

  it('refuse what they cannot read, and nothing worse happens', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.uint8Array({ maxLength: 40 }), (kind, body) => {
        const bytes = frames.answer(1, body);
        bytes[8] = kind;
        for (const attempt of [() => read(bytes), () => frames.session.read(onClient(bytes))]) {
          try {
            attempt();
          } catch (error) {
            expect(TarsException.is(error)).toBe(true);
          }
        }
      }),
    );
    const long = {
      topic: 'x'.repeat(70_000),
      payload: new Uint8Array(0),
      sequence: 0,
      delivery: 'reliable',
      key: '',
      id: '',
    };
    expect(() => frames.hub.encode(long as never)).toThrow(/a name of 70000 bytes does not fit/);
  });

  it('know heartbeats and goodbyes', () => {
    const { heartbeat } = frames.proxyProtocol;
    const ping = new ByteVector(heartbeat?.request(transceiver)).data();
    expect(read(ping)).toMatchObject({ kind: 'ping' });
    const { requestId } = read(ping) as { requestId: number };
    expect(heartbeat?.isAnswer?.(onClient(notice({ kind: 'pong' }, requestId)))).toBe(true);
    expect(heartbeat?.isAnswer?.(onClient(frames.answer(1, 'x')))).toBe(false);
    expect(frames.proxyProtocol.isGoaway?.(onClient(notice({ kind: 'goodbye' }, 0)))).toBe(true);
    expect(frames.proxyProtocol.isGoaway?.(onClient(notice({ kind: 'expired' }, 0)))).toBe(false);
  });
});
