import { checkDurationMs, TarsException } from '@tarsier/framework';
import { type DeliveryLimits, defaultHubLimits, type HubLimitOptions, type HubLimits } from './delivery.js';

const CLASSES = ['reliable', 'latest', 'volatile'] as const;
const NUMBERS = ['bytes', 'pushes', 'ageMs'] as const;
const POLICIES = ['close', 'drop-oldest', 'drop-newest'];

/**
 * The limits with their defaults.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` that names the one that is wrong.
 */
export function hubLimits(options: HubLimitOptions = {}): HubLimits {
  const limits: Record<(typeof CLASSES)[number], DeliveryLimits> = {
    reliable: { ...defaultHubLimits.reliable, ...options.reliable },
    latest: { ...defaultHubLimits.latest, ...options.latest },
    volatile: { ...defaultHubLimits.volatile, ...options.volatile },
  };
  for (const name of CLASSES) {
    for (const key of NUMBERS) checkNumber(`limits.${name}.${key}`, limits[name][key]);
    const { policy } = limits[name];
    if (!POLICIES.includes(policy)) throw invalid(`limits.${name}.policy`, `one of ${POLICIES.join(', ')}`, policy);
  }
  const totalBytes = options.totalBytes ?? defaultHubLimits.totalBytes;
  checkNumber('limits.totalBytes', totalBytes);
  return { ...limits, totalBytes };
}

function checkNumber(key: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 0)) throw invalid(key, 'an integer from 0', value);
  if (key.endsWith('Ms')) checkDurationMs(`PushHub: ${key}`, value, { min: 0, where: { key } });
}

function invalid(key: string, expected: string, found: unknown): TarsException {
  return new TarsException(`PushHub: ${key} must be ${expected}, found ${String(found)}`, {
    code: 'TARSIER_INVALID_ARGUMENT',
    where: { key },
  });
}
