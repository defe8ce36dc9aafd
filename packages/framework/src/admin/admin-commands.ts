import { TarsException } from '@tarsier/protocol';
import { checkFunction } from '@tarsier/protocol/internal';

/** What an administration command does: gets the text behind its name, gives the text to be shown. */
export type AdminHandler = (parameters: string) => string | Promise<string>;

/** One command. */
interface Entry {
  readonly help: string;
  readonly run: AdminHandler;
}

/** Name of a command, and one line of help. */
export type CommandHelp = readonly [name: string, help: string];

/** One line for each command, sorted. */
export function helpText(commands: readonly CommandHelp[]): string {
  const width = Math.max(...commands.map(([name]) => name.length));
  const lines = commands.map(([name, help]) => `${name.padEnd(width)}  ${help}`);
  return lines.toSorted().join('\n');
}

/** The commands of one process, by name. Source: NotifyObserver, BaseNotify (TarsCpp). */
export class AdminCommands {
  readonly #entries = new Map<string, Entry>();

  /**
   * Adds a command.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for a name with white space in it, or one that is taken.
   */
  add(name: string, help: string, run: AdminHandler): void {
    const problem = /^\S+$/.test(name) ? this.#entries.has(name) && 'there is one already' : 'a name is one word';
    if (problem !== false) {
      throw new TarsException(`the administration command ${JSON.stringify(name)} cannot be added: ${problem}`, {
        code: 'TARSIER_INVALID_ARGUMENT',
      });
    }
    checkFunction(`the administration command ${name}`, run);
    this.#entries.set(name, { help, run });
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Name and help of each command. */
  list(): CommandHelp[] {
    return Array.from(this.#entries, ([name, { help }]) => [name, help]);
  }

  /** Runs a line: a name, then its parameters. What a command throws becomes text: an operator is to see it. */
  async run(line: string): Promise<string> {
    const [name, parameters] = splitCommand(line);
    const entry = this.#entries.get(name);
    if (entry === undefined) return `unknown command ${JSON.stringify(name)}; tars.help lists those there are`;
    try {
      return await entry.run(parameters);
    } catch (error) {
      return `${name} failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** The first word of a line, and what follows it. */
export function splitCommand(line: string): [name: string, parameters: string] {
  const text = line.trim();
  const end = text.search(/\s/);
  return end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end).trim()];
}
