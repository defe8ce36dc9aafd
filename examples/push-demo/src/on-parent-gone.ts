/**
 * Runs a function when the program that started this one lets go of it, or has died. So no program started by the show
 * can outlive it. Does nothing when this program was started by hand.
 */
export function onParentGone(stop: () => void): void {
  if (process.channel === undefined) return;
  process.once('disconnect', stop);
  // Listening must not keep this program alive by itself.
  process.channel?.unref();
}
