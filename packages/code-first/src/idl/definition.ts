/** One definition of an IDL. */
export interface Definition {
  readonly module: string;
  /** As `TestApp.User`. */
  readonly fullName: string;
  /** Full names that have to stand before it. */
  readonly needs: readonly string[];
  /** Its lines, not indented. */
  readonly lines: readonly string[];
}
