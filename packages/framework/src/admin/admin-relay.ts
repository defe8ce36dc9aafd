import type { AdminCommands } from './admin-commands.js';
import { splitCommand } from './admin-commands.js';

/** What one worker has answered. */
export interface WorkerAnswer {
  readonly place: number;
  readonly result: unknown;
}

/** The question with which a supervisor has its workers run a command. */
export const ADMIN_QUESTION = 'admin ';

/** Runs a line in the supervisor if it is about the supervisor, and in every worker otherwise. */
export async function relayCommand(
  line: string,
  own: AdminCommands,
  ask: (question: string) => Promise<WorkerAnswer[]>,
): Promise<string> {
  const [name] = splitCommand(line);
  if (own.has(name)) return own.run(line);
  const answers = await ask(ADMIN_QUESTION + line);
  return answers.map(({ place, result }) => `worker ${place}\n${String(result)}`).join('\n\n') || 'no worker answers';
}
