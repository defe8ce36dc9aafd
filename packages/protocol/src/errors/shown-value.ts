const MAX_TEXT = 40;

/** Reads what a value may refuse to tell: a getter of it, or a Proxy, may throw. */
function tagOf(value: object): string {
  try {
    return Array.isArray(value) ? 'Array' : Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    return 'Object';
  }
}

/** A short text for a value that was handed over where another was wanted, for messages. Never throws. */
export function shownValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value);
    case 'bigint':
      return 'a bigint';
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    case 'object': {
      if (value === null) return 'null';
      const tag = tagOf(value);
      if (tag === 'Promise') return 'a Promise: await it first';
      return `${/^[AEIOU]/.test(tag) ? 'an' : 'a'} ${tag.slice(0, MAX_TEXT)}`;
    }
    case 'boolean':
    case 'number':
    case 'undefined':
      return String(value);
  }
}
