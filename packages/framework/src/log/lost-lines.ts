let lost = 0;

/** A line of the log could not be written. */
export function lineLost(): void {
  lost++;
}

/** Lines of the log of this process that were lost: its logger threw, or nobody reads any more. */
export function lostLogLines(): number {
  return lost;
}
