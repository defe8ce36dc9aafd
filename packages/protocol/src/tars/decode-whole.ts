import type { Bytes } from '../buffer/byte-vector.js';
import { TarsDecodeException } from '../errors/exceptions.js';
import { type DecodeLimits, decodeDefaults } from './decode-budget.js';
import { faultOf } from './decode-fault.js';
import { fieldPath } from './field-path.js';
import { type StructReader, TarsInputStream } from './input-stream.js';

/** A fault that lies behind so many bytes is told without its path: to find that, all of them are walked through again. */
const LONGEST_WALK = 1_048_576;

/** What a path begins with, and the names of the fields of its first step. */
type Names = Pick<StructReader<unknown>, 'typeName' | 'fieldNames'>;

/**
 * Reads bytes from their begin, and gives a fault the path of the field it lies in, as `vec.All.path[3].x`. Where that is is found out
 * only then: reading itself keeps no track of it.
 *
 * @param what given to `read`, which so needs no closure.
 * @param limits what decoding may cost; the defaults unless told.
 * @param base where the bytes begin in those that the caller knows of; added to the offset.
 */
export function decodeWhole<T, What>(
  bytes: Bytes,
  names: Names,
  read: (is: TarsInputStream, what: What) => T,
  what: What,
  limits: DecodeLimits = decodeDefaults,
  base = 0,
): T {
  const is = new TarsInputStream(bytes, limits);
  try {
    return read(is, what);
  } catch (cause) {
    const fault = faultOf(cause);
    if (fault === undefined || fault.stream !== is) throw cause;
    const offset = base + fault.offset;
    const path = fault.offset > LONGEST_WALK ? names.typeName : fieldPath(bytes, names, fault);
    throw new TarsDecodeException(`byte ${offset}, ${path}: ${fault.problem}`, { where: { offset } });
  }
}
