/**
 * Preloaded by a server (`--import`): as much live heap as a program of some size has, 32 MB. From 8 MB on V8 looks at the whole heap
 * again and again when much memory for buffers comes and goes, which a server that is measured alone never shows.
 */
const objects: { readonly a: number; readonly b: number }[] = [];
for (let i = 0; i < 1_000_000; i++) objects.push({ a: i, b: i + 1 });
(globalThis as { liveHeap?: unknown }).liveHeap = objects;
