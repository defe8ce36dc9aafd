/**
 * Bytes and meaning of the TARS servant model: no I/O, no timers, the same code in Node and in browsers.
 *
 * @packageDocumentation
 */
export { type Bytes, ByteVector } from './buffer/byte-vector.js';
export { type Allocate, NetWorkBuffer } from './buffer/network-buffer.js';
export { decodeUtf8, encodeUtf8 } from './buffer/utf8.js';
export { type ErrorCode, type ErrorCodeInfo, errorCodes } from './errors/error-codes.js';
export {
  ConfigException,
  ConfigNoParamException,
  EndpointParseException,
  exceptionFromResult,
  NetWorkBufferException,
  TarsClientQueueException,
  TarsCommunicatorException,
  TarsDecodeException,
  TarsEncodeException,
  TarsRegistryException,
  TarsServerConnectionException,
  TarsServerDecodeException,
  TarsServerEncodeException,
  TarsServerInvokeTimeoutException,
  TarsServerNoFuncException,
  TarsServerNoServantException,
  TarsServerQueueTimeoutException,
  TarsServerUnknownException,
  TarsSyncCallTimeoutException,
} from './errors/exceptions.js';
export { ResultCode } from './errors/result-code.js';
export { TarsException, type TarsExceptionOptions, type Where } from './errors/tars-exception.js';
export type { PacketParser } from './framing/packet-parser.js';
export { PacketType } from './framing/packet-type.js';
export type { ProxyProtocol, Transceiver } from './framing/proxy-protocol.js';
export { CallType, type ReqMessage, ReqStatus } from './message/req-message.js';
export { ProtocolVersion, RequestPacket, TarsPacketType } from './message/request-packet.js';
export { ResponsePacket } from './message/response-packet.js';
