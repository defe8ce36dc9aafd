/**
 * Runs a function when the program that started this one asks for its end (any message), or has died: nothing that the
 * show has started outlives it. Does nothing when this program was started by hand.
 */
export function onParentGone(stop: () => void): void {
  if (process.channel === undefined) return;
  process.once('message', stop);
  process.once('disconnect', stop);
  // Listening must not keep this program alive by itself.
  process.channel?.unref();
}
