import { ByteVector } from '../buffer/byte-vector.js';
import { PacketType } from '../framing/packet-type.js';
import type { ProxyProtocol } from '../framing/proxy-protocol.js';
import { ProtocolVersion, RequestPacket } from '../message/request-packet.js';
import { tarsParser } from './frame.js';
import { encodeRequest } from './request-codec.js';
import { decodeResponse } from './response-codec.js';

/** Ids of `genRequestId` are positive, and 0 is a push. */
const PING_ID = -1;
/** Source: TARS_PING of ServantProxy (TarsCpp). */
const PING = 'tars_ping';
const PING_TIMEOUT_MS = 5000;
/** What a TarsGo server that shuts down says. Source: tars/protocol/push (TarsGo). */
const GOODBYE = '_reconnect_';

/** One for all packets: nothing of it is kept but the ranges that are taken from it. */
const packet = new ByteVector();

/**
 * The client's half of TARS: versions 1, 2, 3 and 5 of requests and answers, many calls on one connection.
 *
 * Its heartbeat is a call of `tars_ping` with the id -1, which `genRequestId` never gives; any answer to it counts, even that
 * there is no such servant. A request whose version is 0 is sent as version 1.
 *
 * Source: ProxyProtocol::tarsRequest, totalResponse (servant/servant/AppProtocol.h).
 */
export const tarsProtocol: ProxyProtocol = {
  requestFunc: (request) => {
    if (request.iVersion === ProtocolVersion.CUSTOM) request.iVersion = ProtocolVersion.TARSVERSION;
    return encodeRequest(request);
  },
  responseFunc: (input, response) => {
    const type = tarsParser(input, packet);
    if (type === PacketType.PACKET_FULL) decodeResponse(packet, response);
    return type;
  },
  heartbeat: {
    request: ({ object = '' }) => {
      const request = new RequestPacket();
      request.iVersion = ProtocolVersion.TARSVERSION;
      request.iRequestId = PING_ID;
      request.sServantName = object;
      request.sFuncName = PING;
      request.iTimeout = PING_TIMEOUT_MS;
      return encodeRequest(request);
    },
    isAnswer: ({ iRequestId }) => iRequestId === PING_ID,
  },
  isGoaway: ({ iRequestId, sResultDesc }) => iRequestId === 0 && sResultDesc === GOODBYE,
};
