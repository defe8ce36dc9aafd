/** A run of the lab went wrong: something never happened, a script was not followed, or something was left open. */
export class LabError extends Error {
  override readonly name = 'LabError';
}
