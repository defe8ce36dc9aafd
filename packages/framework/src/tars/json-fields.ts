import type { TarsJson } from '@tarsier/protocol';

/** The fields of a struct in JSON; none of what is no object, so that each takes its default. */
export function jsonFields(json: TarsJson): { readonly [name: string]: TarsJson | undefined } {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
}
