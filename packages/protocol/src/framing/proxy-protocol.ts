import type { Bytes } from '../buffer/byte-vector.js';
import type { NetWorkBuffer } from '../buffer/network-buffer.js';
import type { ReqMessage } from '../message/req-message.js';
import type { RequestPacket } from '../message/request-packet.js';
import type { ResponsePacket } from '../message/response-packet.js';
import type { PacketType } from './packet-type.js';

/** What an encoder may know of the connection that its bytes will go to. Source: TC_Transceiver (TarsCpp). */
export interface Transceiver {
  /** The node, as `tcp -h 127.0.0.1 -p 10099 -t 60000`. */
  readonly endpoint: string;
  /** Whether the connection is established. */
  readonly isConnected: boolean;
  /** Name of the object that is called over it, as `App.Server.Obj`. */
  readonly object?: string;
}

/**
 * How a protocol finds out whether the peer still lives. A connection that has nothing to do sends a heartbeat each
 * `keep-alive-interval`; one whose answer does not come within that time again is closed, and says so.
 */
export interface ProtocolHeartbeat {
  /** The bytes of one heartbeat, a whole packet. */
  request(transceiver: Transceiver): Bytes;
  /**
   * Whether a packet that was decoded answers a heartbeat; it is then given to nobody else. Without this function any packet
   * that comes after the heartbeat counts as its answer, and goes its usual way.
   */
  isAnswer?(response: ResponsePacket): boolean;
}

/** A proxy as `ProxyProtocol.keepAliveCallback` sees it: enough to make a call. It is the `ServantProxy` itself. */
export interface KeepAliveProxy {
  /** Object name, as `App.Server.Obj`. */
  readonly name: string;
  genRequestId(): number;
  rpcCall(requestId: number, sFuncName: string, buff: Bytes | string): Promise<ResponsePacket>;
  rpcCallAsync(
    requestId: number,
    sFuncName: string,
    buff: Bytes | string,
    callback: { onDispatch(message: ReqMessage): number | void | Promise<number | void> } | null,
  ): void;
}

/**
 * The client's half of a protocol: an encoder of requests and a decoder of answers.
 *
 * Source: ProxyProtocol (servant/servant/AppProtocol.h).
 */
export interface ProxyProtocol {
  /**
   * Turns a request into the bytes of one packet. An exception fails that call alone, before anything is sent.
   * The bytes must not be changed afterwards: they are sent without a copy.
   */
  requestFunc(request: RequestPacket, transceiver: Transceiver): Bytes;
  /**
   * Takes one answer from the buffer: sets `response.iRequestId` (0 means a push) and `response.sBuffer`.
   * `PACKET_ERR` or an exception closes that connection; its calls fail with the cause.
   */
  responseFunc(input: NetWorkBuffer, response: ResponsePacket): PacketType;
  /**
   * How many connections a protocol without request ids uses, one call at a time on each.
   * 0 or absent: one connection, many calls in flight, answers matched by `iRequestId`.
   */
  readonly connectionSerial?: number;
  /**
   * The largest request id that fits the packets, at least 1: `genRequestId` counts up to it and begins again with 1. 2147483647 unless told,
   * and never more.
   */
  readonly maxRequestId?: number;
  /** How to tell a live connection from a half-open one; without it only silence and stalled writes are noticed. */
  readonly heartbeat?: ProtocolHeartbeat;
  /**
   * Whether a packet says that the server will close this connection. It is given to nobody else; no call is sent over the connection
   * any more, it closes when its calls are answered, and other connections take its place. The server's half is `Servant.goaway`.
   */
  isGoaway?(response: ResponsePacket): boolean;
  /**
   * Runs each `keep-alive-interval` for each proxy that is connected, unless `openKeepalive(false)` was called; may make a call
   * that keeps the connections busy. What it throws is reported as `error` event of the proxy.
   */
  keepAliveCallback?(proxy: KeepAliveProxy): void | Promise<void>;
}
