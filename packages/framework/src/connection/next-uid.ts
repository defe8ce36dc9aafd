let lastUid = 0;

/** A number that no other connection or datagram of this process has or had. */
export function nextUid(): number {
  return ++lastUid;
}
