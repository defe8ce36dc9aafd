import { type Framing, PacketType, type ProxyProtocol, type ResponsePacket } from '@tarsier/protocol';
import type { SessionCalls, SessionNews, SessionProtocol } from '../client/session-protocol.js';
import type { SessionRefusal } from '../session/session-refusal.js';
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
  open: (hasEarly, credentials) => ({
    func: '$open',
    body: withCredentials(new ByteWriter().uint8(Number(hasEarly)), credentials),
  }),
  resume: (session, epoch, sequence, subscriptions, hasEarly, credentials) => ({
    func: '$resume',
    body: withCredentials(
      new ByteWriter().text(session).text(epoch).uint48(sequence).uint32(subscriptions).uint8(Number(hasEarly)),
      credentials,
    ),
  }),
  ack: (sequence) => ({ func: '$ack', body: new ByteWriter().uint48(sequence).finish() }),
  subscribe: (group) => ({ func: '$subscribe', body: new ByteWriter().text(group).finish() }),
  unsubscribe: (group) => ({ func: '$unsubscribe', body: new ByteWriter().text(group).finish() }),
};

/** Nothing where there are none, as from clients that know of none. */
function withCredentials(body: ByteWriter, credentials: Uint8Array | undefined): Uint8Array {
  if (credentials !== undefined && credentials.length > 0) body.sizedBytes(credentials, 'credentials');
  return body.finish();
}

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
      return { kind: 'refused', group: reader.text(), ...readRefusal(reader) };
    case FrameKind.DENIED:
      return { kind: 'denied', ...readRefusal(reader) };
    default:
      return undefined;
  }
}

function readRefusal(reader: ByteReader): SessionRefusal {
  return { reason: reader.text(), code: reader.optionalText(), isLater: reader.optionalUint8() === 1 };
}
