import { encodeUtf8 } from '@tarsier/protocol';
import { murmur3 } from './murmur3.js';

/** What a call may bring to be sent to the node of its key. */
export type CallKey = number | bigint | string;

/**
 * The number that `hash` divides: an integer is taken as it is, its low 32 bits unsigned, so that `hash(7)` goes to node 7 modulo
 * their number as in C++; a text is hashed.
 */
export function hashKey(key: CallKey): number {
  return typeof key === 'string' ? murmur3(encodeUtf8(key)) : Number(BigInt.asUintN(32, BigInt(key)));
}

/** The place of a key on the ring of `consistentHash`: keys are hashed, also integers, so that small ones spread. */
export function consistentHashKey(key: CallKey): number {
  return murmur3(encodeUtf8(String(key)));
}
