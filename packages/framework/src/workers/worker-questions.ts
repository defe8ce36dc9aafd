import { type ErrorCode, TarsException, type Where } from '@tarsier/protocol';
import type { WorkerAnswer } from './supervisor.js';

/** What a supervisor asks its workers. `admin `: followed by a line, which is run as an administration command. */
export const Question = {
  ADMIN: 'admin ',
  COMMANDS: 'commands',
  CERTIFICATES: 'certificates',
  STATS: 'stats',
  SERVED: 'served',
} as const;

/** An exception as JSON can carry it. */
interface Failure {
  readonly message: string;
  readonly code: string;
  readonly where: object;
}

/** Does something whose failure is an answer too: '' when it went well. */
export async function outcomeOf(run: () => Promise<void>): Promise<Failure | ''> {
  try {
    await run();
    return '';
  } catch (error) {
    const { message, code, where } = TarsException.from(error);
    return { message, code, where };
  }
}

/**
 * Passes over answers of {@link outcomeOf} that are good.
 *
 * @throws TarsException what the first worker has said that failed, or that there was one that did not answer.
 */
export function checkOutcomes(answers: readonly WorkerAnswer[]): void {
  if (answers.length === 0) throw unanswered('no worker serves');
  const failed = answers.find(({ result }) => result !== '');
  if (failed === undefined) return;
  const { place, result } = failed;
  if (result === undefined) throw unanswered(`worker ${place} did not answer in time`);
  const { message, code, where } = result as Failure;
  throw new TarsException(`worker ${place}: ${message}`, { code: code as ErrorCode, where: where as Where });
}

function unanswered(text: string): TarsException {
  return new TarsException(text, { code: 'TARSIER_WORKER_FAILED', where: { key: 'workers' } });
}
