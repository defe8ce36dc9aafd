import type { Bytes, Current } from '@tarsier/framework';

/** Hands packets to a connection, in one write. */
export function sendAll(current: Current, packets: readonly Bytes[]): void {
  const last = packets.length - 1;
  for (let i = 0; i < last; i++) current.trySend(packets[i] as Bytes);
  if (last >= 0) current.sendNow(packets[last] as Bytes);
}
