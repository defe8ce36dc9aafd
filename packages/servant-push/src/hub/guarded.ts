/** A function of a program, so that what it throws is reported and stands for a value. */
export function guarded<A, R>(
  run: (argument: A) => R,
  otherwise: R,
  report: (error: unknown) => void,
): (argument: A) => R {
  return (argument) => {
    try {
      return run(argument);
    } catch (error) {
      report(error);
      return otherwise;
    }
  };
}
