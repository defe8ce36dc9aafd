import { TarsException } from '@tarsier/protocol';

/** The exception for a class that is declared in a way that cannot be carried out. */
export function declarationFault(message: string, cause?: unknown): TarsException {
  return new TarsException(message, { code: 'TARSIER_INVALID_ARGUMENT', cause });
}
