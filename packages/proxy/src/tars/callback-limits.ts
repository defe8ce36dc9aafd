import { type DecodeLimits, decodeDefaults } from '@tarsier/protocol';

const limits = new WeakMap<object, DecodeLimits>();

/** Notes what decoding the results that a callback gets may cost; the proxy that was given it last decides. */
export function limitCallback(callback: object, of: DecodeLimits): void {
  limits.set(callback, of);
}

/** What decoding one result for a callback may cost. */
export function callbackLimits(callback: object): DecodeLimits {
  return limits.get(callback) ?? decodeDefaults;
}
