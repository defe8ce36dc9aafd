/**
 * Bytes and meaning of the TARS servant model: no I/O, no timers, the same code in Node and in browsers.
 *
 * @module @tarsier/protocol
 */
export { type Bytes, ByteVector } from './buffer/byte-vector.js';
export { bytesOf } from './buffer/bytes-of.js';
export { type Allocate, NetWorkBuffer } from './buffer/network-buffer.js';
export { cutText, ownText } from './buffer/own-text.js';
export { decodeUtf8, encodeUtf8 } from './buffer/utf8.js';
export type { ConfigObject } from './config/config-object.js';
export type { ConfigPosition } from './config/config-position.js';
export { TarsConfig } from './config/tars-config.js';
export { Endpoint } from './endpoint/endpoint.js';
export type { Discovery, EndpointInit, EndpointType } from './endpoint/endpoint-fields.js';
export { type ObjectString, parseObjectString } from './endpoint/object-name.js';
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
export { type CallPhase, TarsException, type TarsExceptionOptions, type Where } from './errors/tars-exception.js';
export {
  type BinaryLengthOptions,
  binaryLength,
  parseBinary1,
  parseBinary2,
  parseBinary4,
} from './framing/binary-length.js';
export { type DelimiterOptions, delimiter } from './framing/delimiter.js';
export { parseEcho } from './framing/echo.js';
export type { Framing } from './framing/framing.js';
export { type HttpFramingOptions, httpFraming, parseHttp } from './framing/http-message.js';
export { type LengthFieldOptions, lengthField, type RequestIdOptions } from './framing/length-field.js';
export type { AnswerMatching, PacketParser } from './framing/packet-parser.js';
export { PacketType } from './framing/packet-type.js';
export type { KeepAliveProxy, ProtocolHeartbeat, ProxyProtocol, Transceiver } from './framing/proxy-protocol.js';
export { CallType, type ReqMessage, ReqStatus } from './message/req-message.js';
export { ProtocolVersion, RequestPacket, TarsPacketType } from './message/request-packet.js';
export { ResponsePacket } from './message/response-packet.js';
export { Emitter, type EmitterArgs, type EmitterListener, type ListenerFault } from './observe/emitter.js';
export type { Logger } from './observe/logger.js';
export { decodeArgs, decodeResult, encodeArgs, encodeResult } from './tars/call-codec.js';
export { type DecodeLimits, decodeDefaults } from './tars/decode-budget.js';
export { encodePush, type PushOptions } from './tars/encode-push.js';
export { tarsParser } from './tars/frame.js';
export { type StructReader, TarsInputStream } from './tars/input-stream.js';
export { tarsJsonField } from './tars/json-field.js';
export { type StructWriter, TarsOutputStream } from './tars/output-stream.js';
export { parseTarsJson } from './tars/parse-json.js';
export { decodeRequest, encodeRequest } from './tars/request-codec.js';
export { decodeResponse, encodeResponse } from './tars/response-codec.js';
export { sortedEntries } from './tars/sorted-entries.js';
export { StatusKey } from './tars/status-keys.js';
export { stringifyTarsJson } from './tars/stringify-json.js';
export { decodeStruct, encodeStruct } from './tars/struct-bytes.js';
export type { TarsStructType } from './tars/struct-type.js';
export { tars } from './tars/tars.js';
export {
  type TarsFunction,
  type TarsInterface,
  type TarsParam,
  type TarsParamInit,
  tarsFunction,
} from './tars/tars-function.js';
export type { TarsJson } from './tars/tars-json.js';
export { tarsProtocol } from './tars/tars-protocol.js';
export type { TarsType } from './tars/tars-type.js';
export { WireType } from './tars/wire-type.js';
export { checkCount, checkDurationMs, MAX_COUNT, MAX_DURATION_MS, type NumberRules } from './time/check-duration.js';
export type { TimeSource } from './time/time-source.js';
