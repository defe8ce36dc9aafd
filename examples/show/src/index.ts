/** What the examples have in common: programs in processes of their own, whose lines are shown and looked at. */
export { onParentGone } from './on-parent-gone.js';
export { Program, type ProgramInit } from './program.js';
