// The engine keeps strings in more forms (flat, joined, cut, interned, of one or two bytes a unit) than it remembers at one place of a
// program. Where it has met too many of them, as in every server, it looks up `length` and `charCodeAt` anew each time, which
// costs more than the rest of a loop over units (Node 20.20). Neither of these is looked up.

/** `text.length`: what an addition gives is known to be a string. */
export function lengthOf(text: string): number {
  // oxlint-disable-next-line typescript/no-unnecessary-type-conversion -- it is for the engine
  return ('' + text).length;
}

/** `text.charCodeAt(at)`. */
// oxlint-disable-next-line typescript/unbound-method -- bound here to each text that it is called with
export const unitAt = Function.prototype.call.bind(String.prototype.charCodeAt) as (text: string, at: number) => number;
