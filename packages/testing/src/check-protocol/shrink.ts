/** Bytes, and where they are cut. */
export interface Case {
  readonly bytes: Uint8Array;
  readonly cuts: readonly number[];
}

/**
 * Looks for a smaller case that still shows the fault: fewer chunks, fewer bytes, simpler bytes.
 *
 * @param attempts how often the fault may be tried for.
 */
export function shrink(start: Case, shows: (tried: Case) => boolean, attempts = 3000): Case {
  let best = start;
  let left = attempts;
  const accept = (tried: Case): boolean => {
    if (left-- <= 0 || !shows(tried)) return false;
    best = tried;
    return true;
  };
  for (;;) {
    const before = best;
    fewerCuts(() => best, accept);
    fewerBytes(() => best, accept);
    simplerBytes(() => best, accept);
    if (best === before || left <= 0) return best;
  }
}

type Accept = (tried: Case) => boolean;

function fewerCuts(best: () => Case, accept: Accept): void {
  if (best().cuts.length === 0 || accept({ bytes: best().bytes, cuts: [] })) return;
  for (const cut of best().cuts) if (accept({ bytes: best().bytes, cuts: [cut] })) return;
  for (let i = best().cuts.length - 1; i >= 0; i--) {
    const { bytes, cuts } = best();
    accept({ bytes, cuts: cuts.filter((_, k) => k !== i) });
  }
}

function fewerBytes(best: () => Case, accept: Accept): void {
  for (let size = Math.ceil(best().bytes.length / 2); size >= 1; size = Math.floor(size / 2)) {
    // From the end: what stands in front is mostly the header.
    for (let at = best().bytes.length - size; at >= 0; at -= size) {
      accept(without(best(), at, size));
    }
  }
}

function without({ bytes, cuts }: Case, at: number, size: number): Case {
  const shorter = new Uint8Array(Math.max(0, bytes.length - size));
  shorter.set(bytes.subarray(0, at));
  shorter.set(bytes.subarray(at + size), at);
  const moved = cuts.map((cut) => (cut <= at ? cut : Math.max(at, cut - size)));
  return { bytes: shorter, cuts: [...new Set(moved)].filter((cut) => cut > 0 && cut < shorter.length) };
}

function simplerBytes(best: () => Case, accept: Accept): void {
  for (let size = best().bytes.length; size >= 2; size = Math.floor(size / 2)) {
    for (let at = 0; at < best().bytes.length; at += size)
      replace(best(), at, Math.min(size, best().bytes.length - at), 0, accept);
  }
  for (let i = 0; i < best().bytes.length; i++) {
    const byte = best().bytes[i] as number;
    for (const simpler of [0, 1, byte & 0x80, byte >> 1]) {
      if (simpler < byte && replace(best(), i, 1, simpler, accept)) break;
    }
  }
}

function replace({ bytes, cuts }: Case, at: number, size: number, value: number, accept: Accept): boolean {
  const changed = bytes.slice().fill(value, at, at + size);
  return bytes.some((byte, i) => byte !== changed[i]) && accept({ bytes: changed, cuts });
}
