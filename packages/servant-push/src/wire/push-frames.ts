import { type Bytes, ByteVector, lengthField, type PacketParser, type ProxyProtocol } from '@tarsier/protocol';
import type { SessionProtocol } from '../client/session-protocol.js';
import type { HubProtocol } from '../hub/hub-protocol.js';
import { clientHalf } from './client-half.js';
import { FrameKind } from './frame-kind.js';
import { type CallRequest, serverHalf } from './server-half.js';

/** What {@link pushFrames} may be told. */
export interface PushFramesOptions {
  /** Largest packet in bytes, header included; 1 MiB unless told. */
  readonly max?: number;
}

/** Both halves of a protocol with sessions. */
export interface PushFrames {
  /** For `addServantProtocol`. */
  readonly parser: PacketParser;
  /** For `new PushHub({ protocol })`. */
  readonly hub: HubProtocol;
  /** For `setProtocol`; `PushSession` does it. */
  readonly proxyProtocol: ProxyProtocol;
  /** For `new PushSession(prx, { protocol })`. */
  readonly session: SessionProtocol;
  /** The request of the application that a packet carries, for `onRequest`. */
  request(packet: { getRequestVector(): ByteVector }): CallRequest;
  /** The answer to it. */
  answer(requestId: number, body: Bytes | string): Uint8Array;
}

/** Length, request id, kind. */
const HEADER_BYTES = 9;

/**
 * A framing that has all that sessions need, for byte streams of any transport: TCP, TLS, Unix sockets and WebSocket.
 *
 * Layout: `| length: uint32 BE, counts itself | request id: uint32 BE, 0 for what answers nothing | kind: uint8 | body |`. The kinds and their
 * bodies stand in docs/reference/wire.md.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` for a `max` that is none.
 */
export function pushFrames({ max = 1_048_576 }: PushFramesOptions = {}): PushFrames {
  const framing = lengthField({
    bytes: 4,
    includesHeader: true,
    min: HEADER_BYTES,
    max,
    requestId: { offset: 4, bytes: 4 },
  });
  const encode = (kind: number, body: Uint8Array, requestId: number): Uint8Array => {
    const bytes = new Uint8Array(1 + body.length);
    bytes[0] = kind;
    bytes.set(body, 1);
    return framing.encode(bytes, requestId);
  };
  const server = serverHalf(encode);
  const client = clientHalf(framing, encode);
  return {
    parser: framing,
    hub: server.hub,
    proxyProtocol: client.proxyProtocol,
    session: client.session,
    request: server.request,
    answer: (requestId, body) => encode(FrameKind.CALL, new ByteVector(body).data(), requestId),
  };
}
