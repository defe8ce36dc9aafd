import type { Labels } from '../hub/labels.js';

/** Who let a session into a group: the program by `join`, `identify` by its answer, or the client by a subscription. */
export type GroupSource = 'program' | 'identify' | 'client';

/** A session as plain data, for a backplane that keeps it where other nodes can take it up. */
export interface SessionRecord {
  readonly id: string;
  readonly user: string;
  readonly labels: Labels;
  /** Those of the labels that were set after `identify`. */
  readonly setLabels: Labels;
  readonly ackedSequence: number;
  /** How often it was taken by a node: a record replaces one with a lower or the same number only. */
  readonly version: number;
  /** How many subscriptions its client was told of. */
  readonly subscriptions: number;
  readonly addresses: readonly (readonly [address: string, since: number, source: GroupSource])[];
}

const SOURCES: readonly unknown[] = ['program', 'identify', 'client'];

/** Whether a value that came from outside is a record. */
export function isSessionRecord(value: unknown): value is SessionRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { id, user, labels, setLabels, ackedSequence, version, subscriptions, addresses } = value as Record<
    keyof SessionRecord,
    unknown
  >;
  return (
    typeof id === 'string' &&
    typeof user === 'string' &&
    isLabels(labels) &&
    isLabels(setLabels) &&
    isCount(ackedSequence) &&
    isCount(version) &&
    isCount(subscriptions) &&
    Array.isArray(addresses) &&
    addresses.every(
      (one: unknown) => Array.isArray(one) && typeof one[0] === 'string' && isCount(one[1]) && SOURCES.includes(one[2]),
    )
  );
}

function isLabels(value: unknown): value is Labels {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((one) => ['string', 'number', 'boolean'].includes(typeof one));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
