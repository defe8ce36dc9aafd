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
  if (typeof value === 'string') {
    return JSON.stringify(value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value);
  }
  if (typeof value === 'object' && value !== null) {
    const tag = tagOf(value);
    if (tag === 'Promise') return 'a Promise: await it first';
    return `${/^[AEIOU]/.test(tag) ? 'an' : 'a'} ${tag.slice(0, MAX_TEXT)}`;
  }
  const isShort = value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean';
  return isShort ? String(value) : `a ${typeof value}`;
}
