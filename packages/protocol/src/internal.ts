/**
 * For the sibling packages only, at exactly the same version; no promise is made about what stands here.
 *
 * @packageDocumentation
 */

export { lowerAscii } from './buffer/ascii.js';
export { asBytes } from './buffer/bytes-of.js';
export {
  booleanValue,
  configKeyError,
  configValueError,
  durationMsValue,
  integerValue,
  parseBoolean,
  parseInteger,
  parseSize,
  sizeValue,
  type ValueBounds,
} from './config/config-value.js';
export { nearestName } from './config/nearest-name.js';
export { isNamed } from './endpoint/endpoint-fields.js';
export { checkFunction, checkMethods } from './errors/check-function.js';
export { shownValue } from './errors/shown-value.js';
export { callBack, type FaultReport, watchResult } from './observe/call-back.js';
export { escapeControls, escapeLines } from './observe/escape-controls.js';
export { checkLogger, guardLogger } from './observe/guard-logger.js';
export { argsVector, resultVector } from './tars/call-codec.js';
export { resultPacket } from './tars/result-packet.js';
export { timerMs } from './time/check-duration.js';
export { TimerNode, TimerWheel } from './time/timer-wheel.js';
export { BlockPool } from './transport/block-pool.js';
export { type Defer, type Flushable, FlushList } from './transport/flush-list.js';
export { type ByteSink, SendQueue } from './transport/send-queue.js';
