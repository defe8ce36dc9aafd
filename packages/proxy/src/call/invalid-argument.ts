import { TarsException } from '@tarsier/protocol';

/** The exception for an argument that a function cannot take. `key`: the name of what is wrong, if it has one. */
export function invalidArgument(object: string, problem: string, key?: string): TarsException {
  return new TarsException(`${object}: ${problem}`, {
    code: 'TARSIER_INVALID_ARGUMENT',
    where: { object, ...(key !== undefined && { key }) },
  });
}
