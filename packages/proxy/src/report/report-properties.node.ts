import { basename, extname } from 'node:path';
import { ConfigException, parseObjectString } from '@tarsier/protocol';
import type { NumberProperty } from '../number-property.js';
import type { ReportSettings } from './report-settings.js';

const interval: NumberProperty = ['report-interval', 60_000];
const timeout: NumberProperty = ['report-timeout', 5000];
const maxSize: NumberProperty = ['max-report-size', 1400];
const MIN_INTERVAL_MS = 10_000;
const MIN_TIMEOUT_MS = 5000;
/** A report fits into one datagram that is not cut on its way. */
const MIN_BYTES = 500;
const MAX_BYTES = 1400;

/** The properties of reports that are numbers. */
export const reportNumbers: readonly NumberProperty[] = [interval, timeout, maxSize];

/** @throws ConfigException for a property that names an object, and does not parse. */
export function checkReportObject(key: string, text: string): void {
  if ((key !== 'stat' && key !== 'property') || text === '') return;
  try {
    parseObjectString(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigException(`property ${key}: expected an object, as tars.tarsstat.StatObj: ${why}`, {
      cause,
      where: { key },
    });
  }
}

/**
 * What the properties say of reports; undefined when nobody takes any. Values that TarsCpp raises or lowers are raised and lowered here.
 *
 * @param setDivision the set of this client; empty when it is in none.
 * Source: Communicator::initialize, StatReport::setReportInfo (servant/libservant, TarsCpp).
 */
export function reportSettings(text: (name: string) => string, setDivision: string): ReportSettings | undefined {
  const number = ([name]: NumberProperty): number => Number(text(name));
  const { 1: script = 'client' } = process.argv;
  const bytes = number(maxSize);
  const settings = {
    stat: text('stat'),
    property: text('property'),
    intervalMs: Math.max(MIN_INTERVAL_MS, number(interval)),
    timeoutMs: Math.max(MIN_TIMEOUT_MS, number(timeout)),
    maxBytes: bytes >= MIN_BYTES && bytes <= MAX_BYTES ? bytes : MAX_BYTES,
    moduleName: text('modulename') || basename(script, extname(script)),
    setDivision,
  };
  return settings.stat === '' && settings.property === '' ? undefined : settings;
}
