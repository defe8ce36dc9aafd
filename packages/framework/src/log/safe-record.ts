import { shownValue } from '@tarsier/protocol/internal';

/** Characters of one text. Peers and exceptions choose texts; a line is to be read. */
const MAX_TEXT = 8192;
/** Characters of all texts of a line, the names of fields included. */
const MAX_TEXTS = 32_768;
const MAX_DEPTH = 6;
/** Entries of one object or list. */
const MAX_ENTRIES = 100;

/** What a field is shown as that cannot be read. */
const UNREADABLE = '[unreadable]';

/** Cuts a text, and says how much is left out. */
export function cutText(given: unknown, max: number = MAX_TEXT): string {
  const text = typeof given === 'string' ? given : shownValue(given);
  return text.length <= max ? text : `${text.slice(0, max)}… (${text.length - max} more)`;
}

/** Copies the fields of one line. */
class RecordCopy {
  readonly #above = new Set<object>();
  #left = MAX_TEXTS;

  text(text: string): string {
    const cut = cutText(text, Math.min(MAX_TEXT, Math.max(0, this.#left)));
    this.#left -= cut.length;
    return cut;
  }

  /** Never throws: what a getter, a `toJSON` or a Proxy throws stands for the value. */
  value(value: unknown): unknown {
    try {
      if (typeof value === 'string') return this.text(value);
      if (typeof value === 'bigint' || typeof value === 'symbol') return this.text(String(value));
      if (typeof value === 'object' && value !== null) return this.#object(value);
      return typeof value === 'function' ? '[function]' : value;
    } catch {
      return UNREADABLE;
    }
  }

  #object(value: object): unknown {
    if (this.#above.has(value)) return '[circular]';
    if (this.#above.size >= MAX_DEPTH) return '[deep]';
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    this.#above.add(value);
    try {
      if (value instanceof Error) return this.#error(value);
      const { toJSON } = value as { toJSON?: unknown };
      if (typeof toJSON === 'function') return this.value(toJSON.call(value));
      return Array.isArray(value) ? this.#list(value) : this.fields(value, {});
    } finally {
      this.#above.delete(value);
    }
  }

  #error(error: Error): object {
    const copy: Record<string, unknown> = {};
    for (const [shown, key] of [
      ['type', 'name'],
      ['message', 'message'],
      ['stack', 'stack'],
      ['cause', 'cause'],
    ] as const) {
      const value = this.#read(error, key);
      if (value !== undefined) copy[shown] = this.value(value);
    }
    return this.fields(error, copy);
  }

  #read(of: object, key: string): unknown {
    try {
      return Reflect.get(of, key);
    } catch {
      return UNREADABLE;
    }
  }

  #list(list: readonly unknown[]): unknown[] {
    const copy = list.slice(0, MAX_ENTRIES).map((value) => this.value(value));
    if (list.length > MAX_ENTRIES) copy.push(`… (${list.length - MAX_ENTRIES} more)`);
    return copy;
  }

  fields(of: object, copy: Record<string, unknown>): Record<string, unknown> {
    let entries = 0;
    for (const key of Object.keys(of)) {
      if (entries++ >= MAX_ENTRIES || this.#left <= 0) {
        copy['…'] = 'more';
        break;
      }
      if (!Object.hasOwn(copy, key)) copy[this.text(key)] = this.value(this.#read(of, key));
    }
    return copy;
  }
}

/**
 * The fields of a log line as plain values that JSON can tell, whatever they were: errors with their causes, integers of 64 bits; what refers to
 * itself, what throws when it is read, and what is too long is cut.
 */
export function safeRecord(fields: object | undefined): Record<string, unknown> {
  if (fields === undefined) return {};
  const copy = new RecordCopy();
  try {
    return copy.fields(fields, {});
  } catch {
    return { fields: UNREADABLE };
  }
}
