import { type Bytes, ByteVector, TarsDecodeException } from '@tarsier/protocol';
import type { HubProtocol, SessionNotice, SessionRequest } from '../hub/hub-protocol.js';
import type { SessionRefusal } from '../session/session-refusal.js';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { FrameKind } from './frame-kind.js';

/** Makes a packet. */
export type EncodeFrame = (kind: number, body: Uint8Array, requestId: number) => Uint8Array;

/** A request of the application. */
export interface CallRequest {
  readonly requestId: number;
  readonly body: ByteVector;
}

/** What has the bytes of a packet: a `Current`. */
interface Packet {
  getRequestVector(): ByteVector;
}

/** Offset of the request id. */
const ID_OFFSET = 4;

/** What the server does with push frames. */
export function serverHalf(encode: EncodeFrame): { hub: HubProtocol; request: (packet: Packet) => CallRequest } {
  return {
    hub: {
      encode: ({ topic, sequence, payload, id }) => {
        const head = new ByteWriter().uint48(sequence).text(topic);
        if (id === '') return encode(FrameKind.PUSH, joined(head.finish(), payload), 0);
        return encode(FrameKind.NAMED_PUSH, joined(head.text(id).finish(), payload), 0);
      },
      session: {
        read: (current) => readRequest(current),
        encode: (notice, requestId) => {
          const [kind, body] = noticeBody(notice);
          return encode(kind, body.finish(), requestId);
        },
      },
    },
    request: (packet) => {
      const reader = new ByteReader(packet.getRequestVector(), ID_OFFSET);
      const requestId = reader.uint32();
      reader.uint8();
      return { requestId, body: reader.rest() };
    },
  };
}

function joined(head: Uint8Array, payload: Bytes): Uint8Array {
  const body = payload instanceof ByteVector ? payload.data() : payload;
  const all = new Uint8Array(head.length + body.length);
  all.set(head);
  all.set(body, head.length);
  return all;
}

function readRequest(packet: Packet): SessionRequest | undefined {
  const reader = new ByteReader(packet.getRequestVector(), ID_OFFSET);
  const requestId = reader.uint32();
  const kind = reader.uint8();
  switch (kind) {
    case FrameKind.CALL:
      return undefined;
    case FrameKind.OPEN:
      return { kind: 'open', requestId, hasEarly: reader.optionalUint8() === 1, credentials: reader.optionalBytes() };
    case FrameKind.RESUME:
      return {
        kind: 'resume',
        requestId,
        session: reader.text(),
        epoch: reader.text(),
        sequence: reader.uint48(),
        subscriptions: reader.uint32(),
        // Older clients do not tell.
        hasEarly: reader.isAtEnd || reader.uint8() === 1,
        credentials: reader.optionalBytes(),
      };
    case FrameKind.ACK:
      return { kind: 'ack', sequence: reader.uint48() };
    case FrameKind.SUBSCRIBE:
      return { kind: 'subscribe', requestId, group: reader.text() };
    case FrameKind.UNSUBSCRIBE:
      return { kind: 'unsubscribe', requestId, group: reader.text() };
    case FrameKind.PING:
      return { kind: 'ping', requestId };
    default:
      throw new TarsDecodeException(`a packet of the unknown kind ${kind}; look whether both sides have one version`, {
        where: { requestId },
      });
  }
}

function noticeBody(notice: SessionNotice): [kind: number, body: ByteWriter] {
  const body = new ByteWriter();
  switch (notice.kind) {
    case 'opened': {
      const { session, epoch, sequence, windowMs } = notice;
      return [FrameKind.OPENED, body.text(session).text(epoch).uint48(sequence).uint32(windowMs)];
    }
    case 'resumed':
      return [FrameKind.RESUMED, body.uint48(notice.sequence)];
    case 'expired':
      return [FrameKind.EXPIRED, body];
    case 'gap':
      return [FrameKind.GAP, body.uint48(notice.from).uint48(notice.to)];
    case 'position':
      return [FrameKind.POSITION, body.uint48(notice.sequence)];
    case 'subscribed':
      return [FrameKind.SUBSCRIBED, body.text(notice.group).uint48(notice.sequence)];
    case 'unsubscribed':
      return [FrameKind.UNSUBSCRIBED, body.text(notice.group)];
    case 'refused':
      return [FrameKind.REFUSED, writeRefusal(body.text(notice.group), notice)];
    case 'denied':
      return [FrameKind.DENIED, writeRefusal(body, notice)];
    case 'pong':
      return [FrameKind.PONG, body];
    case 'goodbye':
      return [FrameKind.GOODBYE, body];
    default:
      return notice satisfies never;
  }
}

function writeRefusal(body: ByteWriter, { reason, code, isLater }: SessionRefusal): ByteWriter {
  return body.text(reason).text(code).uint8(Number(isLater));
}
