import type { WorkerAnswer } from '../workers/supervisor.js';
import { Question } from '../workers/worker-questions.js';
import { type AdminCommands, type CommandHelp, helpText, splitCommand } from './admin-commands.js';

/** Runs a line in the supervisor if it is about the supervisor, and in every worker otherwise. */
export async function relayCommand(
  line: string,
  own: AdminCommands,
  ask: (question: string) => Promise<WorkerAnswer[]>,
): Promise<string> {
  const [name] = splitCommand(line);
  if (name === 'tars.help') return joinedHelp(own, await ask(Question.COMMANDS));
  if (own.has(name)) return own.run(line);
  const answers = await ask(Question.ADMIN + line);
  const texts = answers.map(({ place, result }) => {
    return `worker ${place}\n${typeof result === 'string' ? result : 'no answer in time'}`;
  });
  return texts.join('\n\n') || 'no worker answers';
}

/** The commands of the supervisor, and those of the workers: all of them run the same program, but one may be newer. */
function joinedHelp(own: AdminCommands, answers: readonly WorkerAnswer[]): string {
  const all = new Map<string, string>();
  for (const { result } of answers) {
    for (const [name, help] of (result ?? []) as CommandHelp[]) all.set(name, help);
  }
  for (const [name, help] of own.list()) all.set(name, help);
  return helpText([...all]);
}
