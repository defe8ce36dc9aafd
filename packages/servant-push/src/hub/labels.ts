/** What is known of a member besides its name: `{ role: 'admin', level: 3 }`. */
export type Labels = Readonly<Record<string, string | number | boolean>>;

/** Values that labels must have; of a list one. Plain data, so that it can be sent to other nodes. */
export type LabelMatch = Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>;

/** Whether labels have the values that are asked for. */
export function matchesLabels(labels: Labels, match: LabelMatch): boolean {
  for (const [name, wanted] of Object.entries(match)) {
    const value = labels[name];
    if (value === undefined) return false;
    if (Array.isArray(wanted) ? !wanted.includes(value) : wanted !== value) return false;
  }
  return true;
}
