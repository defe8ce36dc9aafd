import { type Framing, PacketType, type ProxyProtocol, type ResponsePacket } from '@tarsier/protocol';
import type { SessionCalls, SessionNews, SessionProtocol } from '../client/session-protocol.js';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { FrameKind } from './frame-kind.js';
import type { EncodeFrame } from './server-half.js';

/** Calls of the session are told from those of the application by their names. */
const kindOf: ReadonlyMap<string, number> = new Map([
  ['$open', FrameKind.OPEN],
  ['$resume', FrameKind.RESUME],
  ['$ack', FrameKind.ACK],
  ['$subscribe', FrameKind.SUBSCRIBE],
  ['$unsubscribe', FrameKind.UNSUBSCRIBE],
]);

/** Ids of `genRequestId` end below it. */
const PING_ID = 0xffff_ffff;
const EMPTY = new Uint8Array(0);

/** What the client does with push frames. */
export function clientHalf(
  framing: Framing,
  encode: EncodeFrame,
): { proxyProtocol: ProxyProtocol; session: SessionProtocol } {
  const proxyProtocol: ProxyProtocol = {
    requestFunc: ({ sBuffer, sFuncName, iRequestId }) =>
      encode(kindOf.get(sFuncName) ?? FrameKind.CALL, sBuffer.data(), iRequestId),
    responseFunc: (input, response) => {
      const type = framing.proxyProtocol.responseFunc(input, response);
      if (type !== PacketType.PACKET_FULL) return type;
      // The kind stands where TARS has the type of a packet.
      response.cPacketType = response.sBuffer.at(0);
      response.sBuffer.start++;
      return type;
    },
    heartbeat: {
      request: () => encode(FrameKind.PING, EMPTY, PING_ID),
      isAnswer: ({ iRequestId, cPacketType }) => iRequestId === PING_ID && cPacketType === FrameKind.PONG,
    },
    isGoaway: ({ cPacketType }) => cPacketType === FrameKind.GOODBYE,
  };
  return { proxyProtocol, session: { proxyProtocol, calls, read: readNews } };
}

const calls: SessionCalls = {
  open: (hasEarly) => ({ func: '$open', body: new ByteWriter().uint8(Number(hasEarly)).finish() }),
  resume: (session, epoch, sequence, subscriptions, hasEarly) => ({
    func: '$resume',
    body: new ByteWriter()
      .text(session)
      .text(epoch)
      .uint48(sequence)
      .uint32(subscriptions)
      .uint8(Number(hasEarly))
      .finish(),
  }),
  ack: (sequence) => ({ func: '$ack', body: new ByteWriter().uint48(sequence).finish() }),
  subscribe: (group) => ({ func: '$subscribe', body: new ByteWriter().text(group).finish() }),
  unsubscribe: (group) => ({ func: '$unsubscribe', body: new ByteWriter().text(group).finish() }),
};

function readNews({ cPacketType, sBuffer }: ResponsePacket): SessionNews | undefined {
  const reader = new ByteReader(sBuffer);
  switch (cPacketType) {
    case FrameKind.PUSH:
      return { kind: 'push', sequence: reader.uint48(), topic: reader.text(), id: '', payload: reader.rest() };
    case FrameKind.NAMED_PUSH:
      return {
        kind: 'push',
        sequence: reader.uint48(),
        topic: reader.text(),
        id: reader.text(),
        payload: reader.rest(),
      };
    case FrameKind.OPENED:
      return {
        kind: 'opened',
        session: reader.text(),
        epoch: reader.text(),
        sequence: reader.uint48(),
        windowMs: reader.uint32(),
      };
    case FrameKind.RESUMED:
      return { kind: 'resumed', sequence: reader.uint48() };
    case FrameKind.EXPIRED:
      return { kind: 'expired' };
    case FrameKind.GAP:
      return { kind: 'gap', from: reader.uint48(), to: reader.uint48() };
    case FrameKind.POSITION:
      return { kind: 'position', sequence: reader.uint48() };
    case FrameKind.SUBSCRIBED:
      return { kind: 'subscribed', group: reader.text(), sequence: reader.uint48() };
    case FrameKind.UNSUBSCRIBED:
      return { kind: 'unsubscribed', group: reader.text() };
    case FrameKind.REFUSED:
      return { kind: 'refused', group: reader.text(), reason: reader.text() };
    default:
      return undefined;
  }
}
