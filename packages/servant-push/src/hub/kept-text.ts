import { TarsException } from '@tarsier/framework';
import type { Labels } from './labels.js';

/** The name of a user, and all labels of a member together, in bytes of UTF-8: they are kept for as long as a session may be away. */
export const MAX_USER_BYTES = 1024;
export const MAX_LABEL_BYTES = 8192;
/** The name of a group; it has to fit its field on the wire. */
const MAX_GROUP_BYTES = 65_535;

/**
 * A text of its own. What a program cuts out of a packet would keep all of the packet alive.
 *
 * @param what names it, as `the group`.
 * @throws TarsException `TARSIER_PUSH_LIMIT` for a longer one, `TARSIER_INVALID_ARGUMENT` for what is no text.
 */
export function keptText(text: string, maxBytes: number, what: string): string {
  if (typeof text !== 'string') {
    throw new TarsException(`PushHub: ${what} must be a text, found ${String(text)}`, {
      code: 'TARSIER_INVALID_ARGUMENT',
    });
  }
  const bytes = Buffer.from(text);
  if (bytes.length > maxBytes) throw tooLong(what, bytes.length, maxBytes);
  return bytes.toString();
}

/**
 * The name of a group, as a text of its own.
 *
 * @throws as {@link keptText}.
 */
export function keptGroup(name: string): string {
  return keptText(name, MAX_GROUP_BYTES, 'the name of a group');
}

/**
 * Labels of their own; those that are undefined are left out.
 *
 * @throws TarsException `TARSIER_PUSH_LIMIT` when they are too many, `TARSIER_INVALID_ARGUMENT` for a value that is none.
 */
export function keptLabels(labels: Labels): Labels {
  let left = MAX_LABEL_BYTES;
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(labels)) {
    if (value === undefined) continue;
    const isPlain = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
    if (!isPlain) {
      throw new TarsException(
        `PushHub: the label ${name} must be a text, a finite number or a boolean, found ${String(value)}`,
        { code: 'TARSIER_INVALID_ARGUMENT' },
      );
    }
    left -= Buffer.byteLength(name) + (typeof value === 'string' ? Buffer.byteLength(value) : 8);
    if (left < 0) throw tooLong('the labels', MAX_LABEL_BYTES - left, MAX_LABEL_BYTES);
    const own = keptText(name, MAX_LABEL_BYTES, 'the name of a label');
    kept[own] = typeof value === 'string' ? keptText(value, MAX_LABEL_BYTES, `the label ${own}`) : value;
  }
  return kept;
}

function tooLong(what: string, bytes: number, limit: number): TarsException {
  return new TarsException(`PushHub: ${what} would take ${bytes} bytes; ${limit} are allowed`, {
    code: 'TARSIER_PUSH_LIMIT',
    where: { limit },
  });
}
